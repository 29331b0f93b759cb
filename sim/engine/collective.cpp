#include "sim/engine/collective.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "models/network/bus_factor.h"
#include "models/network/simulate.h"

namespace headroom {

namespace {

constexpr std::int64_t most_without_symmetry = 1024;
constexpr int pipeline_chunks = 16;

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

void CollectiveRunner::add_links(
    const std::vector<network::LinkLoad>& loads, double bytes, CollectiveResult& result) const {
  const network::Topology& topology = model_.topology();
  for (const network::LinkLoad& load : loads) {
    if (load.bytes_per_byte == 0 || result.time_s == 0) continue;
    const double
        rate = topology.classes()[static_cast<std::size_t>(load.link_class)].bandwidth.si();
    result.links.push_back(
        {topology.link_name(load.link_class, load.index),
         load.bytes_per_byte * bytes / rate / result.time_s, load.alike});
  }
  std::stable_sort(result.links.begin(), result.links.end(), [](const auto& a, const auto& b) {
    return a.utilization > b.utilization * (1 + 1e-12);
  });
  if (!result.links.empty()) result.bottleneck_link = result.links.front().name;
}

void CollectiveRunner::finish(const network::Request& request, CollectiveResult& result) const {
  result.bytes = request.payload.si();
  if (result.time_s > 0) result.algorithm_bandwidth_gb_s = result.bytes / result.time_s / 1e9;
  result.bus_bandwidth_gb_s = result.algorithm_bandwidth_gb_s *
                              network::bus_factor(request.operation, request.ranks);
  result.hbm_bytes = network::CollectiveModel::hbm_read(request).si();
  if (result.time_s > 0)
    result.hbm_share = 2 * result.hbm_bytes / chip_.hbm.bandwidth.si() / result.time_s;
  result.compute_share = chip_.cores > 0 ? static_cast<double>(chip_.collective_cores) / chip_.cores
                                         : 0;
}

CollectiveResult CollectiveRunner::run(const network::Request& request) {
  const Stopwatch watch;
  CollectiveResult result;
  if (request.ranks > 1) {
    const network::Estimate best = model_.estimate(request);
    result.time_s = best.time.si();
    result.start_s = best.start.si();
    result.steps_s = best.steps.si();
    result.fill_s = best.fill.si();
    result.transfer_s = best.transfer.si();
    result.algorithm = best.algorithm->name();
    result.protocol = best.protocol;
    result.events = best.profile->flows;
    if (!model_.offered(*best.algorithm, request.operation))
      result.assumed.push_back(fmt::format(
          "the library {} has no {} for {}: it runs on the links as they are, without the "
          "library's start-up, step times and protocols",
          cluster_.library.id, best.algorithm->name(), to_string(request.operation)));
    add_links(best.profile->loads, request.payload.si(), result);
  }
  finish(request, result);
  result.seconds = watch.seconds();
  return result;
}

CollectiveResult CollectiveRunner::simulate(const network::Request& request) {
  const Stopwatch watch;
  if (cluster_.chips > most_without_symmetry)
    throw std::runtime_error(fmt::format(
        "without symmetry at most {} chips are simulated, not {}", most_without_symmetry,
        cluster_.chips));
  CollectiveResult result = run(request);
  if (request.ranks > 1) {
    const network::Algorithm& algorithm = *network::find_algorithm(result.algorithm);
    const network::Team team = model_.team(request);
    const auto phases = algorithm.phases(request.operation, team);
    const bool pipelined = phases.front().coupling == network::Phase::Coupling::pipelined;
    // Latencies of the links; a library's protocols are no matter of single transfers.
    const network::StepTimes latency{
        chip_.scale_up.latency, cluster_.scale_out.latency, cluster_.switch_latency};
    const network::Simulation simulated = network::simulate(
        model_.topology(), algorithm, request.operation, team, request.payload, latency,
        pipelined ? pipeline_chunks : 1);
    const LinkDescription&
        outer = team.nodes() > 1 && !team.torus ? cluster_.scale_out : chip_.scale_up;
    result.start_s = outer.collective_latency.si();
    result.time_s = result.start_s + simulated.time.si();
    result.steps_s = result.fill_s = 0;
    result.transfer_s = simulated.time.si();
    result.protocol = "";
    result.events = simulated.events;
    result.links.clear();
    add_links(simulated.loads, 1, result);
  }
  finish(request, result);
  result.seconds = watch.seconds();
  return result;
}

}  // namespace headroom
