#include "sim/config/memory.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace headroom::config {
namespace {

using hbm::Organisation;

constexpr int most_units = 1 << 16;  // of one level; keeps absurd files from taking the machine
constexpr std::int64_t most_rows = std::int64_t{1} << 30;

// Levels that addresses select by their bits.
template <class I = int>
Kind<I> power_of_two(I high = most_units) {
  const std::string expected = fmt::format("a power of two from 1 to {}", high);
  return scalar_kind<I>(
      [=](const Node& node) {
        const auto value = node.integer(1, high);
        if ((value & (value - 1)) != 0) node.expected(expected);
        return static_cast<I>(value);
      },
      expected, integer_schema(1, high), [](const I& value) { return Json(value); });
}

Kind<std::int64_t> transfer_rate() {
  return scalar_kind<std::int64_t>(
      [](const Node& node) {
        const double rate = read_quantity(node, Dimension::transfer_rate) * 1e-6;
        if (rate < 1 || rate > 1e6 || std::abs(rate - std::round(rate)) > 1e-6)
          node.expected("a whole number of MT/s from 1 MT/s to 1000 GT/s");
        return static_cast<std::int64_t>(std::round(rate));
      },
      example_of(Dimension::transfer_rate), quantity_schema(Dimension::transfer_rate),
      [](const std::int64_t& rate) { return Json(rate); });
}

const Record<Organisation>& organisation_record() {
  using O = Organisation;
  static const auto record =
      Record<O>("organisation of one stack")
          .required("channels", &O::channels, power_of_two(), "per stack")
          .required("pseudo_channels", &O::pseudo_channels, power_of_two(),
                    "per channel; they share its command buses")
          .optional("stack_ids", &O::stack_ids, power_of_two(), "1",
                    "ranks of dies behind a pseudo-channel")
          .required(
              "bank_groups", &O::bank_groups, power_of_two(), "per pseudo-channel and stack id")
          .required("banks_per_group", &O::banks_per_group, power_of_two(), "per bank group")
          .required("rows", &O::rows, integer(1, most_rows), "per bank")
          .required("columns", &O::columns, power_of_two(), "bursts per row")
          .required("bus_bits", &O::bus_bits, power_of_two(), "data bus of a pseudo-channel")
          .required(
              "burst_length", &O::burst_length, power_of_two(), "transfers of a column command")
          .required("data_rate", &O::data_rate_mt_s, transfer_rate(), "per pin");
  return record;
}

// How many transfers each of 2, 4 or 8 a clock would have to be.
constexpr std::array transfers_per_clock{2, 4, 8};

double clock_ps(int transfers, std::int64_t data_rate_mt_s) {
  return transfers * 1e6 / static_cast<double>(data_rate_mt_s);
}

int read_transfers_per_clock(const MemorySpec& spec, const Node& file) {
  const std::int64_t rate = spec.organisation.data_rate_mt_s;
  std::string periods;
  for (const int transfers : transfers_per_clock) {
    if (std::abs(clock_ps(transfers, rate) - static_cast<double>(spec.timing.tck_ps)) < 1)
      return transfers;
    periods += fmt::format(
        "{}{:.0f}", periods.empty() ? "" : " or ", std::ceil(clock_ps(transfers, rate)));
  }
  bare(file["timing"]["tck"])
      .expected(fmt::format("{} ps, which hold 2, 4 or 8 transfers at organisation.data_rate, {}",
                            periods, bare(file["organisation"]["data_rate"]).text()));
}

void check_organisation(const MemorySpec& spec, const Node& file) {
  const Organisation& o = spec.organisation;
  const Node organisation = file["organisation"];
  if (o.bus_bits < 8) bare(organisation["bus_bits"]).expected("at least a byte, 8");
  if (o.burst_length % spec.transfers_per_clock != 0)
    bare(organisation["burst_length"])
        .expected(
            fmt::format("a multiple of the {} transfers of a clock", spec.transfers_per_clock));
  if (std::abs(spec.capacity.si() - o.capacity().si()) > 0.5)
    bare(file["capacity"])
        .expected(
            fmt::format("{:g} GiB, which the organisation gives", o.capacity().si() / (1 << 30)));
  if (std::abs(spec.bandwidth.si() - o.peak().si()) > 1e-3 * o.peak().si())
    bare(file["bandwidth"])
        .expected(fmt::format(
            "{:g} GB/s within 0.1 %, which the organisation gives", o.peak().si() * 1e-9));
}

hbm::Device assembled(const MemorySpec& spec, const std::string& id, int stacks,
                      std::int64_t data_rate_mt_s, std::int64_t tck_ps) {
  hbm::Device device{id, spec.name, spec.organisation, clocked(spec.timing, tck_ps, spec.burst())};
  device.organisation.stacks = stacks;
  device.organisation.data_rate_mt_s = data_rate_mt_s;
  return device;
}

bool refresh_leaves_time(const hbm::Timing& timing) {
  return timing.trefi > timing.trfc &&
         (!timing.trefipb || (timing.trefi > *timing.trfcpb && *timing.trefipb > *timing.trrefd));
}

}  // namespace

