#include "sim/config/memory_timing.h"

#include <fmt/format.h>

#include <cassert>

namespace headroom::config {
namespace {

using hbm::Timing;

std::size_t index_of(std::string_view key) {
  const auto& parameters = timing_parameters();
  const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) {
    return p.key == key;
  });
  assert(found != parameters.end());
  return static_cast<std::size_t>(found - parameters.begin());
}

Record<TimingSpec> declare(bool with_clock) {
  Record<TimingSpec> record("least distances between commands; 'ck' counts clocks of tck");
  if (with_clock)
    record.required("tck", &TimingSpec::tck_ps, whole_picoseconds(), "period of the command clock");
  const auto& parameters = timing_parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto value = [i](auto& spec) -> auto& { return spec.values[i]; };
    const std::string key(parameters[i].key), meaning(parameters[i].meaning);
    if (parameters[i].member != nullptr)
      record.required(key, value, clocked_time(), meaning);
    else
      record.optional(key, value, clocked_time_or_none(), "none", meaning);
  }
  return record;
}

// One thing that must hold: lhs >= (or >, for an interval) the sum of rhs.
struct Rule {
  std::string_view lhs;
  bool strict;
  std::vector<std::string_view> rhs;
};

const std::vector<Rule>& rules() {
  static const std::vector<Rule> list{
      {"trc", false, {"tras", "trp"}}, {"tccd_l", false, {"tccd_s"}}, {"tccd_r", false, {"tccd_s"}},
      {"trrd_l", false, {"trrd_s"}},   {"tfaw", false, {"trrd_s"}},   {"twtr_l", false, {"twtr_s"}},
      {"trefi", true, {"trfc"}},       {"trefi", true, {"trfcpb"}},   {"trefipb", true, {"trrefd"}},
  };
  return list;
}

class Checker {
 public:
  Checker(const TimingSpec& spec, const Node& timing, const Node& changes)
      : spec_(spec), timing_(timing), changes_(changes) {}

  void rule(const Rule& rule) const {
    double sum = 0;
    std::string names, values;
    std::vector<std::string_view> keys{rule.lhs};
    for (const std::string_view key : rule.rhs) {
      if (!spec_[key]) return;
      sum += spec_.picoseconds(key);
      names += (names.empty() ? "" : " + ") + std::string(key);
      values += (values.empty() ? "" : " + ") + ns(key);
      keys.push_back(key);
    }
    if (!spec_[rule.lhs]) return;
    const double slack = spec_.picoseconds(rule.lhs) - sum;
    if (rule.strict ? slack > representation : slack >= -representation) return;
    complain(
        keys,
        fmt::format("{} {} {}, {}", rule.lhs, rule.strict ? "above" : "at least", names, values));
  }

  [[noreturn]] void complain(
      const std::vector<std::string_view>& keys, const std::string& expectation) const {
    for (const std::string_view key : keys)
      if (changes_.exists() && changes_[key].exists()) bare(timing_[key]).expected(expectation);
    bare(timing_[keys.front()]).expected(expectation);
  }

  [[nodiscard]] std::string ns(std::string_view key) const {
    return fmt::format("{:g} ns", spec_.picoseconds(key) * 1e-3);
  }

 private:
  static constexpr double representation = 1e-3;  // ps

  const TimingSpec& spec_;
  const Node& timing_;
  const Node& changes_;
};

}  // namespace

