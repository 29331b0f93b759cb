// A neighbour of a block, as the block sees it: at which cycles an input edge offers something, and
// an output edge takes it. What is offered stays offered until it is taken, even when its edge
// shuts meanwhile.
#pragma once

#include <cstdint>
#include <limits>

#include "models/base/clock.h"
#include "models/base/random.h"

namespace headroom {

inline constexpr Cycles forever = std::numeric_limits<Cycles>::max();

class Edge {
 public:
  Edge() = default;
  Edge(const Edge&) = delete;
  Edge& operator=(const Edge&) = delete;
  virtual ~Edge() = default;

  // For how many cycles from `cycle` on the edge is certainly open: 0 when it is shut in that
  // cycle.
  [[nodiscard]] virtual Cycles open_for(Cycles cycle) const = 0;
};

class OpenEdge final : public Edge {
 public:
  [[nodiscard]] Cycles open_for(Cycles) const override { return forever; }
};

// Shut in `shut_percent` of its spans of `span` cycles, at random, the same for the same seed.
class RandomEdge final : public Edge {
 public:
  RandomEdge(std::uint64_t seed, unsigned shut_percent, Cycles span)
      : seed_(mix(seed)), shut_percent_(shut_percent), span_(span) {}

  [[nodiscard]] Cycles open_for(Cycles cycle) const override {
    const bool open = mix(seed_ + cycle / span_) % 100 >= shut_percent_;
    return open ? span_ - cycle % span_ : 0;
  }

 private:
  std::uint64_t seed_;
  unsigned shut_percent_;
  Cycles span_;
};

}  // namespace headroom
