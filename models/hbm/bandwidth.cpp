#include "models/hbm/bandwidth.h"

#include <list>
#include <optional>
#include <stdexcept>
#include <tuple>

#include "models/hbm/streaming.h"

namespace headroom {

namespace {

// Six rounds of refresh of one channel, two places: within 2 % of the default (streaming_test).
constexpr hbm::Precision short_window{6, 2, 1};
constexpr Cycles longest_refresh = 3072;  // below AnswerRing::size

// All that a channel's rate depends on.
auto key_of(const hbm::Device& device) {
  const hbm::Organisation& o = device.organisation;
  const hbm::Timing& t = device.timing;
  return std::make_tuple(
      std::tie(o.pseudo_channels, o.stack_ids, o.bank_groups, o.banks_per_group, o.rows, o.columns,
               o.bus_bits, o.burst_length),
      std::tie(t.tck_ps, t.burst, t.trcd_rd, t.trcd_wr, t.trp, t.tras, t.trc, t.tcl, t.tcwl,
               t.tccd_s, t.tccd_l, t.tccd_r, t.trrd_s, t.trrd_l, t.tfaw, t.twr, t.twtr_s, t.twtr_l,
               t.trtp, t.trtw, t.trefi, t.trfc, t.trefipb, t.trfcpb, t.trrefd));
}

struct Streams {
  hbm::Device device;
  std::optional<hbm::StreamingModel> model;  // none: not measured
  double peak = 0;  // bytes per second at the device's clock, a whole number of picoseconds
};

Streams streams_of(const hbm::Device& device) {
  Streams streams{device, std::nullopt, 0};
  const hbm::Organisation& o = device.organisation;
  const hbm::Timing& t = device.timing;
  if (t.trfc > longest_refresh) return streams;
  hbm::Policy policy;
  policy.refresh = t.trefipb ? hbm::Refresh::per_bank : hbm::Refresh::all_bank;
  try {
    streams.model.emplace(device, hbm::Mapping{}, policy, short_window);
  } catch (const std::invalid_argument&) {
    return streams;
  }
  streams.peak = static_cast<double>(o.burst_bytes()) * o.pseudo_channels * o.channels * o.stacks /
                 (static_cast<double>(t.burst) * static_cast<double>(t.tck_ps) * 1e-12);
  return streams;
}

// Null: not measured.
Streams* remembered(const hbm::Device& device) {
  static std::list<Streams> all;
  if (device.organisation.channels == 0) return nullptr;
  for (Streams& streams : all)
    if (key_of(streams.device) == key_of(device)) return streams.model ? &streams : nullptr;
  Streams& streams = all.emplace_back(streams_of(device));
  return streams.model ? &streams : nullptr;
}

}  // namespace

bool is_measured(const HbmDescription& hbm) { return remembered(hbm.device) != nullptr; }

BytesPerSecond sustained_bandwidth(const HbmDescription& hbm, double read_share) {
  if (Streams* streams = remembered(hbm.device))
    return hbm.bandwidth * (streams->model->rate({read_share}).si() / streams->peak);
  const hbm::Timing& timing = hbm.device.timing;
  return hbm.bandwidth *
         (1.0 - static_cast<double>(timing.trfc) / static_cast<double>(timing.trefi));
}

}  // namespace headroom
