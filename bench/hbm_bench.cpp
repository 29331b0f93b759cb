// Speed of the per-burst HBM model: requests per second, by pattern, and time against requests and
// stacks.
#include <benchmark/benchmark.h>

#include <cstdint>

#include "models/hbm/measure.h"
#include "models/hbm/streaming.h"
#include "models/hbm/traffic.h"
#include "sim/config/load_memory.h"

namespace headroom::hbm {
namespace {

const Device& device(int stacks) {
  static const Device one = load_memory("hbm3", config::ConfigPaths{}, 1);
  static Device other;
  other = one;
  other.organisation.stacks = stacks;
  return other;
}

// range(0): requests, range(1): stacks.
void requests(benchmark::State& state, Pattern pattern, double read_share) {
  const Device& d = device(static_cast<int>(state.range(1)));
  const auto count = static_cast<std::uint64_t>(state.range(0));
  for (auto _ : state) {
    MemorySystem memory(d, Mapping{}, Policy{});
    TrafficSpec spec;
    spec.pattern = pattern, spec.read_share = read_share;
    Traffic traffic(spec, memory.address_map().capacity());
    const auto outstanding = static_cast<std::uint32_t>(2048 * state.range(1));
    benchmark::DoNotOptimize(measure(memory, traffic, {count, outstanding, nullptr}).cycles);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// A transfer of the streaming level, its shape known.
void streaming(benchmark::State& state) {
  StreamingModel model(device(1));
  const StreamShape shape{0.67, 64, 2, 1};
  double bytes = 1e6, sum = model.time(Bytes(bytes), shape).si();
  for (auto _ : state) sum += model.time(Bytes(bytes += 64), shape).si();
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations());
}

constexpr std::int64_t million = 1'000'000;

BENCHMARK_CAPTURE(requests, stream, Pattern::stream, 1.0)
    ->Name("hbm/stream")
    ->Args({million / 10, 1})
    ->Args({million, 1})
    ->Args({million, 5})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(requests, random, Pattern::random, 1.0)
    ->Name("hbm/random")
    ->Args({million / 10, 1})
    ->Args({million, 1})
    ->Args({million, 5})
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(requests, stream_2r1w, Pattern::stream, 0.67)
    ->Name("hbm/stream_2r1w")
    ->Args({million, 1})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(streaming)->Name("hbm/streaming");

}  // namespace
}  // namespace headroom::hbm

BENCHMARK_MAIN();
