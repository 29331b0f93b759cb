#include "sim/netlist/activity.h"

#include <gtest/gtest.h>

#include "tests/sim/netlist/modules.h"

namespace headroom::netlist {
namespace {

TEST(Activity, EveryGateComputesItsFunction) {
  struct Case {
    const char* type;
    bool (*expected)(bool a, bool b, bool c);
  };
  const Case cases[] = {
      {"$_NAND_", [](bool a, bool b, bool) { return !(a && b); }},
      {"$_NOR_", [](bool a, bool b, bool) { return !(a || b); }},
      {"$_AND_", [](bool a, bool b, bool) { return a && b; }},
      {"$_OR_", [](bool a, bool b, bool) { return a || b; }},
      {"$_XOR_", [](bool a, bool b, bool) { return a != b; }},
      {"$_XNOR_", [](bool a, bool b, bool) { return a == b; }},
      {"$_AOI3_", [](bool a, bool b, bool c) { return !((a && b) || c); }},
      {"$_OAI3_", [](bool a, bool b, bool c) { return !((a || b) && c); }},
      {"$_MUX_", [](bool a, bool b, bool c) { return c ? b : a; }},
  };
  for (const Case& one : cases) {
    const std::string third = std::string(one.type) == "$_MUX_" ? "S" : "C";
    const Netlist netlist = read(module_of(
        R"("in": {"bits": [2, 3, 4]}, "out": {"bits": [5]})",
        cell("u", one.type, R"("A": [2], "B": [3], ")" + third + R"(": [4], "Y": [5])")));
    for (unsigned in = 0; in < 8; ++in) {
      Activity activity(netlist);
      activity.set_all("in", in);
      activity.clock();
      EXPECT_EQ(activity.read("out", 0, 1, 17) != 0,
                one.expected((in & 1U) != 0, (in & 2U) != 0, (in & 4U) != 0))
          << one.type << " of " << in;
    }
  }
}

TEST(Activity, CountsTransitionsOfEveryStream) {
  const Netlist netlist = read(half_adder());
  Activity activity(netlist);
  for (int stream = 0; stream < Activity::streams; ++stream)
    activity.set("a", 0, 1, stream, stream < 5);
  activity.clock();
  EXPECT_EQ(activity.transitions(2), 5U);
  EXPECT_EQ(activity.transitions(5), 5U);  // a ^ b follows
  EXPECT_EQ(activity.transitions(6), 0U);  // a & b stays
  EXPECT_EQ(activity.transitions(7), 0U);  // the register comes with the next edge
  activity.clock();
  EXPECT_EQ(activity.transitions(7), 5U);
  EXPECT_EQ(activity.transitions(2), 5U);
}

TEST(Activity, AnEnableClocksItsRegistersOnly) {
  const Netlist netlist = read(half_adder());
  Activity activity(netlist);
  activity.set_all("a", 1);
  activity.set_all("b", 1);
  activity.clock();
  activity.clock();
  EXPECT_EQ(activity.read("q", 1, 1, 0), 0U);
  activity.set_all("enable", 1);
  activity.clock();
  activity.start_counting();
  activity.clock();
  EXPECT_EQ(activity.read("q", 1, 1, 0), 1U);
  EXPECT_EQ(activity.clocked(2), 128U);  // both, once in each stream
  activity.set_all("enable", 0);
  activity.clock();  // still enabled at this edge
  activity.start_counting();
  activity.clock();
  EXPECT_EQ(activity.clocked(2), 64U);
}

// a ^ not not a: still, but for the two gates that the change takes longer on one way.
TEST(Activity, TimingSeesGlitchesWithinAStage) {
  const Netlist netlist = read(module_of(
      R"("a": {"bits": [2]}, "out": {"bits": [5]})",
      cell("once", "$_NOT_", R"("A": [2], "Y": [3])") + "," +
          cell("twice", "$_NOT_", R"("A": [3], "Y": [4])") + "," +
          cell("both", "$_XOR_", R"("A": [2], "B": [4], "Y": [5])")));
  const auto glitches = [&netlist](int stage) {
    Activity activity(netlist, stage);
    activity.start_counting();
    activity.set_all("a", 1);
    activity.clock();
    EXPECT_EQ(activity.read("out", 0, 1, 0), 0U);
    EXPECT_EQ(activity.transitions(4), 64U);
    return activity.transitions(5);
  };
  EXPECT_EQ(glitches(0), 0U);  // without timing
  EXPECT_EQ(glitches(100), 128U);
  EXPECT_EQ(glitches(3), 128U);  // all in one stage
  EXPECT_EQ(glitches(2), 0U);    // the exclusive or is in the next, and sees both inputs at once
  EXPECT_EQ(glitches(1), 0U);
}

}  // namespace
}  // namespace headroom::netlist
