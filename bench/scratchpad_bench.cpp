// Speed of the scratchpad's fidelities: requests per second of the Verilated banks and of the cycle
// core, closed forms per second.
#include <benchmark/benchmark.h>

#include "models/scratchpad/analytic.h"
#include "models/scratchpad/core.h"
#include "models/scratchpad/rtl.h"

namespace headroom::scratchpad {
namespace {

Parameters banked(int ports, int banks) {
  Parameters parameters;
  parameters.ports = ports;
  parameters.banks = banks;
  parameters.words_per_bank = 1024;
  return parameters;
}

Traffic traffic(std::int64_t requests) {
  Traffic traffic;
  traffic.requests = requests;
  traffic.write_percent = 30;
  return traffic;
}

void count_requests(benchmark::State& state, std::int64_t of_each, int ports) {
  state.counters["requests/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(of_each * ports),
      benchmark::Counter::kIsRate);
}

void scratchpad_rtl(benchmark::State& state) {
  const Parameters parameters = *rtl_variant(4, 8);
  const Requests requests = requests_of(parameters, traffic(1000));
  for (auto _ : state)
    benchmark::DoNotOptimize(run_rtl(parameters, requests, open_edges(parameters)).cycles);
  count_requests(state, 1000, 4);
}
BENCHMARK(scratchpad_rtl)->Unit(benchmark::kMillisecond);

void scratchpad_cycle(benchmark::State& state) {
  const auto ports = static_cast<int>(state.range(0));
  const Parameters parameters = banked(ports, static_cast<int>(state.range(1)));
  const Requests requests = requests_of(parameters, traffic(10'000));
  for (auto _ : state) {
    Core core(parameters, requests, open_edges(parameters));
    while (!core.done()) core.advance();
    benchmark::DoNotOptimize(core.cycles());
  }
  count_requests(state, 10'000, ports);
}
BENCHMARK(scratchpad_cycle)->Args({4, 8})->Args({32, 32})->Unit(benchmark::kMillisecond);

void scratchpad_analytic(benchmark::State& state) {
  Parameters parameters = banked(32, 32);
  Traffic some = traffic(1000);
  some.pattern = Pattern::strided;
  some.write_percent = 0;
  for (auto _ : state) {
    ++some.stride;
    benchmark::DoNotOptimize(expect(parameters, some).cycles);
  }
  state.counters["strides/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(scratchpad_analytic);

}  // namespace
}  // namespace headroom::scratchpad

BENCHMARK_MAIN();
