// Tori and meshes of one, two or three dimensions, chips numbered dimension by dimension (the first
// runs fastest). Dimension-ordered routing (Dally and Seitz 1987), the shorter way round each ring;
// exactly half way round, half of the flow goes either way. A dimension of two has one link.
#include <fmt/format.h>

#include <array>

#include "models/network/topology.h"

namespace headroom::network {
namespace {

class Torus : public Topology {
 public:
  Torus(const ChipDescription& chip, std::vector<std::int64_t> shape, bool wrap)
      : shape_(std::move(shape)), wrap_(wrap) {
    endpoints_ = 1;
    for (const std::int64_t extent : shape_) endpoints_ *= extent;
    // A chip's links are divided evenly over the two directions of its dimensions.
    const BytesPerSecond link = chip.scale_up.payload_bandwidth() *
                                (0.5 / static_cast<double>(shape_.size()));
    for (std::size_t i = 0; i < 2 * shape_.size(); ++i) classes_.push_back({link, endpoints_, 1});
  }

  void find_route(Endpoint from, Endpoint to, Route& route) const override {
    route.clear();
    std::int64_t inner = 1;
    Endpoint at = from;
    for (std::size_t d = 0; d < shape_.size(); inner *= shape_[d++]) {
      const std::int64_t extent = shape_[d];
      const std::int64_t here = from / inner % extent, there = to / inner % extent;
      if (here == there) continue;
      const std::int64_t up = (there - here + extent) % extent, down = extent - up;
      const bool ring = wrap_ && extent > 2;
      const bool rises = ring ? up <= down : there > here;
      const double share = ring && up == down ? 0.5 : 1;
      if (rises) walk(at, d, inner, up, true, share, route);
      if (!rises || share < 1) walk(at, d, inner, ring ? down : here - there, false, share, route);
      route.scale_up += static_cast<int>(ring ? std::min(up, down) : std::abs(there - here));
      at += (there - here) * inner;
    }
  }

  [[nodiscard]] Port port_of(std::int32_t, std::int64_t index) const override {
    return {Port::Kind::scale_up, index, true};
  }

  [[nodiscard]] std::string link_name(std::int32_t link_class, std::int64_t index) const override {
    static constexpr std::array<char, 3> names{'x', 'y', 'z'};
    return fmt::format("{}{} link of chip {}", link_class % 2 == 0 ? '+' : '-',
                       names.at(static_cast<std::size_t>(link_class / 2)), index);
  }

 private:
  void walk(Endpoint at, std::size_t dimension, std::int64_t inner, std::int64_t hops, bool rises,
            double share, Route& route) const {
    const std::int64_t extent = shape_[dimension];
    std::int64_t place = at / inner % extent;
    const Endpoint row = at - place * inner;
    for (; hops > 0; --hops) {
      const auto link_class = static_cast<std::int32_t>(2 * dimension + (rises ? 0 : 1));
      route.hops.push_back({link_class, row + place * inner, share});
      place = (place + (rises ? 1 : extent - 1)) % extent;
    }
  }

  std::vector<std::int64_t> shape_;
  bool wrap_;
};

}  // namespace

std::unique_ptr<Topology> make_torus(
    const ChipDescription& chip, const ClusterDescription& cluster) {
  return std::make_unique<Torus>(chip, cluster.shape, cluster.wrap);
}

std::unique_ptr<Topology> make_ring(
    const ChipDescription& chip, const ClusterDescription& cluster) {
  return std::make_unique<Torus>(chip, std::vector<std::int64_t>{cluster.chips}, cluster.wrap);
}

}  // namespace headroom::network
