// What one collective reaches on a simulated chip, by size: time, and bus bandwidth as NCCL's tests
// define it (bytes that a bandwidth-optimal ring passes through each rank, per second).
//
//   collective_rates CHIP CLUSTER RANKS all_gather|reduce_scatter|all_reduce BYTES ...
#include <fmt/format.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "examples/in_simulation.h"
#include "models/chip/chip.h"
#include "sim/config/chip.h"
#include "sim/config/cluster.h"

namespace headroom {
namespace {

const std::map<std::string, Collective> operations{
    {"all_gather", Collective::all_gather},
    {"reduce_scatter", Collective::reduce_scatter},
    {"all_reduce", Collective::all_reduce}};

void print_rates(const std::vector<std::string>& arguments) {
  const std::string use = fmt::format(
      "cluster: {{type: {}, chip: {}, chips: {}}}", arguments.at(1), arguments.at(0),
      arguments.at(2));
  const config::ConfigPaths paths;
  const auto document = config::Node::parse(use, "command line");
  const ClusterDescription cluster = config::read_cluster(document["cluster"], paths).cluster;
  const ChipDescription chip = config::read_chip(
      config::Node::load(paths.resolve(document["cluster"]["chip"], "chips", "chip")),
      document["no changes"], paths);
  const auto operation = operations.find(arguments.at(3));
  if (operation == operations.end())
    throw std::invalid_argument("no such collective: " + arguments[3]);
  const Group group = place_group(cluster, cluster.chips, 1);
  const double passes = operation->second == Collective::all_reduce ? 2 : 1;

  set_time_resolution();
  Chip model("chip", chip, cluster, {}, {"collectives"});
  const InSimulation simulation("simulation", [&] {
    for (std::size_t i = 4; i < arguments.size(); ++i) {
      const Bytes size(std::stod(arguments[i]));
      const CollectiveCost cost = collective_cost(operation->second, size, group, chip, cluster);
      model.collectives(0).issue({arguments[3], cost});
      model.collectives(0).wait_until(0);
      const double seconds = model.collectives(0).take_spans().back().duration.si();
      const double ranks = static_cast<double>(group.ranks);
      fmt::print(
          "{:<15} {:>12} B {:12.1f} us {:8.1f} GB/s bus bandwidth\n", arguments[3], arguments[i],
          seconds * 1e6, passes * (ranks - 1) / ranks * size.si() / seconds / 1e9);
    }
  });
  InSimulation::run();
}

}  // namespace
}  // namespace headroom

int sc_main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() < 5)
      throw std::invalid_argument(
          "usage: collective_rates CHIP CLUSTER RANKS all_gather|reduce_scatter|all_reduce BYTES "
          "...");
    headroom::print_rates(arguments);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "collective_rates: {}\n", error.what());
    return 2;
  }
}
