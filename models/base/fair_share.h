// FairShare: flows that share a rate max-min fairly, each perhaps with a cap of its own (fluid
// model; Bertsekas and Gallager, Data Networks, 6.5.2). No SystemC and no clock of its own: the
// caller says what time it is.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace headroom {

class FairShare {
 public:
  using FlowId = std::uint64_t;
  static constexpr double no_cap = std::numeric_limits<double>::infinity();

  // rate: amount per second that all flows share, until set_rate(); > 0.
  explicit FairShare(double rate) : rate_(rate) {}

  // Starts a flow of `amount` > 0 at `now`, the time of the last advance() while other flows run.
  FlowId add(double now, double amount, double cap = no_cap);
  // Moves to `now`; returns the flows that are finished, oldest first.
  std::vector<FlowId> advance(double now);
  // From the time of the last advance() on; `rate` > 0.
  void set_rate(double rate);
  // What a flow gets now. std::out_of_range where it is not under way.
  [[nodiscard]] double rate_of(FlowId id) const;
  // When the next flow finishes if none is added; infinity without flows.
  [[nodiscard]] double next_completion() const;

  [[nodiscard]] std::size_t flows() const { return flows_.size(); }
  [[nodiscard]] double busy_seconds() const { return busy_; }
  [[nodiscard]] double delivered() const { return delivered_; }

 private:
  struct Flow {
    FlowId id;
    double remaining, cap, rate;
  };
  void share();

  double rate_;
  double now_ = 0, busy_ = 0, delivered_ = 0;
  FlowId next_id_ = 0;
  std::vector<Flow> flows_;  // in order of arrival
};

}  // namespace headroom
