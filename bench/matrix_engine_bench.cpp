// Speed of the matrix engine's fidelities: cycles per second of the Verilated array and of the
// cycle core, shapes per second of the closed form.
#include <benchmark/benchmark.h>

#include "models/matrix_engine/analytic.h"
#include "models/matrix_engine/core.h"
#include "models/matrix_engine/cycle.h"
#include "models/matrix_engine/rtl.h"

// SystemC's shared library carries a main that calls this; nothing here elaborates a module.
int sc_main(int, char**) { return 0; }

namespace headroom::matrix_engine {
namespace {

ArrayParameters array(int edge, Format format) {
  ArrayParameters parameters;
  parameters.rows = parameters.columns = edge;
  parameters.format = format;
  return parameters;
}

void rtl(benchmark::State& state, Format format) {
  const auto parameters = array(static_cast<int>(state.range(0)), format);
  const Product product{128, 64, 64};
  const golden::Operands operands = golden::random_operands(
      format, product, 1, golden::Values::moderate);
  double cycles = 0;
  for (auto _ : state)
    cycles += static_cast<double>(run_rtl(parameters, operands, open_edges()).simulated);
  state.counters["cycles/s"] = benchmark::Counter(cycles, benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(rtl, bf16, Format::bf16)->Arg(4)->Arg(8)->Arg(16)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(rtl, int8, Format::int8)->Arg(16)->Unit(benchmark::kMillisecond);

// 4096 folds on a 128x128 array.
void cycle_unstalled(benchmark::State& state) {
  CycleEngine engine(array(128, Format::bf16));
  double cycles = 0;
  std::int64_t m = 0;
  for (auto _ : state) cycles += static_cast<double>(engine.cycles({512 + m++ % 64, 8192, 8192}));
  state.counters["cycles/s"] = benchmark::Counter(cycles, benchmark::Counter::kIsRate);
}
BENCHMARK(cycle_unstalled);

void cycle_stalled(benchmark::State& state) {
  const RandomEdge weights(1, 20, 1), activations(2, 20, 1), output(3, 20, 1);
  double cycles = 0;
  for (auto _ : state) {
    Core core(array(16, Format::bf16), {128, 64, 64}, {weights, activations, output});
    while (!core.done()) core.advance();
    cycles += static_cast<double>(core.cycles());
  }
  state.counters["cycles/s"] = benchmark::Counter(cycles, benchmark::Counter::kIsRate);
}
BENCHMARK(cycle_stalled);

void analytic(benchmark::State& state) {
  const auto engine = make_matrix_engine(Fidelity::analytic, array(128, Format::bf16));
  std::uint64_t i = 0;
  for (auto _ : state) {
    const std::uint64_t word = mix(i++);
    const auto size = [word](int shift) {
      return static_cast<std::int64_t>((word >> shift) % 8192 + 1);
    };
    benchmark::DoNotOptimize(engine->cycles({size(0), size(20), size(40)}));
  }
  state.counters["shapes/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(analytic);

}  // namespace
}  // namespace headroom::matrix_engine

BENCHMARK_MAIN();
