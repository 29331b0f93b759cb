#include "models/hbm/streaming.h"

#include <algorithm>
#include <cmath>

namespace headroom::hbm {
namespace {

Device with_one_stack(Device device) {
  device.organisation.stacks = 1;
  return device;
}

}  // namespace

StreamingModel::StreamingModel(const Device& device, const Mapping& mapping, const Policy& policy)
    : one_stack_(with_one_stack(device)),
      stacks_(device.organisation.stacks),
      mapping_(mapping),
      policy_(policy) {
  MemorySystem memory(one_stack_, mapping_, policy_);
  const std::vector<Traffic::Request> one{{0, false}};
  Replay request(one);
  const Measurement m = measure(memory, request, {1, 1, nullptr});
  latency_ = Seconds(m.load_latency.max() * static_cast<double>(device.timing.tck_ps) * 1e-12);
}

const StreamingModel::Cost& StreamingModel::measured(
    int share_step, const StreamShape& shape, std::uint64_t placement) {
  const auto [found, is_new] = measured_.try_emplace(
      {share_step, shape.stride, shape.contenders, placement});
  if (!is_new) return found->second;
  TrafficSpec spec;
  spec.pattern = Pattern::strided;
  spec.stride = shape.stride, spec.contenders = shape.contenders;
  spec.read_share = static_cast<double>(share_step) / share_steps;
  spec.seed = placement;
  // As many requests as one refresh of every bank takes time at the peak.
  const Ticks ticks(one_stack_);
  const double tck = static_cast<double>(one_stack_.timing.tck_ps) * 1e-12;
  const auto round = static_cast<std::uint64_t>(
      static_cast<double>(ticks.refi) * tck * one_stack_.organisation.peak().si() / request_bytes);
  Window window{round / 2, round / 2 + 10 * round, 0, 0};
  measure_once(spec, window.to + round / 4, &window);
  Cost& cost = found->second;
  cost.per_byte = static_cast<double>(window.end - window.begin) * tck /
                  (static_cast<double>(window.to - window.from) * request_bytes);
  const Measurement m = measure_once(spec, 5 * round, nullptr);
  cost.beside = std::max(
      latency_.si(), static_cast<double>(m.cycles) * tck - cost.per_byte * m.bytes());
  return cost;
}

Measurement StreamingModel::measure_once(
    const TrafficSpec& spec, std::uint64_t requests, Window* window) const {
  const Organisation& o = one_stack_.organisation;
  MemorySystem memory(one_stack_, mapping_, policy_);
  Traffic traffic(spec, memory.address_map().capacity());
  const int outstanding = outstanding_per_pseudo_channel * o.pseudo_channels * o.channels;
  return measure(
      memory, traffic, {requests, static_cast<std::uint32_t>(outstanding), nullptr}, window);
}

StreamingModel::Cost StreamingModel::cost(const StreamShape& shape) {
  const double steps = std::clamp(shape.read_share, 0.0, 1.0) * share_steps;
  const int below = std::min(static_cast<int>(steps), share_steps - 1);
  const double above = steps - below;
  Cost cost;
  constexpr std::uint64_t places = 4;
  const std::uint64_t first = shape.placement == 0 ? 1 : shape.placement,
                      last = shape.placement == 0 ? places : shape.placement;
  const auto add = [&](double weight, int step) {
    if (weight == 0) return;
    for (std::uint64_t placement = first; placement <= last; ++placement) {
      const Cost& part = measured(step, shape, placement);
      const double share = weight / static_cast<double>(last - first + 1);
      cost.per_byte += share * part.per_byte;
      cost.beside += share * part.beside;
    }
  };
  add(1 - above, below);
  add(above, below + 1);
  return cost;
}

BytesPerSecond StreamingModel::rate(const StreamShape& shape) {
  return BytesPerSecond(stacks_ / cost(shape).per_byte);
}

}  // namespace headroom::hbm
