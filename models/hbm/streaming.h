// The streaming level: long contiguous and strided transfers as one transaction each.
//
// Nothing in it is assumed: the rate at which a device serves a kind of traffic is measured once
// with the per-burst model (a steady-state window of measure()) and kept, and so is the time until
// then; a transfer takes that time and the rest of its bytes at that rate. Channels are alike, so
// that one stack, or some channels of it, is measured, however many there are, and a read share
// between two measured ones is interpolated in time per byte.
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

// How much of the per-burst model's work a measurement of a rate takes.
struct Precision {
  // Of refresh, before the steady state: where a quarter or fewer of the bytes are loads, the rate
  // still falls by several per cent in the first four.
  std::uint64_t warm_up = 4;
  std::uint64_t rounds = 6;   // of refresh, in the steady state that is timed; at least 1
  std::uint64_t places = 12;  // where arrays lie, of which StreamShape::placement 0 is the mean; at
                              // least 1. Single ones differ by 3 % (standard deviation)
  int channels = 0;           // of a stack, a power of two; 0 or more than it has: all
};

class StreamingModel {
 public:
  // Requests of one stack that the traffic measured keeps outstanding.
  static constexpr int outstanding_per_pseudo_channel = 64;
  // Read shares are measured in steps of 1 / share_steps.
  static constexpr int share_steps = 8;

  // std::invalid_argument as MemorySystem.
  explicit StreamingModel(const Device& device, const Mapping& mapping = {},
                          const Policy& policy = {}, const Precision& precision = {});

  // Useful bytes per second of all stacks, in the long run. The first call with a shape simulates
  // about two million requests (fewer as `precision` says); later ones cost nanoseconds.
  [[nodiscard]] BytesPerSecond rate(const StreamShape& shape);
  // From a lone request to its last data.
  [[nodiscard]] Seconds latency() const { return latency_; }
  // Of `bytes` > 0 in all, from the first request to the last data: until the steady state in
  // proportion, from the latency to the time measured there.
  [[nodiscard]] Seconds time(Bytes bytes, const StreamShape& shape);

 private:
  // What is measured: read share in steps, stride, contenders, placement.
  using Point = std::tuple<int, std::uint64_t, int, std::uint64_t>;

  // Over placements, and between the two measured read shares.
  [[nodiscard]] double mean(
      const StreamShape& shape, double (StreamingModel::*of)(const Point& point));
  [[nodiscard]] double per_byte(const Point& point);  // s of the part measured
  [[nodiscard]] double settled(const Point& point);   // s: of the first requests and no others
  [[nodiscard]] std::uint64_t round() const;          // requests
  [[nodiscard]] std::uint64_t settling() const;       // requests until the steady state
  Measurement measure_once(const Point& point, std::uint64_t requests, Window* window) const;

  Device part_;   // some channels of one stack
  double parts_;  // of the device
  Mapping mapping_;
  Policy policy_;
  Precision precision_;
  Seconds latency_;
  std::map<Point, double> per_byte_, settled_;
};

}  // namespace headroom::hbm