const std::vector<TimingParameter>& timing_parameters() {
  static const std::vector<TimingParameter> list{
      {"trcd_rd", "ACT to RD of the bank", &Timing::trcd_rd},
      {"trcd_wr", "ACT to WR of the bank", &Timing::trcd_wr},
      {"trp", "PRE to ACT of the bank", &Timing::trp},
      {"tras", "ACT to PRE of the bank", &Timing::tras},
      {"trc", "ACT to ACT of the bank", &Timing::trc},
      {"tcl", "RD to its first data", &Timing::tcl},
      {"tcwl", "WR to its first data", &Timing::tcwl},
      {"tccd_s", "RD to RD, WR to WR, other bank group", &Timing::tccd_s},
      {"tccd_l", "RD to RD, WR to WR, same bank group", &Timing::tccd_l},
      {"trrd_s", "ACT to ACT, other bank group", &Timing::trrd_s},
      {"trrd_l", "ACT to ACT, same bank group", &Timing::trrd_l},
      {"tfaw", "window of at most four ACTs", &Timing::tfaw},
      {"twr", "end of write data to PRE of the bank", &Timing::twr},
      {"twtr_s", "end of write data to RD, other bank group", &Timing::twtr_s},
      {"twtr_l", "end of write data to RD, same bank group", &Timing::twtr_l},
      {"trtp", "RD to PRE of the bank", &Timing::trtp},
      {"trtw", "RD to WR", &Timing::trtw},
      {"tccd_r", "RD to RD, WR to WR, other stack id; none: tccd_s", nullptr, &Timing::tccd_r},
      {"trrefd", "REFpb to REFpb or ACT of another bank", nullptr, &Timing::trrefd},
      {"trefi", "average interval of all-bank refreshes", &Timing::trefi, nullptr, true},
      {"trefipb", "average interval of per-bank refreshes; none: no such command", nullptr,
       &Timing::trefipb, true},
      {"trfc", "REFab to the next command of its banks", &Timing::trfc},
      {"trfcpb", "REFpb to the next ACT of its bank", nullptr, &Timing::trfcpb},
  };
  return list;
}

const std::optional<ClockedTime>& TimingSpec::operator[](std::string_view key) const {
  return values[index_of(key)];
}

const Record<TimingSpec>& timing_record() {
  static const auto record = declare(true);
  return record;
}

const Record<TimingSpec>& timing_change_record() {
  static const auto record = declare(false);
  return record;
}

void check_timing(const TimingSpec& spec, const hbm::Organisation& organisation, Cycles burst,
                  const Node& timing, const Node& changes) {
  const Checker check(spec, timing, changes);
  for (const Rule& rule : rules()) check.rule(rule);

  const double burst_ps = static_cast<double>(burst) * static_cast<double>(spec.tck_ps);
  if (spec.picoseconds("tccd_s") < burst_ps - 1)
    check.complain({"tccd_s"}, fmt::format("at least the burst, {:g} ns", burst_ps * 1e-3));
  if (spec.picoseconds("trtw") + spec.picoseconds("tcwl") < spec.picoseconds("tcl") + burst_ps - 1)
    check.complain(
        {"trtw", "tcl", "tcwl"},
        fmt::format("trtw at least tcl + burst - tcwl, {} + {:g} ns - {}, or data collide",
                    check.ns("tcl"), burst_ps * 1e-3, check.ns("tcwl")));

  const bool per_bank = spec["trefipb"].has_value();
  for (const std::string_view key : {"trfcpb", "trrefd"})
    if (spec[key].has_value() != per_bank)
      check.complain({key, "trefipb"}, "trefipb, trfcpb and trrefd, or none of them");
  if (per_bank &&
      spec.picoseconds("trefipb") * organisation.banks() > spec.picoseconds("trefi") * (1 + 1e-6))
    check.complain(
        {"trefipb", "trefi"},
        fmt::format("trefipb at most trefi / {} banks, {:g} ns", organisation.banks(),
                    spec.picoseconds("trefi") * 1e-3 / organisation.banks()));
}

hbm::Timing clocked(const TimingSpec& spec, std::int64_t tck_ps, Cycles burst) {
  hbm::Timing timing;
  timing.tck_ps = tck_ps;
  timing.burst = burst;
  const auto& parameters = timing_parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!spec.values[i]) continue;
    const Cycles cycles = parameters[i].is_interval ? spec.values[i]->at_most(tck_ps)
                                                    : spec.values[i]->at_least(tck_ps);
    if (parameters[i].member != nullptr)
      timing.*parameters[i].member = cycles;
    else
      timing.*parameters[i].optional_member = cycles;
  }
  timing.trc = std::max(timing.trc, timing.tras + timing.trp);
  return timing;
}

}  // namespace headroom::config