const Record<MemorySpec>& memory_file_record() {
  using M = MemorySpec;
  static const auto
      record = Record<M>("a generation of HBM")
                   .required("name", &M::name, text(), "as its standard calls it")
                   .required("latency", &M::latency, quantity<Seconds>(),
                             "unloaded read latency seen by a core")
                   .group("organisation", &M::organisation, organisation_record())
                   .group("timing", &M::timing, timing_record())
                   .required(
                       "capacity", &M::capacity, quantity<Bytes>(), "of one stack, as published")
                   .required("bandwidth", &M::bandwidth, quantity<BytesPerSecond>(),
                             "of one stack, as published");
  return record;
}

const Record<HbmDescription>& memory_use_record() {
  using H = HbmDescription;
  static const auto id = [](auto& hbm) -> auto& { return hbm.device.id; };
  static const auto stacks = [](auto& hbm) -> auto& { return hbm.device.organisation.stacks; };
  static const auto
      record = Record<H>("the HBM of a chip")
                   .required("device", id, text(), "a file of configs/memories")
                   .required("stacks", stacks, integer<int>(1, most_units), "stacks per chip")
                   .required("capacity", &H::capacity, quantity<Bytes>(),
                             "of all stacks, as software sees it")
                   .required("bandwidth", &H::bandwidth, quantity<BytesPerSecond>(),
                             "peak of all stacks; gives the data rate")
                   .overriding("latency", &H::latency, quantity<Seconds>(), "the memory's file",
                               "unloaded read latency seen by a core")
                   .ignored("timing", timing_change_record().schema(true));
  return record;
}

MemorySpec read_memory_file(const Node& file, const Node& timing_changes) {
  if (timing_changes.exists())
    timing_changes.refuse_unknown_keys(timing_change_record().keys(), provenance_keys());
  const Node
      changed = timing_changes.exists() ? overlay(file["timing"], timing_changes) : file["timing"];
  MemorySpec spec = memory_file_record().read(file);
  spec.transfers_per_clock = read_transfers_per_clock(spec, file);
  check_organisation(spec, file);
  spec.timing = timing_record().read(changed);
  check_timing(spec.timing, spec.organisation, spec.burst(), changed, timing_changes);
  return spec;
}

hbm::Device device_of(const MemorySpec& spec, const std::string& id, int stacks) {
  return assembled(spec, id, stacks, spec.organisation.data_rate_mt_s, spec.timing.tck_ps);
}

hbm::Device device_of(const MemorySpec& spec, const std::string& id, int stacks,
                      BytesPerSecond bandwidth, const Node& bandwidth_at) {
  Organisation at_one = spec.organisation;
  at_one.stacks = stacks;
  at_one.data_rate_mt_s = 1;
  const double rate = std::round(bandwidth / at_one.peak());
  if (rate < 1 || rate > spec.transfers_per_clock * 1e6)
    bandwidth_at.expected(fmt::format(
        "{:g} to {:g} GB/s, or the clock of {} x {} is no whole number of picoseconds",
        at_one.peak().si() * 1e-9, at_one.peak().si() * 1e-3 * spec.transfers_per_clock, stacks,
        id));
  const auto data_rate = static_cast<std::int64_t>(rate);
  if (data_rate == spec.organisation.data_rate_mt_s) return device_of(spec, id, stacks);
  // Rounded up, so that no pin is faster than its rate.
  const auto tck = static_cast<std::int64_t>(
      std::ceil(clock_ps(spec.transfers_per_clock, data_rate)));
  hbm::Device device = assembled(spec, id, stacks, data_rate, tck);
  if (!refresh_leaves_time(device.timing))
    bandwidth_at.expected(fmt::format(
        "a faster clock than the {} MT/s of {} x {}, at which refresh leaves no time for work",
        data_rate, stacks, id));
  return device;
}

HbmDescription read_memory_use(const Node& use, const ConfigPaths& paths) {
  HbmDescription hbm;
  const Node id = bare(use["device"]);
  if (!id.exists()) return memory_use_record().read(use);  // says what is missing
  const MemorySpec spec = read_memory_file(
      Node::load(paths.resolve(id, "memories", "memory")), use["timing"]);
  hbm.latency = spec.latency;
  memory_use_record().read_into(use, hbm);
  hbm.device = device_of(
      spec, hbm.device.id, hbm.device.organisation.stacks, hbm.bandwidth, bare(use["bandwidth"]));
  return hbm;
}

Json write_device(const hbm::Device& device) {
  Json timing{{"tck_ps", device.timing.tck_ps}, {"burst", device.timing.burst}};
  for (const TimingParameter& parameter : timing_parameters()) {
    Json& value = timing[std::string(parameter.key)];
    if (parameter.member != nullptr)
      value = device.timing.*parameter.member;
    else if (const auto& cycles = device.timing.*parameter.optional_member)
      value = *cycles;
  }
  return {{"stacks", device.organisation.stacks},
          {"organisation", organisation_record().write(device.organisation)},
          {"timing_ck", timing}};
}

}  // namespace headroom::config
