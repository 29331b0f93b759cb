#!/usr/bin/env python3
"""Measure how much slower matrix products get on one NVIDIA GPU while another kernel holds some of its
processors and moves data through its memory, as kernels of collectives do.

A kernel of G blocks, each with most of a processor's shared memory, copies between two buffers at a
chosen rate for as long as the products run.

Usage: python3 held_processors.py OUT.csv

Columns: product, held (blocks), copied_tbytes_per_s (read and written), microseconds, relative (to none
held), gpu, driver, torch.
"""
import csv
import sys

import cupy
import pynvml
import torch

HOLD = cupy.RawKernel(r"""
extern "C" __global__ void hold(const volatile int* stop, float4* to, const float4* from, long long each, int pause,
                                unsigned long long* moved) {
  extern __shared__ float4 held[];
  held[threadIdx.x] = from[threadIdx.x];
  long long at = blockIdx.x * each;
  unsigned long long rounds = 0;
  while (!*stop) {
    for (int i = 0; i < 8; ++i) {
      long long k = at + threadIdx.x + i * blockDim.x;
      to[k] = from[k];
    }
    at = at + 8 * blockDim.x < (blockIdx.x + 1) * each - 8 * blockDim.x ? at + 8 * blockDim.x : blockIdx.x * each;
    ++rounds;
    if (pause) __nanosleep(pause);
  }
  if (threadIdx.x == 0) atomicAdd(moved, rounds * 8 * blockDim.x * 32);
}""", "hold")


def main():
    pynvml.nvmlInit()
    machine = [pynvml.nvmlDeviceGetName(pynvml.nvmlDeviceGetHandleByIndex(0)), pynvml.nvmlSystemGetDriverVersion(),
               torch.__version__]
    HOLD.max_dynamic_shared_size_bytes = 200 * 1024
    side = cupy.cuda.Stream(non_blocking=True)
    flag = cupy.zeros(1, dtype=cupy.int32)
    one, zero = cupy.ones(1, dtype=cupy.int32), cupy.zeros(1, dtype=cupy.int32)
    writer = cupy.cuda.Stream(non_blocking=True)
    source, target = torch.zeros(2 ** 28, device="cuda"), torch.zeros(2 ** 28, device="cuda")
    with open(sys.argv[1], "w", newline="") as file:
        out = csv.writer(file)
        out.writerow("product held copied_tbytes_per_s microseconds relative gpu driver torch".split())
        for shape in ((8192, 8192, 8192), (8192, 6144, 4096), (8192, 4096, 4096), (8192, 28672, 4096),
                      (8192, 4096, 14336), (16384, 8192, 2048), (4096, 14336, 8192)):
            m, n, k = shape
            a = torch.randn(m, k, device="cuda", dtype=torch.bfloat16)
            b = torch.randn(n, k, device="cuda", dtype=torch.bfloat16).t()
            alone = None
            for held, pause in ((0, 0), (2, 2000), (8, 2000), (16, 2000), (16, 0), (20, 2000), (24, 2000), (32, 2000)):
                calls = max(20, int(0.15 / (2.0 * m * n * k / 650e12)))
                moved = cupy.zeros(1, dtype=cupy.uint64)
                torch.cuda.synchronize()
                if held:
                    with side:
                        flag[:] = zero
                        HOLD((held,), (512,), (flag, target.data_ptr(), source.data_ptr(),
                                               2 ** 26 // held // 4096 * 4096, cupy.int32(pause), moved),
                             shared_mem=200 * 1024)
                for _ in range(calls // 3):
                    a @ b
                first, last = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
                first.record()
                for _ in range(calls):
                    a @ b
                last.record()
                last.synchronize()
                with writer:
                    flag[:] = one
                torch.cuda.synchronize()
                each = first.elapsed_time(last) * 1e3 / calls
                alone = alone or each
                row = [f"{m}x{n}x{k}", held, round(float(moved.get()[0]) / (each * calls * 4 / 3 * 1e-6) / 1e12, 3),
                       round(each, 2), round(each / alone, 3)]
                out.writerow(row + machine)
                file.flush()
                print(*row, flush=True)


if __name__ == "__main__":
    main()
