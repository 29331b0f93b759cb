#include "sim/netlist/netlist.h"

#include <gtest/gtest.h>

#include "tests/sim/netlist/modules.h"

namespace headroom::netlist {
namespace {

TEST(Netlist, CountsCellsAndWeighsNets) {
  const Netlist netlist = read(half_adder());
  EXPECT_EQ(netlist.gates.size(), 2U);
  EXPECT_EQ(netlist.flip_flops.size(), 2U);
  EXPECT_DOUBLE_EQ(netlist.gate_equivalents(), (12 + 6 + 16 + 16) / 4.0);
  EXPECT_EQ(netlist.depth(), 1);
  // Net a: a pin of the exclusive or (part 1, which drives `sum`) and one of the AND (part 1).
  EXPECT_DOUBLE_EQ(netlist.capacitance[2][1], 4 + 1);
  EXPECT_DOUBLE_EQ(netlist.capacitance[2][2], 0);
  // Net sum: driven in part 1, read by a flip-flop in part 2.
  EXPECT_DOUBLE_EQ(netlist.capacitance[5][1], 2);
  EXPECT_DOUBLE_EQ(netlist.capacitance[5][2], 1);
}

TEST(Netlist, OrdersGatesBehindTheirDrivers) {
  const Netlist netlist = read(module_of(
      R"("a": {"bits": [2]})",
      cell("last", "$_NOT_", R"("A": [4], "Y": [5])") + "," +
          cell("middle", "$_NOT_", R"("A": [3], "Y": [4])") + "," +
          cell("zfirst", "$_NOT_", R"("A": [2], "Y": [3])")));
  ASSERT_EQ(netlist.gates.size(), 3U);
  EXPECT_EQ(netlist.gates[0].output, 3U);
  EXPECT_EQ(netlist.gates[2].output, 5U);
  EXPECT_EQ(netlist.depth(), 3);
}

TEST(Netlist, RefusesWhatIsNotOne) {
  const auto message = [](const std::string& text) -> std::string {
    try {
      static_cast<void>(read(text));
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(message("[1, 2"), "not a netlist of one module as Yosys writes it");
  EXPECT_EQ(message("{}"), "not a netlist of one module as Yosys writes it");
  EXPECT_EQ(
      message(module_of("", cell("u", "$_DLATCH_P_", ""))), "a cell of unknown type '$_DLATCH_P_'");
  const std::string loop = cell("u", "$_NOT_", R"("A": [3], "Y": [2])") + "," +
                           cell("v", "$_NOT_", R"("A": [2], "Y": [3])");
  EXPECT_EQ(message(module_of("", loop)), "a loop without flip-flop");
  const std::string twice = cell("u", "$_NOT_", R"("A": [2], "Y": [3])") + "," +
                            cell("v", "$_NOT_", R"("A": [2], "Y": [3])");
  EXPECT_EQ(message(module_of("", twice)), "a net with two drivers");
}

}  // namespace
}  // namespace headroom::netlist
