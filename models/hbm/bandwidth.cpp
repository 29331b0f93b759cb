#include "models/hbm/bandwidth.h"

#include <algorithm>
#include <array>
#include <list>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <type_traits>

#include "models/hbm/streaming.h"

namespace headroom {

namespace {

// A round of refresh of two channels after three, eight places: within 2 % of all channels, longer
// and in more places (streaming_test).
constexpr hbm::Precision short_window{3, 1, 8, 2};
constexpr Cycles longest_refresh = 3072;  // below AnswerRing::size

// All that a channel's rate depends on.
auto key_of(const hbm::Device& device) {
  const hbm::Organisation& o = device.organisation;
  const hbm::Timing& t = device.timing;
  return std::make_tuple(
      std::tie(o.channels, o.pseudo_channels, o.stack_ids, o.bank_groups, o.banks_per_group, o.rows,
               o.columns, o.bus_bits, o.burst_length),
      std::tie(t.tck_ps, t.burst, t.trcd_rd, t.trcd_wr, t.trp, t.tras, t.trc, t.tcl, t.tcwl,
               t.tccd_s, t.tccd_l, t.tccd_r, t.trrd_s, t.trrd_l, t.tfaw, t.twr, t.twtr_s, t.twtr_l,
               t.trtp, t.trtw, t.trefi, t.trfc, t.trefipb, t.trfcpb, t.trrefd));
}

// A kind of device and the time that streams take on it.
class Streams {
 public:
  explicit Streams(const hbm::Device& device);
  Streams(const hbm::Device& device, const StreamSlowdowns& known)
      : device_(device), slowdown_(known) {}

  [[nodiscard]] bool are_of(const hbm::Device& device) const {
    return key_of(device_) == key_of(device);
  }
  [[nodiscard]] bool are_measured() const { return model_.has_value() || slowdown_[0] > 0; }
  // Time over that at the peak; interpolated between eighths of the share. Precondition: measured.
  [[nodiscard]] double slowdown(double read_share) {
    const double eighths = std::clamp(read_share, 0.0, 1.0) * steps;
    const auto below = static_cast<std::size_t>(eighths);
    const double above = eighths - static_cast<double>(below);
    return above == 0 ? measured(below)
                      : (1 - above) * measured(below) + above * measured(below + 1);
  }

 private:
  static constexpr int steps = hbm::StreamingModel::share_steps;
  static_assert(std::tuple_size_v<StreamSlowdowns> == steps + 1);

  double measured(std::size_t step) {
    double& known = slowdown_[step];
    if (known == 0) known = peak_ / model_->rate({static_cast<double>(step) / steps}).si();
    return known;
  }

  hbm::Device device_;
  std::optional<hbm::StreamingModel> model_;
  double peak_ = 0;  // bytes per second at the device's clock, a whole number of picoseconds
  StreamSlowdowns slowdown_{};  // 0: not measured yet
};

Streams::Streams(const hbm::Device& device) : device_(device) {
  const hbm::Organisation& o = device.organisation;
  const hbm::Timing& t = device.timing;
  if (o.channels == 0 || t.trfc > longest_refresh) return;
  hbm::Policy policy;
  policy.refresh = t.trefipb ? hbm::Refresh::per_bank : hbm::Refresh::all_bank;
  try {
    model_.emplace(device, hbm::Mapping{}, policy, short_window);
  } catch (const std::invalid_argument&) {
    return;
  }
  peak_ = static_cast<double>(o.burst_bytes()) * o.pseudo_channels * o.channels * o.stacks /
          (static_cast<double>(t.burst) * static_cast<double>(t.tck_ps) * 1e-12);
}

// The process remembers every kind of device it met, the last one first: mappings ask for the same
// one millions of times.
std::list<Streams>& met_devices() {
  static std::list<Streams> met;
  return met;
}

Streams& streams_of(const hbm::Device& device) {
  std::list<Streams>& met = met_devices();
  const auto found = std::find_if(met.begin(), met.end(), [&](const Streams& streams) {
    return streams.are_of(device);
  });
  if (found == met.end())
    met.emplace_front(device);
  else
    met.splice(met.begin(), met, found);
  return met.front();
}

}  // namespace

std::string stream_key(const hbm::Device& device) {
  const auto [organisation, timing] = key_of(device);
  std::string text;
  const auto add = [&text](const auto& value) {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(value)>>)
      text += (text.empty() ? "" : " ") + std::to_string(value);
    else
      text += value ? " " + std::to_string(*value) : std::string(" -");
  };
  std::apply([&](const auto&... values) { (add(values), ...); }, organisation);
  std::apply([&](const auto&... values) { (add(values), ...); }, timing);
  return text;
}

StreamSlowdowns measure_slowdowns(const hbm::Device& device) {
  Streams streams(device);
  StreamSlowdowns slowdowns{};
  for (std::size_t i = 0; i < slowdowns.size(); ++i)
    slowdowns[i] = streams.slowdown(
        static_cast<double>(i) / static_cast<double>(slowdowns.size() - 1));
  return slowdowns;
}

void remember_slowdowns(const hbm::Device& device, const StreamSlowdowns& slowdowns) {
  std::list<Streams>& met = met_devices();
  const bool known = std::any_of(met.begin(), met.end(), [&](const Streams& streams) {
    return streams.are_of(device);
  });
  if (!known) met.emplace_front(device, slowdowns);
}

bool is_measured(const HbmDescription& hbm) { return streams_of(hbm.device).are_measured(); }

BytesPerSecond sustained_bandwidth(const HbmDescription& hbm, double read_share) {
  Streams& streams = streams_of(hbm.device);
  if (streams.are_measured()) return hbm.bandwidth / streams.slowdown(read_share);
  const hbm::Timing& timing = hbm.device.timing;
  return hbm.bandwidth *
         (1.0 - static_cast<double>(timing.trfc) / static_cast<double>(timing.trefi));
}

void measure_all(const HbmDescription& hbm) {
  constexpr int steps = hbm::StreamingModel::share_steps;
  for (int i = 0; i <= steps; ++i) (void)sustained_bandwidth(hbm, static_cast<double>(i) / steps);
}

}  // namespace headroom
