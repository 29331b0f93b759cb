#include "sim/cli/memory_describe.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "sim/config/memory_timing.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;
using hbm::Device;

struct TimingRow {
  std::string key, meaning;
  std::optional<Cycles> clocks;
};

std::vector<TimingRow> timing_rows(const hbm::Timing& timing) {
  std::vector<TimingRow> rows{{"tck", "period of the command clock", 1}};
  for (const config::TimingParameter& parameter : config::timing_parameters()) {
    const std::optional<Cycles> clocks = parameter.member != nullptr
                                             ? std::optional<Cycles>(timing.*parameter.member)
                                             : timing.*parameter.optional_member;
    rows.push_back({std::string(parameter.key), std::string(parameter.meaning), clocks});
  }
  rows.push_back({"burst", "data of a column command on the bus", timing.burst});
  return rows;
}

// Exact to the picosecond: 3 x 435 ps print as 1.305, not 1.3049999999999997.
double nanoseconds(Cycles clocks, std::int64_t tck_ps) {
  return static_cast<double>(static_cast<std::int64_t>(clocks) * tck_ps) / 1000;
}

Json organisation_json(const hbm::Organisation& o) {
  return {
      {"stacks", o.stacks},
      {"channels", o.channels},
      {"pseudo_channels", o.pseudo_channels},
      {"stack_ids", o.stack_ids},
      {"bank_groups", o.bank_groups},
      {"banks_per_group", o.banks_per_group},
      {"rows", o.rows},
      {"columns", o.columns},
      {"bus_bits", o.bus_bits},
      {"burst_length", o.burst_length},
      {"data_rate_mt_s", o.data_rate_mt_s}};
}

Json to_json(const Device& device) {
  Json timing = Json::object();
  for (const TimingRow& row : timing_rows(device.timing))
    timing[row.key] = row.clocks ? Json(nanoseconds(*row.clocks, device.timing.tck_ps)) : Json();
  return {
      {"schema", "headroom.memory_description/1"},
      {"device", device.id},
      {"name", device.name},
      {"capacity_bytes", static_cast<std::int64_t>(device.organisation.capacity().si())},
      {"peak_gb_s", device.organisation.peak().si() * 1e-9},
      {"organisation", organisation_json(device.organisation)},
      {"timing_ns", std::move(timing)}};
}

std::string table(const Device& device) {
  const hbm::Organisation& o = device.organisation;
  const auto plural = [](int count, const char* noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
  };
  std::string text = fmt::format(
      "{}: {} of {:g} GiB, together {:g} GB/s at {} MT/s\n", device.name, plural(o.stacks, "stack"),
      o.capacity().si() / o.stacks / (1 << 30), o.peak().si() * 1e-9, o.data_rate_mt_s);
  text += fmt::format(
      "  {} x {} x {} x {} x {} of {} rows x {} bursts of {} B\n", plural(o.channels, "channel"),
      plural(o.pseudo_channels, "pseudo-channel"), plural(o.stack_ids, "stack id"),
      plural(o.bank_groups, "bank group"), plural(o.banks_per_group, "bank"), o.rows, o.columns,
      o.burst_bytes());
  text += fmt::format(
      "  a pseudo-channel has {} data bits and bursts of {} transfers\n\n", o.bus_bits,
      o.burst_length);
  text += fmt::format("  {:<8}  {:>9}  {:>6}\n", "timing", "ns", "clocks");
  for (const TimingRow& row : timing_rows(device.timing))
    text += row.clocks
                ? fmt::format(
                      "  {:<8}  {:>9.3f}  {:>6}  {}\n", row.key,
                      nanoseconds(*row.clocks, device.timing.tck_ps), *row.clocks, row.meaning)
                : fmt::format("  {:<8}  {:>9}  {:>6}  {}\n", row.key, "-", "-", row.meaning);
  return text;
}

}  // namespace

std::string describe_memory(const Device& device, bool json) {
  return json ? to_json(device).dump(2) + '\n' : table(device);
}

}  // namespace headroom
