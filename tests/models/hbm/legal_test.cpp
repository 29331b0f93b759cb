// What the controller issues, the checker accepts: every device, page policy and kind of refresh
// under traffic of several kinds. The two share no code.
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "models/hbm/checker.h"
#include "models/hbm/measure.h"
#include "models/hbm/traffic.h"
#include "sim/config/load_memory.h"
#include "tests/support/seed.h"

namespace headroom::hbm {
namespace {

struct Case {
  Device device;
  Mapping mapping;
  Policy policy;
  TrafficSpec traffic;
  std::uint64_t requests = 0;
  std::uint32_t outstanding = 0;
};

// The commands that the checker saw, and its first complaint.
struct Judged {
  std::int64_t commands = 0, violations = 0;
  std::string first;
  std::set<std::string> rules;
};

// `rules`: the device whose rules the checker knows, by default that of the controller.
Judged judge(const Case& run, const Device& rules) {
  Judged judged;
  const auto rule = run.policy.refresh == Refresh::per_bank
                        ? RefreshRule::per_bank
                        : RefreshRule::all_bank;
  CommandChecker checker(rules, rule, [&](const Violation& violation) {
    if (judged.first.empty()) judged.first = violation.text();
  });
  MemorySystem memory(run.device, run.mapping, run.policy);
  Traffic traffic(run.traffic, static_cast<std::uint64_t>(run.device.organisation.capacity().si()));
  Injection injection;
  injection.requests = run.requests;
  injection.outstanding = run.outstanding;
  injection.commands = [&](const std::vector<Command>& commands) {
    for (const Command& command : commands) checker.check(command);
  };
  measure(memory, traffic, injection);
  checker.finish();
  judged.commands = checker.commands();
  judged.violations = checker.violations();
  for (const auto& [name, count] : checker.by_rule()) judged.rules.emplace(name);
  return judged;
}
Judged judge(const Case& run) { return judge(run, run.device); }

class LegalCommands : public ::testing::TestWithParam<const char*> {};

TEST_P(LegalCommands, UnderEveryPolicyAndPattern) {
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  std::int64_t commands = 0;
  int number = 0;
  for (const Refresh refresh : {Refresh::all_bank, Refresh::per_bank})
    for (const Page page : {Page::open, Page::closed})
      for (const Pattern pattern :
           {Pattern::stream, Pattern::random, Pattern::strided, Pattern::mixed}) {
        Case run{load_memory(GetParam(), config::ConfigPaths()), {}, {}, {}, 12'000, 0};
        run.device.organisation.channels = 1 << random() % 3;  // few, so that each sees much
        run.mapping.interleave = 32 << random() % 4;
        run.policy.refresh = refresh, run.policy.page = page;
        run.traffic.pattern = pattern;
        run.traffic.read_share = static_cast<double>(random() % 5) / 4;
        run.traffic.stride = 64 * (1 + random() % 5000);
        run.traffic.contenders = 1 + static_cast<int>(random() % 4);
        run.traffic.seed = random();
        run.outstanding = 1 + static_cast<std::uint32_t>(random() % 600);
        const Judged judged = judge(run);
        EXPECT_EQ(judged.violations, 0)
            << "case " << number << ", " << page_names[static_cast<std::size_t>(page)] << " page, "
            << refresh_names[static_cast<std::size_t>(refresh)] << ", "
            << pattern_names[static_cast<std::size_t>(pattern)] << ": " << judged.first;
        EXPECT_GE(judged.commands, 12'000);
        commands += judged.commands;
        ++number;
      }
  RecordProperty("commands", static_cast<int>(commands));
  EXPECT_GT(commands, 200'000);
}

INSTANTIATE_TEST_SUITE_P(
    Devices, LegalCommands, ::testing::Values("hbm2", "hbm2e", "hbm3", "hbm3e", "hbm4"),
    [](const auto& test) { return std::string(test.param); });

// A whole stack with nothing to spare: idle channels are refreshed too.
TEST(LegalCommandsOf, AStackThatIsHardlyUsed) {
  for (const Refresh refresh : {Refresh::all_bank, Refresh::per_bank}) {
    Case run{load_memory("hbm3", config::ConfigPaths(), 2), {}, {}, {}, 2'000, 1};
    run.policy.refresh = refresh;
    run.traffic.pattern = Pattern::random;
    run.traffic.read_share = 0.5;
    const Judged judged = judge(run);
    EXPECT_EQ(judged.violations, 0) << judged.first;
  }
}

// Devices of other timings, so that no rule is hidden by the numbers of the shipped ones.
TEST(LegalCommandsOf, MadeUpTimings) {
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed() + 1);
  const auto any = [&](Cycles low, Cycles high) { return low + random() % (high - low + 1); };
  for (int i = 0; i < 40; ++i) {
    Case run{load_memory("hbm3", config::ConfigPaths()), {}, {}, {}, 6'000, 200};
    Organisation& o = run.device.organisation;
    Timing& t = run.device.timing;
    o.channels = 1, o.stack_ids = 1 << random() % 3, o.bank_groups = 2 << random() % 2;
    t.trcd_rd = any(5, 40), t.trcd_wr = any(5, 40), t.trp = any(5, 40), t.tras = any(20, 60);
    t.trc = t.tras + t.trp + any(0, 20);
    t.tcl = any(8, 30), t.tcwl = any(4, 30);
    t.tccd_s = any(2, 4), t.tccd_l = t.tccd_s + any(0, 4), t.tccd_r = t.tccd_s + any(0, 3);
    t.trrd_s = any(2, 8), t.trrd_l = t.trrd_s + any(0, 6), t.tfaw = any(t.trrd_s, 60);
    t.twr = any(4, 40), t.twtr_s = any(1, 10), t.twtr_l = t.twtr_s + any(0, 10);
    t.trtp = any(2, 20);
    t.trtw = (t.tcl + t.burst > t.tcwl ? t.tcl + t.burst - t.tcwl : 1) + any(0, 8);
    t.trfc = any(100, 900), t.trfcpb = any(50, 500), t.trrefd = any(2, 20);
    t.trefipb = t.trefi / static_cast<Cycles>(o.banks());
    run.policy.refresh = random() % 2 == 0 ? Refresh::all_bank : Refresh::per_bank;
    run.policy.page = random() % 3 == 0 ? Page::closed : Page::open;
    run.traffic.pattern = random() % 2 == 0 ? Pattern::random : Pattern::mixed;
    run.traffic.read_share = static_cast<double>(1 + random() % 3) / 4;
    run.traffic.seed = random();
    const Judged judged = judge(run);
    EXPECT_EQ(judged.violations, 0) << "case " << i << ": " << judged.first;
  }
}

// The controller waits no clock longer than it must: a checker whose device needs one more of some
// timing finds commands that come too early for it. So each of these rules is met by this traffic.
TEST(LegalCommandsOf, AControllerThatWaitsNoLongerThanItMust) {
  struct Stricter {
    std::string rule;
    std::function<void(Timing&)> change;
  };
  const std::vector<Stricter> all{
      {"tRCD_RD", [](Timing& t) { ++t.trcd_rd; }}, {"tRCD_WR", [](Timing& t) { ++t.trcd_wr; }},
      {"tRP", [](Timing& t) { ++t.trp; }},         {"tRAS", [](Timing& t) { ++t.tras; }},
      {"tRC", [](Timing& t) { ++t.trc; }},         {"tCCD_S", [](Timing& t) { ++t.tccd_s; }},
      {"tCCD_L", [](Timing& t) { ++t.tccd_l; }},   {"tCCD_R", [](Timing& t) { ++*t.tccd_r; }},
      {"tRRD_S", [](Timing& t) { ++t.trrd_s; }},   {"tRRD_L", [](Timing& t) { ++t.trrd_l; }},
      {"tFAW", [](Timing& t) { ++t.tfaw; }},       {"tWR", [](Timing& t) { ++t.twr; }},
      {"tWTR_S", [](Timing& t) { ++t.twtr_s; }},   {"tWTR_L", [](Timing& t) { ++t.twtr_l; }},
      {"tRTP", [](Timing& t) { ++t.trtp; }},       {"tRTW", [](Timing& t) { ++t.trtw; }},
      {"tRFC", [](Timing& t) { ++t.trfc; }},       {"tRFCpb", [](Timing& t) { ++*t.trfcpb; }},
      {"tRREFD", [](Timing& t) { ++*t.trrefd; }},
  };
  for (const Stricter& stricter : all) {
    std::set<std::string> rules;
    for (const Refresh refresh : {Refresh::all_bank, Refresh::per_bank})
      for (const Pattern pattern : {Pattern::random, Pattern::mixed}) {
        Case run{load_memory("hbm3", config::ConfigPaths()), {}, {}, {}, 8'000, 300};
        run.device.organisation.channels = 1;
        run.policy.refresh = refresh;
        run.traffic.pattern = pattern;
        run.traffic.read_share = 0.6;
        Device rule_device = run.device;
        stricter.change(rule_device.timing);
        const Judged judged = judge(run, rule_device);
        rules.insert(judged.rules.begin(), judged.rules.end());
      }
    EXPECT_EQ(rules.count(stricter.rule), 1u) << stricter.rule;
  }
}

}  // namespace
}  // namespace headroom::hbm
