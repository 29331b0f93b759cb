// Time of the network's model against the number of endpoints: collectives by symmetry on nodes of
// 8 chips with a fat tree, and one exchange between 1,024 chips transfer by transfer.
#include <benchmark/benchmark.h>

#include <string>

#include "models/network/collective_model.h"
#include "models/network/simulate.h"

namespace headroom::network {
namespace {

ChipDescription chip() {
  ChipDescription chip;
  chip.scale_up.count = 18;
  chip.scale_up.bandwidth = BytesPerSecond(25e9);
  chip.scale_up.latency = Seconds(1e-6);
  return chip;
}

ClusterDescription nodes(std::int64_t chips) {
  ClusterDescription cluster;
  cluster.chips = chips;
  cluster.node_size = 8;
  cluster.scale_out.count = 1;
  cluster.scale_out.bandwidth = BytesPerSecond(50e9);
  cluster.scale_out.latency = Seconds(3e-6);
  return cluster;
}

// A new model each time: nothing is remembered from the call before.
void collective(benchmark::State& state, std::int64_t chips, const std::string& algorithm,
                Collective operation = Collective::all_reduce) {
  Request request;
  request.operation = operation;
  request.payload = Bytes(1 << 30);
  request.ranks = chips;
  request.algorithm = algorithm;
  for (auto _ : state) {
    CollectiveModel model(chip(), nodes(chips));
    benchmark::DoNotOptimize(model.estimate(request));
  }
}

void every_transfer(benchmark::State& state, double skew) {
  constexpr std::int64_t chips = 1024;
  const auto topology = make_topology(chip(), nodes(chips));
  Team team = make_team(nodes(chips), chips, 1);
  team.skew = skew;
  std::uint64_t events = 0;
  for (auto _ : state)
    events += simulate(*topology, *find_algorithm("direct"), Collective::all_to_all, team,
                       Bytes(1 << 30), {Seconds(1e-6), Seconds(3e-6), Seconds(0)})
                  .events;
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
}

void register_all() {
  for (const std::int64_t chips : {8, 64, 512, 1024, 16384, 131072}) {
    benchmark::RegisterBenchmark(
        ("network/all_reduce/" + std::to_string(chips)).c_str(),
        [chips](benchmark::State& state) { collective(state, chips, "auto"); })
        ->Unit(benchmark::kMillisecond);
    if (chips > 8)
      benchmark::RegisterBenchmark(
          ("network/hierarchical/" + std::to_string(chips)).c_str(),
          [chips](benchmark::State& state) { collective(state, chips, "hierarchical"); })
          ->Unit(benchmark::kMillisecond);
  }
  for (const std::int64_t chips : {1024, 16384, 131072}) {
    benchmark::RegisterBenchmark(
        ("network/double_binary_tree/" + std::to_string(chips)).c_str(),
        [chips](benchmark::State& state) { collective(state, chips, "double_binary_tree"); })
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(
        ("network/broadcast/" + std::to_string(chips)).c_str(),
        [chips](benchmark::State& state) {
          collective(state, chips, "auto", Collective::broadcast);
        })
        ->Unit(benchmark::kMillisecond);
  }
  benchmark::RegisterBenchmark("network/exchange", [](benchmark::State& state) {
    every_transfer(state, 1);
  })->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("network/skewed_exchange", [](benchmark::State& state) {
    every_transfer(state, 4);
  })->Unit(benchmark::kMillisecond);
}

}  // namespace
}  // namespace headroom::network

int main(int argc, char** argv) {
  headroom::network::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
