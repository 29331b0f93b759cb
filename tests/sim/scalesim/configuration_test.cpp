#include "sim/scalesim/configuration.h"

#include "tests/sim/scalesim/support.h"

namespace headroom::scalesim {
namespace {

// In the shape of v2's files: no [layout], no [sparsity], odd spacing.
const std::string version_2 =
    "[general]\n"
    "run_name = a run\n"
    "\n"
    "[architecture_presets]\n"
    "ArrayHeight:    12\n"
    "ArrayWidth:     14\n"
    "IfmapSramSzkB:   36\n"
    "FilterSramSzkB:  40\n"
    "OfmapSramSzkB:   44\n"
    "IfmapOffset:    0\n"
    "FilterOffset:   10000000\n"
    "OfmapOffset:    20000000\n"
    "Bandwidth : 10, 20\n"
    "Dataflow : ws\n"
    "MemoryBanks:   1\n"
    "\n"
    "[run_presets]\n"
    "InterfaceBandwidth: CALC";

// What v3's files have more.
const std::string version_3 =
    "\nUseRamulatorTrace: False\n"
    "[layout]\n"
    "IfmapCustomLayout: False\n"
    "IfmapSRAMBankBandwidth: 100\n"
    "IfmapSRAMBankNum: 10\n"
    "IfmapSRAMBankPort: 2\n"
    "FilterCustomLayout: False\n"
    "FilterSRAMBankBandwidth: 60\n"
    "FilterSRAMBankNum: 6\n"
    "FilterSRAMBankPort: 2\n"
    "[sparsity]\n"
    "SparsitySupport : false\n"
    "SparseRep : ellpack_block\n"
    "OptimizedMapping : false\n"
    "BlockSize : 8\n"
    "RandomNumberGeneratorSeed : 40\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

Configuration parse(const std::string& text) { return parse_configuration(text, "a.cfg"); }

std::string message(const std::string& text) {
  return message_of([&] { parse(text); });
}

TEST(Configuration, ReadsVersion2) {
  const Configuration read = parse(version_2);
  EXPECT_EQ(read.run_name, "a run");
  EXPECT_EQ(read.rows, 12);
  EXPECT_EQ(read.columns, 14);
  EXPECT_EQ(read.sram_words.ifmap, 36 * 1024);
  EXPECT_EQ(read.sram_words.filter, 40 * 1024);
  EXPECT_EQ(read.sram_words.ofmap, 44 * 1024);
  EXPECT_EQ(read.dataflow, Dataflow::weight_stationary);
  EXPECT_FALSE(read.user_bandwidth);
  EXPECT_TRUE(read.notes.empty());
}

TEST(Configuration, ReadsVersion3AndEveryDataflow) {
  EXPECT_EQ(parse(version_2 + version_3).rows, 12);
  EXPECT_EQ(parse(replaced(version_2, ": ws", "=os")).dataflow, Dataflow::output_stationary);
  EXPECT_EQ(parse(replaced(version_2, ": ws", "=is")).dataflow, Dataflow::input_stationary);
}

TEST(Configuration, BandwidthComesFromWhereScaleSimTakesIt) {
  const Configuration two = parse(replaced(version_2, "CALC", "USER"));
  EXPECT_TRUE(two.user_bandwidth);
  EXPECT_EQ(two.bandwidth.ifmap, 10);
  EXPECT_EQ(two.bandwidth.filter, 10);
  EXPECT_EQ(two.bandwidth.ofmap, 10);
  EXPECT_EQ(two.bandwidth_source, "Bandwidth");
  const Configuration three = parse(replaced(version_2 + version_3, "CALC", "USER"));
  EXPECT_EQ(three.bandwidth.ifmap, 100);
  EXPECT_EQ(three.bandwidth.filter, 60);
  EXPECT_EQ(three.bandwidth.ofmap, 10);
}

TEST(Configuration, KeysNeedNoCaseAndForeignOnesAreNoted) {
  const Configuration read = parse(
      replaced(version_2, "ArrayHeight:", "ARRAYHEIGHT=") + "\nQuantumTunnel: 3\n[vendor]\na=b\n");
  EXPECT_EQ(read.rows, 12);
  ASSERT_EQ(read.notes.size(), 2U);
  EXPECT_EQ(read.notes[0], "a.cfg:19:1: run_presets.QuantumTunnel is not used");
  EXPECT_EQ(read.notes[1], "a.cfg:20:2: section [vendor] is not used");
}

TEST(Configuration, ASlipOfANameGetsTheNameMeant) {
  const std::string slip = message(replaced(version_2, "ArrayWidth", "ArrayWdth"));
  EXPECT_EQ(slip.find("a.cfg:6:1: architecture_presets.ArrayWdth: found the unknown name "
                      "'ArrayWdth'; expected one of ArrayHeight, "),
            0U)
      << slip;
  EXPECT_NE(slip.find("; did you mean 'ArrayWidth'?"), std::string::npos) << slip;
  EXPECT_EQ(
      message(replaced(version_2, "[general]", "[genral]")),
      "a.cfg:1:2: genral: found the unknown name 'genral'; expected one of DEFAULT, "
      "architecture_presets, general, layout, network_presets, run_presets, sparsity; did "
      "you mean 'general'?");
}

TEST(Configuration, WhatIsMissingIsNamed) {
  EXPECT_EQ(message(replaced(version_2, "ArrayHeight:    12\n", "")),
            "a.cfg:18:1: architecture_presets.ArrayHeight: found no key 'ArrayHeight'; expected "
            "this key, which SCALE-Sim needs");
  EXPECT_EQ(message("[general]\nrun_name=a\n"),
            "a.cfg:3:1: architecture_presets.ArrayHeight: found no section "
            "[architecture_presets]; expected this key, which SCALE-Sim needs");
  EXPECT_EQ(message("").substr(0, 28), "a.cfg:1:1: general.run_name:");
  // Only USER needs a bandwidth.
  const std::string without = replaced(version_2, "Bandwidth : 10, 20\n", "");
  EXPECT_EQ(message(without), "");
  EXPECT_EQ(message(replaced(without, "CALC", "USER")),
            "a.cfg:18:1: architecture_presets.Bandwidth: found no key 'Bandwidth'; expected this "
            "key, which SCALE-Sim needs");
}

TEST(Configuration, WrongValuesAreNamedWithTheirPlace) {
  EXPECT_EQ(message(replaced(version_2, "   12\n", "   12 # rows\n")),
            "a.cfg:5:17: architecture_presets.ArrayHeight: found '12 # rows'; expected a whole "
            "number from 1 to 65536");
  EXPECT_EQ(message(replaced(version_2, "   12\n", "   0\n")),
            "a.cfg:5:17: architecture_presets.ArrayHeight: found '0'; expected a whole number "
            "from 1 to 65536");
  EXPECT_EQ(message(replaced(version_2, "   12\n", "\n")),
            "a.cfg:5:13: architecture_presets.ArrayHeight: found nothing; expected a whole number "
            "from 1 to 65536");
  EXPECT_EQ(message(replaced(version_2, "10000000", "1e7")).substr(0, 13), "a.cfg:11:17: ");
  EXPECT_EQ(message(replaced(version_2, ": ws", ": wos")),
            "a.cfg:14:12: architecture_presets.Dataflow: found 'wos'; expected os, ws or is, with "
            "nothing behind it on the line");
  EXPECT_EQ(message(replaced(version_2, "CALC", "calc")),
            "a.cfg:18:21: run_presets.InterfaceBandwidth: found 'calc'; expected USER or CALC; "
            "did you mean 'CALC'?");
  EXPECT_EQ(message(replaced(replaced(version_2, "CALC", "USER"), "10, 20", "10, x")),
            "a.cfg:13:17: architecture_presets.Bandwidth: found 'x'; expected a whole number from "
            "1 to 1073741824");
  EXPECT_EQ(message(replaced(version_2, "a run", "100%")),
            "a.cfg:2:12: general.run_name: found '100%'; expected '%%' for a percent sign, as "
            "Python's configparser asks");
  EXPECT_EQ(parse(replaced(version_2, "a run", "100%%")).run_name, "100%");
}

TEST(Configuration, TheFolderOfTheReportsStaysInItsPlace) {
  for (const std::string name : {"a/b", "..", ".", ""})
    EXPECT_NE(message(replaced(version_2, "a run", name))
                  .find("expected a name for the folder of the reports"),
              std::string::npos)
        << name;
}

TEST(Configuration, WhatIsNotModelledIsRefused) {
  const std::string all = version_2 + version_3;
  EXPECT_EQ(message(replaced(all, "SparsitySupport : false", "SparsitySupport : true")),
            "a.cfg:30:19: sparsity.SparsitySupport: found 'true'; expected False (sparse operands "
            "are not modelled)");
  EXPECT_EQ(message(replaced(all, "UseRamulatorTrace: False", "UseRamulatorTrace: True")),
            "a.cfg:19:20: run_presets.UseRamulatorTrace: found 'True'; expected False (traces of "
            "Ramulator are not read)");
  const std::string layout = replaced(all, "IfmapCustomLayout: False", "IfmapCustomLayout: True");
  EXPECT_EQ(message(layout), "");  // CALC: SCALE-Sim's cycles do not depend on it
  EXPECT_NE(message(replaced(layout, "CALC", "USER")).find("bank conflicts are not modelled"),
            std::string::npos);
  EXPECT_EQ(
      message(
          replaced(replaced(all, "CALC", "USER"), "IfmapSRAMBankNum: 10", "IfmapSRAMBankNum: 11")),
      "a.cfg:22:25: layout.IfmapSRAMBankBandwidth: found 100; expected a multiple of "
      "IfmapSRAMBankNum, which is 11");
}

}  // namespace
}  // namespace headroom::scalesim
