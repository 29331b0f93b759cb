#!/usr/bin/env python3
"""Measure what one NVIDIA GPU needs for the operators of a training step.

Sections: streams (copy, add, sum, fill by size), operators (what stands between the matrix products,
as eager PyTorch and as torch.compile run it), attention (each fused kernel by sequence length and
head size), launches (host time per operator), experts (grouped products and permutations), layers
(whole layers, forward and backward, with power and clock), kernels (the same, kernel by kernel).
Writes one CSV row per case. Needs PyTorch with CUDA and nvidia-ml-py.

Usage: python3 training_operators.py OUT.csv [--sections streams,operators,...] [--seconds 0.15]

Columns: section, case, detail, microseconds (median per call), bytes (that the case must move at
least), flops (of its products), calls, power_w, sm_clock_mhz, gpu, driver, torch.
"""
import argparse
import csv
import statistics
import threading
import time
import traceback

import pynvml
import torch
import torch._functorch.config
import torch.nn.functional as F

from models import BF16, FP32, MODELS, Layer, cross_entropy, rand, rms_norm_eager, rotary_eager, training_step

torch._functorch.config.donated_buffer = False  # backward passes are timed again and again over one graph


class Sampler(threading.Thread):
    """Power (W) and SM clock (MHz) every 10 ms until stopped."""

    def __init__(self, handle):
        super().__init__(daemon=True)
        self.handle, self.rows, self.stopped = handle, [], threading.Event()

    def run(self):
        while not self.stopped.wait(0.01):
            self.rows.append((pynvml.nvmlDeviceGetPowerUsage(self.handle) / 1e3,
                              pynvml.nvmlDeviceGetClockInfo(self.handle, pynvml.NVML_CLOCK_SM)))

    def finish(self):
        self.stopped.set()
        self.join()
        rows = self.rows[len(self.rows) // 2:] or [(0, 0)]
        return [round(sum(r[i] for r in rows) / len(rows), 1) for i in range(2)]


class Table:
    """The output, and how a case is timed."""

    def __init__(self, path, seconds):
        pynvml.nvmlInit()
        self.handle, self.seconds = pynvml.nvmlDeviceGetHandleByIndex(0), seconds
        self.machine = [pynvml.nvmlDeviceGetName(self.handle), pynvml.nvmlSystemGetDriverVersion(),
                        torch.__version__]
        self.file = open(path, "w", newline="")
        self.out = csv.writer(self.file)
        self.out.writerow("section case detail microseconds bytes flops calls power_w sm_clock_mhz gpu "
                          "driver torch".split())

    def write(self, section, case, detail, microseconds, size=0, flops=0, calls=1, power=(0, 0)):
        row = [section, case, detail, round(microseconds, 3), int(size), int(flops), calls, *power, *self.machine]
        self.out.writerow(row)
        self.file.flush()
        print(*row[:9], flush=True)

    def time(self, section, case, detail, run, size=0, flops=0, seconds=None):
        """Times `run` between events, many calls in a row, after three to warm up."""
        seconds = seconds or self.seconds
        try:
            for _ in range(3):
                run()
            torch.cuda.synchronize()
            begin = time.perf_counter()
            run()
            torch.cuda.synchronize()
            once = max(time.perf_counter() - begin, 2e-6)
            calls = max(1, min(200, int(seconds / 5 / once)))
            sampler, times = Sampler(self.handle), []
            sampler.start()
            until = time.perf_counter() + seconds
            while len(times) < 3 or time.perf_counter() < until:
                first, last = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
                first.record()
                for _ in range(calls):
                    run()
                last.record()
                torch.cuda.synchronize()
                times.append(first.elapsed_time(last) * 1e3 / calls)
            self.write(section, case, detail, statistics.median(times), size, flops, calls * len(times),
                       sampler.finish())
        except Exception as error:  # out of memory, or a kernel that this GPU or PyTorch lacks
            print(section, case, detail, "error:", str(error).splitlines()[0][:160] if str(error) else repr(error),
                  flush=True)
            torch.cuda.empty_cache()


def streams(table):
    for exponent in range(16, 33, 2):
        n = 2 ** exponent // 2
        a, b = rand(n), rand(n)
        c = torch.empty_like(a)
        detail = f"bytes={2 * n}"
        table.time("streams", "copy", detail, lambda: c.copy_(a), 4 * n)
        table.time("streams", "add", detail, lambda: torch.add(a, b, out=c), 6 * n)
        table.time("streams", "sum", detail, lambda: a.sum(), 2 * n)
        table.time("streams", "fill", detail, lambda: c.fill_(1.0), 2 * n)


def backward(table, section, case, detail, forward, inputs, size_forward, size_backward):
    """Times forward, and backward alone over a kept graph."""
    table.time(section, case + ".forward", detail, forward, size_forward)
    try:
        out = forward()
        grad = torch.randn_like(out)
        table.time(section, case + ".backward", detail,
                   lambda: torch.autograd.grad(out, inputs, grad, retain_graph=True), size_backward)
    except Exception as error:
        print(section, case, "error:", repr(error)[:160], flush=True)


def operators(table):
    tokens, hidden, ffn = 16384, 4096, 14336
    th, tf = tokens * hidden * 2, tokens * ffn * 2
    x, y, w, bias = rand(tokens, hidden, grad=True), rand(tokens, hidden, grad=True), rand(hidden, grad=True), \
        rand(hidden, grad=True)
    gate, up = rand(tokens, ffn, grad=True), rand(tokens, ffn, grad=True)
    q = rand(2, tokens // 2, 32, 128, grad=True)
    cos, sin = rand(tokens // 2, 1, 128), rand(tokens // 2, 1, 128)
    detail = f"tokens={tokens} hidden={hidden} ffn={ffn}"
    cases = {
        "residual_add": (lambda: x + y, [x, y], 3 * th, 0),
        "layer_norm": (lambda: F.layer_norm(x, (hidden,), w, bias), [x, w, bias], 2 * th, 3 * th),
        "rms_norm": (lambda: F.rms_norm(x, (hidden,), w), [x, w], 2 * th, 3 * th),
        "rms_norm_eager": (lambda: rms_norm_eager(x, w), [x, w], 2 * th, 3 * th),
        "gelu": (lambda: F.gelu(gate), [gate], 2 * tf, 3 * tf),
        "gelu_tanh": (lambda: F.gelu(gate, approximate="tanh"), [gate], 2 * tf, 3 * tf),
        "silu_times": (lambda: F.silu(gate) * up, [gate, up], 3 * tf, 5 * tf),
        "rotary_eager": (lambda: rotary_eager(q, cos, sin), [q], 2 * th, 2 * th),
        "dropout": (lambda: F.dropout(x, 0.1), [x], 2 * th, 2 * th),
        "bias_add": (lambda: x + bias, [x, bias], 2 * th, th),
    }
    compiled = {}
    for name, (forward, inputs, size_forward, size_backward) in cases.items():
        backward(table, "operators", name, detail, forward, inputs, size_forward, size_backward)
    for name in ("rms_norm_eager", "silu_times", "rotary_eager", "gelu"):
        forward, inputs, size_forward, size_backward = cases[name]
        compiled[name] = torch.compile(forward)
        backward(table, "operators", name + "_compiled", detail, compiled[name], inputs, size_forward, size_backward)
    with torch.no_grad():
        table.time("operators", "cast_fp32_bf16", detail, lambda f=x.float(): f.to(BF16), 3 * th)
        table.time("operators", "transpose", detail, lambda: x.t().contiguous(), 2 * th)
        table.time("operators", "clone", detail, lambda: x.clone(), 2 * th)
        index = torch.randperm(tokens, device="cuda")
        table.time("operators", "index_select", detail, lambda: x.index_select(0, index), 2 * th)
        out = torch.zeros_like(x)
        table.time("operators", "index_add", detail, lambda: out.index_add_(0, index, x), 3 * th)
        table.time("operators", "column_sum", detail, lambda: x.sum(0), th)
    del gate, up, q, x, y
    torch.cuda.empty_cache()
    for vocab in (32000, 128256):
        n = 8192
        logits = rand(n, vocab, grad=True)
        labels = torch.randint(0, vocab, (n,), device="cuda")
        for name, forward in (("cross_entropy", cross_entropy), ("cross_entropy_compiled", torch.compile(cross_entropy))):
            backward(table, "operators", name, f"tokens={n} vocab={vocab}", lambda: forward(logits, labels), [logits],
                     2 * n * vocab, 4 * n * vocab)
        table_rows = rand(vocab, hidden, grad=True)
        backward(table, "operators", "embedding", f"tokens={n} vocab={vocab} hidden={hidden}",
                 lambda: F.embedding(labels, table_rows), [table_rows], 4 * n * hidden, 2 * vocab * hidden)
        del logits, table_rows
        torch.cuda.empty_cache()
    for kind in ("fused", "foreach"):
        parameters = [torch.nn.Parameter(rand(4096, 4096, dtype=FP32)) for _ in range(64)]
        for p in parameters:
            p.grad = rand(4096, 4096, dtype=FP32)
        n = 64 * 4096 * 4096
        optimizer = torch.optim.AdamW(parameters, **{kind: True})
        table.time("operators", f"adamw_{kind}_fp32", f"parameters={n}", optimizer.step, 28 * n)
        table.time("operators", f"clip_grad_norm_{kind}", f"parameters={n}",
                   lambda: torch.nn.utils.clip_grad_norm_(parameters, 1.0, foreach=True), 12 * n)
        del parameters, optimizer
        torch.cuda.empty_cache()


def attention(table):
    from torch.nn.attention import SDPBackend, sdpa_kernel
    names = {"flash": SDPBackend.FLASH_ATTENTION, "cudnn": SDPBackend.CUDNN_ATTENTION,
             "efficient": SDPBackend.EFFICIENT_ATTENTION, "math": SDPBackend.MATH}
    for head_dim, heads in ((128, 32), (64, 32)):
        for sequence in (512, 1024, 2048, 4096, 8192, 16384, 32768):
            batch = max(1, 16384 // sequence)
            for name, backend in names.items():
                if name == "math" and (sequence > 2048 or head_dim == 64):
                    continue
                if name == "efficient" and sequence not in (2048, 8192):
                    continue
                q, k, v = (rand(batch, heads, sequence, head_dim, grad=True) for _ in range(3))
                with sdpa_kernel(backend):
                    flops = 2 * batch * heads * sequence * sequence * head_dim  # causal: half of 4 b h s^2 d
                    detail = f"batch={batch} heads={heads} sequence={sequence} head_dim={head_dim} causal"
                    forward = lambda: F.scaled_dot_product_attention(q, k, v, is_causal=True)
                    table.time("attention", name + ".forward", detail, forward, 0, flops)
                    try:
                        out = forward()
                        grad = torch.randn_like(out)
                        table.time("attention", name + ".backward", detail,
                                   lambda: torch.autograd.grad(out, (q, k, v), grad, retain_graph=True), 0,
                                   2.5 * flops)
                    except Exception as error:
                        print("attention", name, repr(error)[:120], flush=True)
                del q, k, v
                torch.cuda.empty_cache()


def layers(table):
    from torch.nn.attention import SDPBackend, sdpa_kernel
    for name in MODELS:
        for mode in ("eager", "compiled"):
            step = None
            try:
                with sdpa_kernel([SDPBackend.FLASH_ATTENTION]):
                    step, flops, detail = training_step(name, mode == "compiled")
                    table.time("layers", f"{name}.{mode}", detail, step, 0, flops, seconds=3.0)
                    kernels(table, f"{name}.{mode}", step)
            except Exception:
                traceback.print_exc()
            del step
            torch._dynamo.reset()
            torch.cuda.empty_cache()


def kernels(table, case, step):
    """Three steps under the profiler: kernel by kernel, per step."""
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA,
                                            torch.profiler.ProfilerActivity.CPU]) as profile:
        for _ in range(3):
            step()
        torch.cuda.synchronize()
    cuda = torch.autograd.DeviceType.CUDA
    for event in profile.key_averages():
        if event.device_type == cuda and event.self_device_time_total > 0:
            table.write("kernels", case, event.key[:150], event.self_device_time_total / 3, 0, 0, event.count // 3)


def launches(table):
    """Host time per operator: work so small that the chip waits."""
    x = torch.zeros(16, device="cuda")
    graph = torch.zeros(16, device="cuda", requires_grad=True)
    linear = torch.nn.Linear(16, 16, device="cuda", dtype=BF16)
    rows = rand(16, 16)

    def chain(n, value):
        for _ in range(n):
            value = value + 1.0
        return value

    with torch.no_grad():
        table.time("launches", "add", "100 operators", lambda: chain(100, x))
        table.time("launches", "linear", "100 operators", lambda: [linear(rows) for _ in range(100)])
    table.time("launches", "add_recorded", "100 operators", lambda: chain(100, graph))
    table.time("launches", "add_forward_backward", "100 operators", lambda: chain(100, graph).sum().backward())
    for gated in (False, True):
        layer = Layer(256, heads=2, kv_heads=2, ffn=512, gated=gated, fused_norm=False)
        h, cos, sin = rand(1, 128, 256, grad=True), rand(128, 128), rand(128, 128)
        name = "gated" if gated else "gpt"
        table.time("launches", f"layer_{name}.forward", "tiny layer", lambda: layer(h, cos, sin))
        table.time("launches", f"layer_{name}.forward_backward", "tiny layer",
                   lambda: layer(h, cos, sin).sum().backward())
        kernels(table, f"launches.layer_{name}", lambda: layer(h, cos, sin).sum().backward())


def experts(table):
    for groups, hidden, ffn, tokens in ((8, 4096, 14336, 16384), (16, 2048, 768, 65536), (128, 2048, 768, 65536),
                                        (32, 7168, 2048, 32768), (64, 2048, 1024, 32768)):
        x, w = rand(tokens, hidden), rand(groups, ffn, hidden).transpose(1, 2)
        detail = f"groups={groups} hidden={hidden} ffn={ffn} rows={tokens}"
        flops = 2 * tokens * hidden * ffn
        ends = torch.arange(1, groups + 1, device="cuda", dtype=torch.int32) * (tokens // groups)
        table.time("experts", "grouped", detail, lambda: torch._grouped_mm(x, w, ends), 0, flops)
        rows = tokens // groups
        table.time("experts", "loop", detail,
                   lambda: [x[i * rows:(i + 1) * rows] @ w[i] for i in range(groups)], 0, flops)
        index = torch.randperm(tokens, device="cuda")
        table.time("experts", "permute", detail, lambda: x.index_select(0, index), 4 * tokens * hidden)
        del x, w
        torch.cuda.empty_cache()


SECTIONS = {f.__name__: f for f in (streams, launches, operators, attention, experts, layers)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--sections", default=",".join(SECTIONS))
    parser.add_argument("--seconds", type=float, default=0.15)
    args = parser.parse_args()
    table = Table(args.out, args.seconds)
    for name in args.sections.split(","):
        begin = time.perf_counter()
        try:
            SECTIONS[name](table)
        except Exception:
            traceback.print_exc()
        torch.cuda.empty_cache()
        print("section", name, round(time.perf_counter() - begin, 1), "s", flush=True)


if __name__ == "__main__":
    main()
