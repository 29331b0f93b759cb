// Speed of the engine: events per second of the simulated chip, mappings per second, and whole runs
// of the program.
//
// SystemC elaborates once a process, so the benchmarks of the chip all run inside one simulation,
// in an SC_THREAD; whole runs are processes of their own.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "models/base/kernel_time.h"
#include "models/chip/chip.h"
#include "models/matrix_engine/analytic.h"
#include "sim/config/load.h"
#include "sim/engine/analytic_step.h"
#include "sim/mapping/array.h"
#include "sim/mapping/tiling.h"

namespace headroom {
namespace {

const std::string root = HEADROOM_SOURCE_DIR, program = HEADROOM_BINARY_DIR "/headroom";

const Experiment& demo() {
  static const Experiment experiment = load_experiment(
      root + "/configs/experiments/llama3-8b_8xh100.yaml", config::ConfigPaths{});
  return experiment;
}

// A kernel of 1000 tiles that keeps HBM and the matrix engines about equally busy, alone or beside
// two streams of collectives that never run dry.
void tiles(benchmark::State& state, Chip& chip, bool collectives) {
  Tile tile;
  tile.load = tile.store = Bytes(1e6);
  tile.matrix_cycles = 1000;
  tile.vector_cycles = 100;
  Kernel kernel;
  kernel.tiles.push_back({tile, 1000});
  const Group group = place_group(demo().cluster, 8, 1);
  const CollectiveCost cost = collective_cost(
      Collective::all_gather, Bytes(1e7), group, demo().chip, demo().cluster);

  const std::uint64_t before = chip.events();
  for (auto _ : state) {
    for (std::size_t stream = 0; collectives && stream < 2; ++stream)
      while (chip.collectives(stream).outstanding() < 40)
        chip.collectives(stream).issue({"gather", cost});
    benchmark::DoNotOptimize(chip.run(kernel));
    for (std::size_t stream = 0; stream < 2; ++stream) chip.collectives(stream).take_spans();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(chip.events() - before));
  for (std::size_t stream = 0; stream < 2; ++stream) chip.collectives(stream).wait_until(0);
}

// Shapes as they come from models: sizes between 128 and 16384 in each direction.
Product shape(std::int64_t i) {
  const auto size = [i](std::int64_t step) { return 128 + i * step % 16257; };
  return {size(7919), size(4099), size(6151)};
}

const ArrayCycles& array_of_demo() {
  static const ArrayCycles array = cost_of(
      std::make_shared<matrix_engine::AnalyticEngine>(array_of(demo().chip, Format::bf16)));
  return array;
}

// The search over tiles, orders and splits.
void search(benchmark::State& state) {
  std::int64_t i = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(choose_mapping(demo().chip, ProductWork(shape(i++)), array_of_demo()));
  state.SetItemsProcessed(state.iterations());
}

// The cost of one mapping: tiles of 128 x 256 x 64.
void given_mapping(benchmark::State& state) {
  std::int64_t i = 0;
  for (auto _ : state) {
    const ProductWork work(shape(i++));
    benchmark::DoNotOptimize(
        cost_mapping(demo().chip, work, array_of_demo(), {128, 256, 64}, Order::n_inner, work.k));
  }
  state.SetItemsProcessed(state.iterations());
}

Experiment trained_405b() {
  return load_experiment(
      root + "/configs/experiments/llama3-405b_16384xh100.yaml", config::ConfigPaths{});
}

// One step in closed form, of an engine that met it before.
void analytic_step(benchmark::State& state) {
  const Experiment experiment = trained_405b();
  AnalyticEngine engine(experiment);
  for (auto _ : state) benchmark::DoNotOptimize(engine.step(experiment).result.step.time_s);
}

// Of an engine that knows nothing but the chip's memory.
void first_analytic_step(benchmark::State& state) {
  const Experiment experiment = trained_405b();
  for (auto _ : state)
    benchmark::DoNotOptimize(AnalyticEngine(experiment).step(experiment).result.step.time_s);
}

// The program as a user starts it; the result goes nowhere.
void whole_process(benchmark::State& state, std::vector<std::string> words) {
  words.insert(words.begin(), program);
  std::int64_t peak_kib = 0;
  for (auto _ : state) {
    posix_spawn_file_actions_t files{};
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t child = 0;
    const int failed = posix_spawn(
        &child, program.c_str(), &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    int status = 0;
    rusage usage{};
    if (failed != 0 || wait4(child, &status, 0, &usage) != child || status != 0)
      return state.SkipWithError("the run failed");
    peak_kib = std::max<std::int64_t>(peak_kib, usage.ru_maxrss);
  }
  state.counters["peak_MB"] = static_cast<double>(peak_kib) * 1024 / 1e6;
}

void register_whole_runs() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(root + "/configs/experiments"))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files)
    benchmark::RegisterBenchmark(
        ("run/" + file.stem().string()).c_str(),
        [experiment = file.string()](benchmark::State& state) {
          whole_process(state, {"run", experiment, "--json", "-"});
        })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
  for (const std::string fidelity : {"cycle", "analytic"})
    benchmark::RegisterBenchmark(
        ("gemm/h100_8192_" + fidelity).c_str(),
        [fidelity](benchmark::State& state) {
          whole_process(state, {"gemm", "--chip", "h100-sxm", "--format", "bf16", "-m", "8192",
                                "-n", "8192", "-k", "8192", "--fidelity", fidelity, "--json", "-"});
        })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
}

class Benchmarks : public sc_core::sc_module {
 public:
  explicit Benchmarks(const sc_core::sc_module_name& name)
      : sc_module(name), chip_("chip", demo().chip, demo().cluster, {}, {"tensor", "data"}) {
    SC_HAS_PROCESS(Benchmarks);
    SC_THREAD(run);
    set_stack_size(4 << 20);  // Google Benchmark's reporters and regular expressions run on it
  }

 private:
  void run() {
    benchmark::RegisterBenchmark("chip/tiles", [this](benchmark::State& state) {
      tiles(state, chip_, false);
    })->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("chip/tiles_beside_collectives", [this](benchmark::State& state) {
      tiles(state, chip_, true);
    })->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("mapping/search", search)->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark("mapping/given", given_mapping)->Unit(benchmark::kNanosecond);
    benchmark::RegisterBenchmark("step/analytic_405b", analytic_step)
        ->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark("step/analytic_405b_first", first_analytic_step)
        ->Unit(benchmark::kMicrosecond);
    register_whole_runs();
    benchmark::RunSpecifiedBenchmarks();
  }

  Chip chip_;
};

}  // namespace
}  // namespace headroom

int sc_main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  const headroom::Benchmarks benchmarks("benchmarks");
  sc_core::sc_start();
  return 0;
}
