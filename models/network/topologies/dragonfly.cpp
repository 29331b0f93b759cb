// Dragonfly (Kim, Dally, Scott, Abts 2008): groups of routers that are all joined to one another,
// and global links between groups. Router r of a group has global links r*h ... r*h+h-1 of the
// group; global link j of group G leads to group G + 1 + j mod (groups - 1). Minimal routing: one
// local hop, one global, one local, spread evenly over all global links between the two groups (as
// many as both have where the numbers do not divide).
// Detours over a third group (Valiant) are not modelled.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "models/network/topology.h"

namespace headroom::network {
namespace {

enum Class { egress, ingress, local, global };

class Dragonfly : public Topology {
 public:
  explicit Dragonfly(const ClusterDescription& cluster)
      : terminals_(cluster.router_chips),
        routers_(cluster.group_routers),
        global_links_(cluster.global_links) {
    endpoints_ = cluster.chips;
    const std::int64_t size = terminals_ * routers_;
    groups_ = (endpoints_ + size - 1) / size;
    period_ = groups_ > 1 ? size : (routers_ > 1 ? terminals_ : 1);
    interchangeable_ = groups_ == 1;
    const BytesPerSecond link = cluster.scale_out.payload_bandwidth();
    const std::int64_t in_period = period_ / terminals_;
    classes_ = {
        {link, endpoints_, period_},
        {link, endpoints_, period_},
        {link, groups_ * routers_ * routers_, in_period * routers_},
        {link, groups_ * routers_ * global_links_, in_period * global_links_}};
  }

  void find_route(Endpoint from, Endpoint to, Route& route) const override {
    route.clear();
    if (from == to) return;
    route.hops.push_back({egress, from, 1});
    const std::int64_t router_from = from / terminals_, router_to = to / terminals_;
    const std::int64_t group_from = router_from / routers_, group_to = router_to / routers_;
    route.scale_out = 1;
    route.switches = router_from == router_to ? 1 : 2;
    if (group_from == group_to)
      cross_group(group_from, router_from % routers_, router_to % routers_, 1, route);
    else
      cross_world(router_from, router_to, route);
    route.hops.push_back({ingress, to, 1});
  }

  [[nodiscard]] Port port_of(std::int32_t link_class, std::int64_t index) const override {
    if (link_class > ingress) return {};
    return {Port::Kind::network, index, link_class == egress};
  }

  [[nodiscard]] std::string link_name(std::int32_t link_class, std::int64_t index) const override {
    if (link_class <= ingress)
      return fmt::format(
          "network {} of chip {}", link_class == egress ? "egress" : "ingress", index);
    if (link_class == global)
      return fmt::format(
          "global link {} of router {}", index % global_links_, index / global_links_);
    const std::int64_t router = index / routers_, group = router / routers_;
    return fmt::format("local link from router {} to router {}", router,
                       group * routers_ + (router + index) % routers_);
  }

 private:
  // Local links are numbered by distance.
  void cross_group(std::int64_t group, std::int64_t from, std::int64_t to, double share,
                   Route& route) const {
    if (from == to) return;
    const std::int64_t distance = (to - from + routers_) % routers_;
    route.hops.push_back({local, (group * routers_ + from) * routers_ + distance, share});
  }

  void cross_world(std::int64_t router_from, std::int64_t router_to, Route& route) const {
    const std::int64_t group_from = router_from / routers_, group_to = router_to / routers_;
    const std::int64_t all = routers_ * global_links_, others = groups_ - 1;
    const std::int64_t out = (group_to - group_from - 1 + groups_) % groups_,
                       back = (group_from - group_to - 1 + groups_) % groups_;
    const std::int64_t links = (all - 1 - std::max(out, back)) / others + 1;
    assert(links >= 1);
    const double share = 1 / static_cast<double>(links);
    for (std::int64_t i = 0; i < links; ++i) {
      const std::int64_t leaves = out + i * others, arrives = back + i * others;
      cross_group(group_from, router_from % routers_, leaves / global_links_, share, route);
      route.hops.push_back({global, group_from * all + leaves, share});
      cross_group(group_to, arrives / global_links_, router_to % routers_, share, route);
    }
    route.switches = 4;
  }

  std::int64_t terminals_, routers_, global_links_, groups_ = 1;
};

}  // namespace

std::unique_ptr<Topology> make_dragonfly(
    const ChipDescription&, const ClusterDescription& cluster) {
  return std::make_unique<Dragonfly>(cluster);
}

}  // namespace headroom::network
