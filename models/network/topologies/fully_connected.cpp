// Every chip has links to every other one: its links are divided evenly over its peers.
#include <fmt/format.h>

#include "models/network/topology.h"

namespace headroom::network {
namespace {

class FullyConnected : public Topology {
 public:
  FullyConnected(const ChipDescription& chip, std::int64_t chips) {
    endpoints_ = chips;
    const double peers = chips > 1 ? static_cast<double>(chips - 1) : 1;
    classes_ = {{chip.scale_up.payload_bandwidth() * (1 / peers), chips * chips, chips}};
  }

  // Links are numbered by distance, so that a shift of all chips keeps the class's order.
  void find_route(Endpoint from, Endpoint to, Route& route) const override {
    route.clear();
    if (from == to) return;
    route.hops.push_back({0, from * endpoints_ + (to - from + endpoints_) % endpoints_, 1});
    route.scale_up = 1;
  }

  [[nodiscard]] Port port_of(std::int32_t, std::int64_t index) const override {
    return {Port::Kind::scale_up, index / endpoints_, true};
  }

  [[nodiscard]] std::string link_name(std::int32_t, std::int64_t index) const override {
    const std::int64_t from = index / endpoints_;
    return fmt::format("link from chip {} to chip {}", from, (from + index) % endpoints_);
  }
};

}  // namespace

std::unique_ptr<Topology> make_fully_connected(
    const ChipDescription& chip, const ClusterDescription& cluster) {
  return std::make_unique<FullyConnected>(chip, cluster.chips);
}

}  // namespace headroom::network
