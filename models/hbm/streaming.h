// The streaming level: long contiguous and strided transfers as one transaction each.
//
// Nothing in it is assumed: the rate at which a device serves a kind of traffic is measured once
// with the per-burst model (a steady-state window of measure()) and kept; a transfer then takes the
// unloaded latency of its first request and its bytes at that rate. Channels are alike, so that one
// stack is measured, however many there are, and a read share between two measured ones is
// interpolated in time per byte.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>

#include "models/base/quantity.h"
#include "models/hbm/address_map.h"
#include "models/hbm/device.h"
#include "models/hbm/measure.h"
#include "models/hbm/policy.h"
#include "models/hbm/traffic.h"

namespace headroom::hbm {

// Contenders take turns, each with arrays of its own: one that it loads, one that it stores.
struct StreamShape {
  double read_share = 1;      // of bytes, 0 to 1
  std::uint64_t stride = 64;  // bytes from one 64-byte request to the next; 64: contiguous
  int contenders = 1;
  // Seed of where the arrays lie (TrafficSpec::seed): loads and stores whose rows meet in a bank
  // are a few per cent slower. 0: the mean of several places.
  std::uint64_t placement = 0;
};

class StreamingModel {
 public:
  // Requests of one stack that the traffic measured keeps outstanding.
  static constexpr int outstanding_per_pseudo_channel = 64;
  // Read shares are measured in steps of 1 / share_steps.
  static constexpr int share_steps = 8;

  // std::invalid_argument as MemorySystem.
  explicit StreamingModel(
      const Device& device, const Mapping& mapping = {}, const Policy& policy = {});

  // Useful bytes per second of all stacks, in the long run. The first call with a shape simulates
  // about a million requests; later ones cost nanoseconds.
  [[nodiscard]] BytesPerSecond rate(const StreamShape& shape);
  // From a lone request to its last data.
  [[nodiscard]] Seconds latency() const { return latency_; }
  // Of `bytes` > 0 in all, from the first request to the last data.
  [[nodiscard]] Seconds time(Bytes bytes, const StreamShape& shape) {
    const Cost cost = this->cost(shape);
    return Seconds(cost.beside + cost.per_byte * bytes.si() / stacks_);
  }

 private:
  struct Cost {
    double per_byte = 0;  // s of one stack
    double beside = 0;    // s: filling the queues, draining them
  };
  [[nodiscard]] Cost cost(const StreamShape& shape);
  Measurement measure_once(const TrafficSpec& spec, std::uint64_t requests, Window* window) const;
  // At a measured read share and place.
  [[nodiscard]] const Cost& measured(
      int share_step, const StreamShape& shape, std::uint64_t placement);

  Device one_stack_;
  int stacks_;
  Mapping mapping_;
  Policy policy_;
  Seconds latency_;
  std::map<std::tuple<int, std::uint64_t, int, std::uint64_t>, Cost> measured_;
};

}  // namespace headroom::hbm
