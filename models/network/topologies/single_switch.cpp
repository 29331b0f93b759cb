// All chips on one non-blocking switch (or on planes of switches that act as one, as NVSwitches
// do): only the ports of the chips limit.
#include <fmt/format.h>

#include "models/network/topology.h"

namespace headroom::network {
namespace {

class SingleSwitch : public Topology {
 public:
  SingleSwitch(const ChipDescription& chip, std::int64_t chips) {
    endpoints_ = chips;
    turning_block_ = chips;
    classes_ = {{chip.scale_up.payload_bandwidth(), chips, 1, true},
                {chip.scale_up.payload_bandwidth(), chips, 1, true}};
  }

  void find_route(Endpoint from, Endpoint to, Route& route) const override {
    route.clear();
    if (from == to) return;
    route.hops.push_back({0, from, 1});
    route.hops.push_back({1, to, 1});
    route.scale_up = 1;
  }

  bool find_switch_route(Endpoint chip, bool egress, bool network, Route& route) const override {
    route.clear();
    if (network) return false;
    route.hops.push_back({egress ? 0 : 1, chip, 1});
    route.scale_up = 1;
    return true;
  }

  [[nodiscard]] Port port_of(std::int32_t link_class, std::int64_t index) const override {
    return {Port::Kind::scale_up, index, link_class == 0};
  }

  [[nodiscard]] std::string link_name(std::int32_t link_class, std::int64_t index) const override {
    return fmt::format("scale-up {} of chip {}", link_class == 0 ? "egress" : "ingress", index);
  }
};

}  // namespace

std::unique_ptr<Topology> make_single_switch(
    const ChipDescription& chip, const ClusterDescription& cluster) {
  return std::make_unique<SingleSwitch>(chip, cluster.chips);
}

}  // namespace headroom::network
