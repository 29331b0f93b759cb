#include "models/hbm/streaming.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace headroom::hbm {
namespace {

Device part_of(Device device, int channels) {
  Organisation& organisation = device.organisation;
  organisation.stacks = 1;
  if (channels > 0) organisation.channels = std::min(organisation.channels, channels);
  return device;
}

double seconds(Cycle cycles, const Device& device) {
  return static_cast<double>(cycles) * static_cast<double>(device.timing.tck_ps) * 1e-12;
}

double bytes_in(std::uint64_t requests) { return static_cast<double>(requests) * request_bytes; }

}  // namespace

StreamingModel::StreamingModel(
    const Device& device, const Mapping& mapping, const Policy& policy, const Precision& precision)
    : part_(part_of(device, precision.channels)),
      parts_(static_cast<double>(device.organisation.stacks) * device.organisation.channels /
             part_.organisation.channels),
      mapping_(mapping),
      policy_(policy),
      precision_(precision) {
  MemorySystem memory(part_, mapping_, policy_);
  const std::vector<Traffic::Request> one{{0, false}};
  Replay request(one);
  const Measurement m = measure(memory, request, {1, 1, nullptr});
  latency_ = Seconds(seconds(static_cast<Cycle>(m.load_latency.max()), part_));
}

// As many requests as one refresh of every bank takes time at the peak.
std::uint64_t StreamingModel::round() const {
  return static_cast<std::uint64_t>(
      seconds(Ticks(part_).refi, part_) * part_.organisation.peak().si() / request_bytes);
}

std::uint64_t StreamingModel::settling() const { return (precision_.warm_up + 1) * round(); }

double StreamingModel::per_byte(const Point& point) {
  const auto [found, is_new] = per_byte_.try_emplace(point);
  if (!is_new) return found->second;
  const std::uint64_t first = precision_.warm_up * round(),
                      last = first + round() * precision_.rounds;
  Window window{first, last, 0, 0};
  measure_once(point, last + round() / 4, &window);
  return found->second = seconds(window.end - window.begin, part_) / bytes_in(last - first);
}

double StreamingModel::settled(const Point& point) {
  const auto [found, is_new] = settled_.try_emplace(point);
  if (!is_new) return found->second;
  return found->second = seconds(measure_once(point, settling(), nullptr).cycles, part_);
}

Measurement StreamingModel::measure_once(
    const Point& point, std::uint64_t requests, Window* window) const {
  TrafficSpec spec;
  spec.pattern = Pattern::strided;
  const int share_step = std::get<0>(point);
  spec.read_share = static_cast<double>(share_step) / share_steps;
  std::tie(std::ignore, spec.stride, spec.contenders, spec.seed) = point;
  const Organisation& o = part_.organisation;
  MemorySystem memory(part_, mapping_, policy_);
  Traffic traffic(spec, memory.address_map().capacity());
  const int outstanding = outstanding_per_pseudo_channel * o.pseudo_channels * o.channels;
  return measure(
      memory, traffic, {requests, static_cast<std::uint32_t>(outstanding), nullptr}, window);
}

double StreamingModel::mean(
    const StreamShape& shape, double (StreamingModel::*of)(const Point& point)) {
  const double steps = std::clamp(shape.read_share, 0.0, 1.0) * share_steps;
  const int below = std::min(static_cast<int>(steps), share_steps - 1);
  const double above = steps - below;
  const bool anywhere = shape.placement == 0;
  // A single array is served alike wherever it lies.
  const bool is_alone = shape.contenders == 1 && (steps == 0 || steps == share_steps);
  const std::uint64_t first = anywhere ? 1 : shape.placement,
                      last = anywhere && !is_alone ? precision_.places : first;
  double sum = 0;
  for (const auto& [weight, step] : {std::pair(1 - above, below), std::pair(above, below + 1)})
    for (std::uint64_t placement = first; weight > 0 && placement <= last; ++placement)
      sum += weight * (this->*of)({step, shape.stride, shape.contenders, placement});
  return sum / static_cast<double>(last - first + 1);
}

Seconds StreamingModel::time(Bytes bytes, const StreamShape& shape) {
  const double settled_s = mean(shape, &StreamingModel::settled),
               amount = bytes.si() / parts_ - bytes_in(settling());
  if (amount < 0)
    return latency_ + Seconds(settled_s - latency_.si()) * (1 + amount / bytes_in(settling()));
  return Seconds(settled_s + mean(shape, &StreamingModel::per_byte) * amount);
}

BytesPerSecond StreamingModel::rate(const StreamShape& shape) {
  return BytesPerSecond(parts_ / mean(shape, &StreamingModel::per_byte));
}

}  // namespace headroom::hbm
