// A network as the flows see it: endpoints (chips), directed links, and the route between two
// chips. Networks are implicit: links are counted and named by arithmetic, never stored, so that
// one of 131,072 chips costs no more than one of 8.
//
// Routing is deterministic. Where real networks spread one flow over several links of equal length
// (adaptive routing of packets in fat trees, both ways round half of a ring, all gateways of a
// dragonfly), so does a route: each hop says which share of the flow crosses it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/base/quantity.h"
#include "models/chip/description.h"

namespace headroom::network {

using Endpoint = std::int64_t;  // number of a chip, from 0

// Links that are alike: same rate, same role.
struct LinkClass {
  BytesPerSecond bandwidth;     // payload, of one link (or of one bundle of parallel links)
  std::int64_t count = 0;       // links of this class
  std::int64_t per_period = 0;  // of them in one period of the topology
  bool of_chips = false;        // numbered like chips: where chips are turned, so are they
};

struct Hop {
  std::int32_t link_class = 0;
  std::int64_t index = 0;  // within the class, [0, count)
  double share = 1;        // of the flow that crosses this link, (0, 1]
};

struct Route {
  std::vector<Hop> hops;
  // What the latency counts: links of the chip's own kind, ways through the network outside of
  // nodes, switches of that network.
  int scale_up = 0, scale_out = 0, switches = 0;

  void clear() {
    hops.clear();
    scale_up = scale_out = switches = 0;
  }
};

// Which port of which chip a link is.
struct Port {
  enum class Kind : std::uint8_t { none, scale_up, network };
  Kind kind = Kind::none;
  Endpoint chip = 0;
  bool egress = true;
};

class Topology {
 public:
  Topology() = default;
  Topology(const Topology&) = delete;
  Topology& operator=(const Topology&) = delete;
  virtual ~Topology() = default;

  [[nodiscard]] std::int64_t endpoints() const { return endpoints_; }
  [[nodiscard]] const std::vector<LinkClass>& classes() const { return classes_; }
  // Shifting every endpoint by this many maps the network onto itself, link i of a class onto
  // link i + per_period. A torus shifts in all dimensions at once: its period is 1.
  [[nodiscard]] std::int64_t period() const { return period_; }
  // Periods may be exchanged for one another in any order, not only shifted, as below the root of a
  // tree.
  [[nodiscard]] bool interchangeable() const { return interchangeable_; }

  // Blocks of this many chips (a node) may be turned, all alike, without changing the network: chip
  // c of a block becomes chip c + 1, or does so within equal parts of the block. 0: they may not.
  [[nodiscard]] std::int64_t turning_block() const { return turning_block_; }

  // Replaces `route` by the way from one endpoint to another; empty where they are the same.
  virtual void find_route(Endpoint from, Endpoint to, Route& route) const = 0;
  // Replaces `route` by one chip's way into a switch that reduces or multicasts (`egress`), or out
  // of it: the switch of its node, or with `network` the tree of switches outside of nodes, where
  // leaves send on what they have reduced. False where the topology has no such switch.
  virtual bool find_switch_route(
      Endpoint /*chip*/, bool /*egress*/, bool /*network*/, Route& /*route*/) const {
    return false;
  }
  // The chip whose port a link is, if it is one.
  [[nodiscard]] virtual Port port_of(std::int32_t link_class, std::int64_t index) const = 0;
  // "network egress of chip 12".
  [[nodiscard]] virtual std::string link_name(
      std::int32_t link_class, std::int64_t index) const = 0;

 protected:
  std::int64_t endpoints_ = 0, period_ = 1;
  std::int64_t turning_block_ = 0;
  bool interchangeable_ = true;
  std::vector<LinkClass> classes_;
};

// The network of a cluster of this chip. The description is one that sim/config accepts: positive
// sizes, a shape whose product is the number of chips.
[[nodiscard]] std::unique_ptr<Topology> make_topology(
    const ChipDescription& chip, const ClusterDescription& cluster);

// The kinds, one file of topologies/ each.
[[nodiscard]] std::unique_ptr<Topology> make_fully_connected(
    const ChipDescription& chip, const ClusterDescription& cluster);
[[nodiscard]] std::unique_ptr<Topology> make_single_switch(
    const ChipDescription& chip, const ClusterDescription& cluster);
[[nodiscard]] std::unique_ptr<Topology> make_fat_tree(
    const ChipDescription& chip, const ClusterDescription& cluster);
[[nodiscard]] std::unique_ptr<Topology> make_ring(
    const ChipDescription& chip, const ClusterDescription& cluster);
[[nodiscard]] std::unique_ptr<Topology> make_torus(
    const ChipDescription& chip, const ClusterDescription& cluster);
[[nodiscard]] std::unique_ptr<Topology> make_dragonfly(
    const ChipDescription& chip, const ClusterDescription& cluster);

}  // namespace headroom::network
