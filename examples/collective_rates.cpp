// What one collective reaches on a cluster, by size: time, and bus bandwidth as NCCL's tests define
// it (bytes that a bandwidth-optimal ring passes through each rank, per second).
//
//   collective_rates CHIP CLUSTER RANKS OPERATION[:ALGORITHM] BYTES[/1] ...
//
// BYTES follow one another on the chips, as in nccl-tests. BYTES/1 is one call of PyTorch between
// two readings of the clock, as in torch benchmarks: the overhead of such a call comes on top.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <systemc>
#include <vector>

#include "models/network/bus_factor.h"
#include "sim/config/load_cluster.h"
#include "sim/engine/collective.h"

namespace headroom {
namespace {

// As in product_rates: github:PrincetonUniversity/LLMCompass hardware_model/compute_module.py, for
// a product of one element in PyTorch on its A100.
constexpr double call_overhead = 21e-6;

void print_rates(const std::vector<std::string>& arguments) {
  const std::int64_t ranks = std::stoll(arguments.at(2));
  const ClusterUse use = load_cluster(
      arguments.at(1), arguments.at(0), 0, ranks, config::ConfigPaths());
  const std::string& asked = arguments.at(3);
  const std::string name = asked.substr(0, asked.find(':'));
  network::Request request;
  const auto* operation = std::find(collective_names.begin(), collective_names.end(), name);
  if (operation == collective_names.end())
    throw std::invalid_argument("no such collective: " + name);
  request.operation = static_cast<Collective>(operation - collective_names.begin());
  if (name != asked) request.algorithm = asked.substr(name.size() + 1);
  request.ranks = ranks;
  CollectiveRunner runner(use.chip, use.cluster);
  for (std::size_t i = 4; i < arguments.size(); ++i) {
    const std::string size = arguments[i].substr(0, arguments[i].find('/'));
    request.payload = Bytes(std::stod(size));
    const CollectiveResult result = runner.run(request);
    const double seconds = result.time_s + (size == arguments[i] ? 0 : call_overhead);
    fmt::print(
        "{:<15} {:>12} B {:12.1f} us {:8.2f} GB/s bus bandwidth, {} {}\n", name, size,
        seconds * 1e6,
        network::bus_factor(request.operation, ranks) * request.payload.si() / seconds / 1e9,
        result.algorithm, result.protocol);
  }
}

}  // namespace
}  // namespace headroom

int sc_main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() < 5)
      throw std::invalid_argument(
          "usage: collective_rates CHIP CLUSTER RANKS OPERATION[:ALGORITHM] BYTES[/1] ...");
    headroom::print_rates(arguments);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "collective_rates: {}\n", error.what());
    return 2;
  }
}
