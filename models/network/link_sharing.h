// Collectives and messages that are under way at the same time on the links of a network (fluid
// model). Each loads links in fixed proportions, because its steps run at the pace of its tightest
// link; together they share every link that more than one of them loads, max-min fairly: all rise
// alike, each measured by what it takes of the link that it needs most (dominant resource fairness;
// Ghodsi and others, NSDI 2011), until a link is full or the flow has its own pace. On one link
// that is max-min fairness of bytes. No SystemC and no clock of its own: the caller says what time
// it is.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/quantity.h"
#include "models/base/transfer_uses.h"

namespace headroom::network {

class LinkSharing {
 public:
  using FlowId = std::uint64_t;

  // rates: bytes per second of each link; of links that are used > 0.
  explicit LinkSharing(std::vector<BytesPerSecond> rates) : rates_(std::move(rates)) {}

  // Starts a flow of `amount` > 0 at `now`, the time of the last advance() while other flows run:
  // every byte of it puts `share` bytes on each link of `uses`, of which there must be one. `cap`
  // bounds its own rate.
  FlowId add(double now, double amount, const std::vector<ResourceUse>& uses, double cap);
  // Moves to `now`; returns the flows that are finished, oldest first.
  std::vector<FlowId> advance(double now);
  // When the next flow finishes if none is added; infinity without flows.
  [[nodiscard]] double next_completion() const;

  [[nodiscard]] std::size_t flows() const { return flows_.size(); }
  // Bytes per second of a flow that is under way.
  [[nodiscard]] double rate(FlowId id) const;

 private:
  struct Load {
    std::size_t link;
    double weight;  // of the link's rate, relative to the link that the flow needs most
  };
  struct Flow {
    FlowId id;
    double remaining;  // seconds with that link to itself
    double cap;        // share of it, at most
    double pace;       // bytes per second with all of it
    double share;      // that the flow has of it
    std::vector<Load> loads;
  };
  void divide();

  std::vector<BytesPerSecond> rates_;
  double now_ = 0;
  FlowId next_id_ = 0;
  std::vector<Flow> flows_;            // in order of arrival
  std::vector<double> left_, wanted_;  // by link, of divide()
};

}  // namespace headroom::network
