#!/usr/bin/env python3
"""Measure the SM clock that one NVIDIA GPU really runs at under a load, from inside.

A one-thread kernel on a second stream, asleep most of the time, compares its SM's cycle counter with
the wall-clock timer while the load runs; NVML's clock is sampled beside it. Throughput and power
(NVML's energy counter over time) are taken before, without that kernel.

Usage: python3 running_clock.py OUT.csv [--seconds 1.5]

Columns: case, tflops, tbytes_per_s, sm_clock_mhz, sm_clock_mhz_nvml, power_w, temperature_c,
throttle_reasons_hex, gpu, driver, torch.
"""
import argparse
import csv
import time

import cupy
import pynvml
import torch

import models

SPIN = cupy.RawKernel(r"""
extern "C" __global__ void spin(long long ns, long long* out) {
  long long begin, now;
  asm volatile("mov.u64 %0, %globaltimer;" : "=l"(begin));
  long long first = clock64();
  do {
    __nanosleep(20000);
    asm volatile("mov.u64 %0, %globaltimer;" : "=l"(now));
  } while (now - begin < ns);
  out[0] = clock64() - first;
  out[1] = now - begin;
}""", "spin")


def product(fmt, m, n, k, zeros=False):
    make = torch.zeros if zeros else torch.randn
    a, b = make(m, k, device="cuda"), make(n, k, device="cuda")
    if fmt == "fp8":
        a, b, one = a.to(torch.float8_e4m3fn), b.to(torch.float8_e4m3fn), torch.ones((), device="cuda")
        return lambda: torch._scaled_mm(a, b.t(), scale_a=one, scale_b=one, out_dtype=torch.bfloat16)
    a, b = a.bfloat16(), b.bfloat16()
    return lambda: a @ b.t()


def attention(backend, heads, sequence, dim):
    from torch.nn.attention import SDPBackend, sdpa_kernel
    q, k, v = (torch.randn(16384 // sequence, heads, sequence, dim, device="cuda", dtype=torch.bfloat16)
               for _ in range(3))

    def run():
        with sdpa_kernel(getattr(SDPBackend, backend)):
            torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    return run


def cases():
    for shape in ((8192, 8192, 8192), (16384, 10240, 8192), (4096, 4096, 65536), (4096, 4096, 4096),
                  (3072, 2816, 8192), (1536, 2816, 6144), (16384, 6144, 4096), (2048, 2048, 2048)):
        yield "bf16 {} {} {} normal".format(*shape), product("bf16", *shape), 2.0 * shape[0] * shape[1] * shape[2], 0
    yield "bf16 8192 8192 8192 zeros", product("bf16", 8192, 8192, 8192, True), 2.0 * 8192 ** 3, 0
    for shape in ((8192, 8192, 8192), (16384, 10240, 8192)):
        yield "fp8 {} {} {} normal".format(*shape), product("fp8", *shape), 2.0 * shape[0] * shape[1] * shape[2], 0
    for backend in ("FLASH_ATTENTION", "CUDNN_ATTENTION"):
        yield f"{backend} 32 8192 128", attention(backend, 32, 8192, 128), 2.0 * 2 * 32 * 8192 ** 2 * 128, 0
    x = torch.randn(2 ** 30, device="cuda", dtype=torch.bfloat16)
    y = torch.empty_like(x)
    yield "copy 2 GiB", lambda: y.copy_(x), 0, 4 * 2 ** 30
    small, other = x[:2 ** 22], y[:2 ** 22]
    yield "copy 8 MiB (in L2)", lambda: other.copy_(small), 0, 4 * 2 ** 22
    yield "sum 2 GiB", lambda: x.sum(), 0, 2 * 2 ** 30
    del x, y, small, other
    torch.cuda.empty_cache()
    for name in models.MODELS:
        for mode in ("eager", "compiled"):
            step, flops, _ = models.training_step(name, mode == "compiled")
            yield f"step {name} {mode}", step, flops, 0
            del step
            torch._dynamo.reset()
            torch.cuda.empty_cache()


def measure(handle, run, seconds):
    for _ in range(3):
        run()
    torch.cuda.synchronize()
    begin = time.perf_counter()
    run()
    torch.cuda.synchronize()
    batch = max(1, int(0.02 / max(time.perf_counter() - begin, 1e-6)))

    def load(until, look=lambda: None):
        calls, start = 0, time.perf_counter()
        while time.perf_counter() - start < until:
            for _ in range(batch):
                run()
            calls += batch
            look()
            torch.cuda.current_stream().synchronize()
        return (time.perf_counter() - start) / calls

    load(0.5 * seconds)
    energy, start = pynvml.nvmlDeviceGetTotalEnergyConsumption(handle), time.perf_counter()
    each = load(seconds)
    power = (pynvml.nvmlDeviceGetTotalEnergyConsumption(handle) - energy) / 1e3 / (time.perf_counter() - start)
    side, out = torch.cuda.Stream(priority=-1), cupy.zeros(2, dtype=cupy.int64)
    torch.cuda.synchronize()
    with cupy.cuda.Stream.from_external(side):
        SPIN((1,), (1,), (cupy.int64(int(seconds * 1e9)), out))
    nvml, reasons = [], 0

    def look():
        nonlocal reasons
        nvml.append(pynvml.nvmlDeviceGetClockInfo(handle, pynvml.NVML_CLOCK_SM))
        reasons |= pynvml.nvmlDeviceGetCurrentClocksThrottleReasons(handle)

    load(1.1 * seconds, look)
    torch.cuda.synchronize()
    cycles, ns = (float(value) for value in out.get())
    return each, cycles / ns * 1e3, sum(nvml) / len(nvml), power, pynvml.nvmlDeviceGetTemperature(handle, 0), hex(reasons)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--seconds", type=float, default=1.5)
    args = parser.parse_args()
    pynvml.nvmlInit()
    handle = pynvml.nvmlDeviceGetHandleByIndex(0)
    machine = [pynvml.nvmlDeviceGetName(handle), pynvml.nvmlSystemGetDriverVersion(), torch.__version__]
    with open(args.out, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow("case tflops tbytes_per_s sm_clock_mhz sm_clock_mhz_nvml power_w temperature_c "
                     "throttle_reasons_hex gpu driver torch".split())
        for name, run, flops, size in cases():
            try:
                each, clock, nvml, power, temperature, reasons = measure(handle, run, args.seconds)
                row = [name, round(flops / each / 1e12, 1), round(size / each / 1e12, 3), round(clock, 1),
                       round(nvml, 1), round(power, 1), temperature, reasons]
            except Exception as error:
                row = [name, "error: " + repr(error)[:200]]
            out.writerow(row + machine)
            file.flush()
            print(*row, flush=True)


if __name__ == "__main__":
    main()
