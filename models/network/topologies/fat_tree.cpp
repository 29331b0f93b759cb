// Nodes of chips with a switch inside, joined by a fat tree of two or three levels (Leiserson
// 1985): leaf switches, spines, and with three levels a core above pods of leaves. A node of one
// chip is a plain fat tree.
//
// With rails, network port r of every node leads to leaf r of its group of nodes, and a message for
// another local rank first crosses the node's switch to the chip whose port lies on the
// destination's rail (NCCL calls it PXN), so rails never mix. Without rails all ports of a group of
// nodes lead to one leaf. The links from a leaf to all spines are one bundle: packets are spread
// evenly over them (adaptive routing), so only oversubscription limits, not collisions of hashed
// flows.
#include <fmt/format.h>

#include <algorithm>

#include "models/network/topology.h"

namespace headroom::network {
namespace {

enum Class { up_egress, up_ingress, nic_egress, nic_ingress, leaf_up, leaf_down, pod_up, pod_down };

class FatTree : public Topology {
 public:
  FatTree(const ChipDescription& chip, const ClusterDescription& cluster)
      : node_(std::max<std::int64_t>(1, std::min(cluster.node_size, cluster.chips))),
        leaf_nodes_(cluster.leaf_nodes),
        pod_nodes_(cluster.levels > 2 ? cluster.leaf_nodes * cluster.pod_leaves : 0),
        rails_(cluster.rails) {
    endpoints_ = cluster.chips;
    const std::int64_t nodes = (cluster.chips + node_ - 1) / node_;
    const BytesPerSecond inside = chip.scale_up.payload_bandwidth(),
                         nic = cluster.scale_out.payload_bandwidth();
    const double leaf_ports = static_cast<double>(leaf_nodes_ * (rails_ ? 1 : node_));
    const double pod_ports = static_cast<double>(pod_nodes_ * node_);
    const std::int64_t groups = (nodes + leaf_nodes_ - 1) / leaf_nodes_;
    const std::int64_t pods = pod_nodes_ > 0 ? (nodes + pod_nodes_ - 1) / pod_nodes_ : 1;
    const std::int64_t leaves = rails_ ? node_ : 1;  // of one group of nodes
    std::int64_t period_nodes = 1;
    if (groups > 1) period_nodes = leaf_nodes_;
    if (pods > 1) period_nodes = pod_nodes_;
    period_ = nodes == 1 ? 1 : period_nodes * node_;
    const std::int64_t period_groups = std::max<std::int64_t>(1, period_nodes / leaf_nodes_);
    const BytesPerSecond
        leaf = nic * (leaf_ports / cluster.oversubscription),
        pod = nic * (pod_ports / cluster.oversubscription / cluster.core_oversubscription);
    turning_block_ = node_;
    for (int direction = 0; direction < 2; ++direction)
      classes_.push_back({inside, endpoints_, period_, true});
    for (int direction = 0; direction < 2; ++direction)
      classes_.push_back({nic, endpoints_, period_, true});
    for (int direction = 0; direction < 2; ++direction)
      classes_.push_back({leaf, groups * leaves, period_groups * leaves, rails_});
    for (int direction = 0; direction < 2; ++direction) classes_.push_back({pod, pods, 1});
  }

  void find_route(Endpoint from, Endpoint to, Route& route) const override {
    route.clear();
    if (from == to) return;
    const std::int64_t node_from = from / node_, node_to = to / node_;
    if (node_from == node_to) {
      cross_node_switch(from, to, route);
      route.scale_up = 1;
      return;
    }
    Endpoint gate = from;
    if (rails_ && from % node_ != to % node_) {
      gate = node_from * node_ + to % node_;
      cross_node_switch(from, gate, route);
    }
    route.hops.push_back({nic_egress, gate, 1});
    const std::int64_t group_from = node_from / leaf_nodes_, group_to = node_to / leaf_nodes_;
    route.scale_out = 1;
    route.switches = 1;
    if (group_from != group_to) {
      const std::int64_t leaves = rails_ ? node_ : 1, rail = rails_ ? gate % node_ : 0;
      route.hops.push_back({leaf_up, group_from * leaves + rail, 1});
      route.switches = 3;
      if (pod_nodes_ > 0 && node_from / pod_nodes_ != node_to / pod_nodes_) {
        route.hops.push_back({pod_up, node_from / pod_nodes_, 1});
        route.hops.push_back({pod_down, node_to / pod_nodes_, 1});
        route.switches = 5;
      }
      route.hops.push_back({leaf_down, group_to * leaves + rail, 1});
    }
    route.hops.push_back({nic_ingress, to, 1});
  }

  bool find_switch_route(Endpoint chip, bool egress, bool network, Route& route) const override {
    route.clear();
    if (!network) {
      route.hops.push_back({egress ? up_egress : up_ingress, chip, 1});
      route.scale_up = 1;
      return node_ > 1;
    }
    route.hops.push_back({egress ? nic_egress : nic_ingress, chip, 1});
    route.scale_out = 1;
    route.switches = 1;
    const std::int64_t group = chip / node_ / leaf_nodes_;
    if (classes_[leaf_up].count > (rails_ ? node_ : 1)) {
      // The leaf sends on one stream for all of its ports.
      const std::int64_t leaf = rails_ ? group * node_ + chip % node_ : group;
      const double ports = static_cast<double>(leaf_nodes_ * (rails_ ? 1 : node_));
      route.hops.push_back({egress ? leaf_up : leaf_down, leaf, 1 / ports});
      route.switches = 3;
    }
    return true;
  }

  [[nodiscard]] Port port_of(std::int32_t link_class, std::int64_t index) const override {
    if (link_class > nic_ingress) return {};
    return {link_class <= up_ingress ? Port::Kind::scale_up : Port::Kind::network, index,
            link_class == up_egress || link_class == nic_egress};
  }

  [[nodiscard]] std::string link_name(std::int32_t link_class, std::int64_t index) const override {
    switch (link_class) {
      case up_egress: return fmt::format("scale-up egress of chip {}", index);
      case up_ingress: return fmt::format("scale-up ingress of chip {}", index);
      case nic_egress: return fmt::format("network egress of chip {}", index);
      case nic_ingress: return fmt::format("network ingress of chip {}", index);
      case leaf_up: return leaf_name(index) + " uplinks";
      case leaf_down: return leaf_name(index) + " downlinks";
      case pod_up: return fmt::format("pod {} uplinks", index);
      default: return fmt::format("pod {} downlinks", index);
    }
  }

 private:
  static void cross_node_switch(Endpoint from, Endpoint to, Route& route) {
    route.hops.push_back({up_egress, from, 1});
    route.hops.push_back({up_ingress, to, 1});
  }

  [[nodiscard]] std::string leaf_name(std::int64_t index) const {
    return rails_ ? fmt::format("leaf {} rail {}", index / node_, index % node_)
                  : fmt::format("leaf {}", index);
  }

  std::int64_t node_, leaf_nodes_, pod_nodes_;
  bool rails_;
};

}  // namespace

std::unique_ptr<Topology> make_fat_tree(
    const ChipDescription& chip, const ClusterDescription& cluster) {
  return std::make_unique<FatTree>(chip, cluster);
}

}  // namespace headroom::network
