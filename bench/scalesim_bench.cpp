// Speed of ResNet-50 in SCALE-Sim's files on a 128x128 array: reading alone, evaluating alone
// (cycle fidelity), and the whole program with its reports.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "models/matrix_engine/cycle.h"
#include "sim/scalesim/evaluate.h"

// SystemC's shared library carries a main that calls this; nothing here elaborates a module.
int sc_main(int, char**) { return 0; }

namespace headroom::scalesim {
namespace {

const std::string folder = HEADROOM_SOURCE_DIR "/configs/scalesim/";
const std::string array_file = folder + "128x128_ws.cfg";
const std::string network_file = folder + "resnet50.csv";

void read(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(read_topology(network_file, Rows::conv));
}
BENCHMARK(read)->Name("scalesim/read")->Unit(benchmark::kMicrosecond);

void evaluate_layers(benchmark::State& state, bool user_bandwidth) {
  Configuration configuration = read_configuration(array_file);
  configuration.user_bandwidth = user_bandwidth;
  configuration.bandwidth = {64, 64, 64};
  configuration.sram_words = {65536, 65536, 65536};
  const Topology topology = read_topology(network_file, Rows::conv);
  matrix_engine::CycleEngine engine(array_of(configuration));
  for (auto _ : state)
    for (const Layer& layer : topology.layers)
      benchmark::DoNotOptimize(evaluate(configuration, layer, engine));
  state.counters["layers/s"] = benchmark::Counter(
      static_cast<double>(topology.layers.size()), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK_CAPTURE(evaluate_layers, calc, false)
    ->Name("scalesim/calc")
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(evaluate_layers, user, true)
    ->Name("scalesim/user")
    ->Unit(benchmark::kMicrosecond);

void program(benchmark::State& state) {
  const auto out = std::filesystem::temp_directory_path() / "headroom_scalesim_bench";
  const std::string command = "'" HEADROOM_BINARY_DIR "/headroom' scalesim -c '" + array_file +
                              "' -t '" + network_file + "' -p '" + out.string() + "' >/dev/null";
  for (auto _ : state)
    if (std::system(command.c_str()) != 0) throw std::runtime_error(command);
  std::filesystem::remove_all(out);
}
BENCHMARK(program)->Name("scalesim/resnet50")->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace headroom::scalesim

BENCHMARK_MAIN();
