// Every chip has links to every other one: its links are divided evenly over its peers.
#include <fmt/format.h>

#include <algorithm>

#include "models/network/topology.h"

namespace headroom::network {
namespace {

class FullyConnected : public Topology {
 public:
  FullyConnected(const ChipDescription& chip, std::int64_t chips) {
    endpoints_ = chips;
    // Links of one distance are a class: groups that keep their distances share none.
    const double peers = chips > 1 ? static_cast<double>(chips - 1) : 1;
    for (std::int64_t distance = 1; distance <= std::max<std::int64_t>(1, chips - 1); ++distance)
      classes_.push_back({chip.scale_up.payload_bandwidth() * (1 / peers), chips, 1});
  }

  void find_route(Endpoint from, Endpoint to, Route& route) const override {
    route.clear();
    if (from == to) return;
    const std::int64_t distance = (to - from + endpoints_) % endpoints_;
    route.hops.push_back({static_cast<std::int32_t>(distance) - 1, from, 1});
    route.scale_up = 1;
  }

  [[nodiscard]] Port port_of(std::int32_t, std::int64_t index) const override {
    return {Port::Kind::scale_up, index, true};
  }

  [[nodiscard]] std::string link_name(std::int32_t link_class, std::int64_t index) const override {
    return fmt::format(
        "link from chip {} to chip {}", index, (index + link_class + 1) % endpoints_);
  }
};

}  // namespace

std::unique_ptr<Topology> make_fully_connected(
    const ChipDescription& chip, const ClusterDescription& cluster) {
  return std::make_unique<FullyConnected>(chip, cluster.chips);
}

}  // namespace headroom::network
