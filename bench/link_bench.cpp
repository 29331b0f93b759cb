// Speed of the link's fidelities: cycles per second of the Verilated link and of the core, links
// per second of the closed form.
#include <benchmark/benchmark.h>

#include "models/link/core.h"
#include "models/link/format.h"
#include "models/link/rtl.h"

namespace headroom::link {
namespace {

const Traffic traffic{{20'000}, 1};

Parameters parameters(int flit_bits) {
  Parameters result;
  result.flit_bits = flit_bits;
  result.max_payload = 8;
  result.replay_packets = 8;
  result.buffer_flits = 32;
  return result;
}

void link_rtl(benchmark::State& state) {
  const Parameters link = parameters(static_cast<int>(state.range(0)));
  double cycles = 0;
  for (auto _ : state)
    cycles += static_cast<double>(
        run_rtl(link, traffic, {}, WireErrors(1, 1e-6, link.flit_bits)).simulated);
  state.counters["cycles/s"] = benchmark::Counter(cycles, benchmark::Counter::kIsRate);
}
BENCHMARK(link_rtl)->Arg(64)->Arg(128)->Arg(256)->Unit(benchmark::kMillisecond);

void link_cycle(benchmark::State& state) {
  const Parameters link = parameters(128);
  double cycles = 0;
  for (auto _ : state) {
    Core core(link, traffic, {}, WireErrors(1, 1e-6, link.flit_bits));
    while (!core.done()) core.advance();
    cycles += static_cast<double>(core.now());
  }
  state.counters["cycles/s"] = benchmark::Counter(cycles, benchmark::Counter::kIsRate);
}
BENCHMARK(link_cycle)->Unit(benchmark::kMillisecond);

void link_analytic(benchmark::State& state) {
  Format format;
  format.lanes = 4;
  format.rate = BytesPerSecond(50e9 / 8);
  format.header = Bytes(16);
  format.max_payload = format.payload = Bytes(256);
  format.unit = Bytes(16);
  format.propagation = Seconds(25e-9);
  format.buffer = Bytes(16384);
  for (auto _ : state) {
    format.bit_error_rate += 1e-18;
    benchmark::DoNotOptimize(payload_share(format));
  }
  state.counters["shapes/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(link_analytic);

}  // namespace
}  // namespace headroom::link

BENCHMARK_MAIN();
