// Against figures that SCALE-Sim v2 itself wrote: reports that stand in public repositories
// (scalesim-project/SCALE-Sim, edgeTPU_fitMobileNet_experiment_results; luzengyuan/scalesim,
// testcase2/tutorial1_runs). Layers, arrays and figures are theirs; InterfaceBandwidth is CALC.
#include "tests/sim/scalesim/support.h"

namespace headroom::scalesim {
namespace {

struct Published {
  Layer layer;
  std::int64_t total_cycles;
  PerMemory<Access> sram, dram;
};

Layer square(std::int64_t ifmap, std::int64_t filter, std::int64_t channels, std::int64_t filters,
             std::int64_t stride) {
  return {"layer", ifmap, ifmap, filter, filter, channels, filters, stride, stride, {}};
}

void expect_equal(const Access& found, const Access& published, const char* what) {
  EXPECT_EQ(found.start, published.start) << what << " start";
  EXPECT_EQ(found.stop, published.stop) << what << " stop";
  EXPECT_EQ(found.words, published.words) << what << " words";
}

void expect_published(const Configuration& array, const std::vector<Published>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SCOPED_TRACE(testing::Message() << short_name(array.dataflow) << " row " << i);
    const LayerResult result = evaluate(array, rows[i].layer);
    EXPECT_EQ(result.total_cycles, rows[i].total_cycles);
    EXPECT_EQ(result.stall_cycles, 0);
    expect_equal(result.sram.ifmap, rows[i].sram.ifmap, "SRAM IFMAP");
    expect_equal(result.sram.filter, rows[i].sram.filter, "SRAM Filter");
    expect_equal(result.sram.ofmap, rows[i].sram.ofmap, "SRAM OFMAP");
    expect_equal(result.dram.ifmap, rows[i].dram.ifmap, "DRAM IFMAP");
    expect_equal(result.dram.filter, rows[i].dram.filter, "DRAM Filter");
    expect_equal(result.dram.ofmap, rows[i].dram.ofmap, "DRAM OFMAP");
  }
}

TEST(Published, MobileNetWeightStationary) {
  Configuration array = configuration(Dataflow::weight_stationary, 32, 32, 512);
  array.sram_words.filter = 2048 * 1024;
  expect_published(
      array,
      {{square(224, 3, 3, 32, 2),
        12637,
        {{33, 12592, 338688}, {6, 32, 864}, {63, 12637, 401408}},
        {{-15202, -1, 150528}, {-2098, -1, 864}, {8270, 16989, 401439}}},
       {square(112, 3, 32, 1, 1),
        109745,
        {{33, 109715, 3484800}, {1, 97584, 288}, {63, 109714, 108900}},
        {{-26178, 107278, 3484800}, {-2098, -1, 288}, {109745, 113148, 108900}}},
       {square(112, 1, 32, 64, 1),
        25275,
        {{33, 25245, 802816}, {1, 12670, 2048}, {63, 25275, 802816}},
        {{-26178, 24714, 802816}, {-2098, -1, 2048}, {8270, 25787, 802847}}},
       {square(56, 1, 64, 128, 1),
        25839,
        {{33, 25809, 802816}, {1, 22642, 8192}, {63, 25839, 802816}},
        {{-20444, -1, 200704}, {-2098, -1, 8192}, {8458, 26351, 802847}}},
       {square(56, 1, 128, 128, 1),
        51679,
        {{33, 51649, 1605632}, {1, 48482, 16384}, {63, 51679, 1605632}},
        {{-26178, 50602, 1605632}, {-2098, -1, 16384}, {8458, 52703, 1605663}}},
       {square(28, 3, 256, 1, 2),
        20879,
        {{33, 20834, 451584}, {1, 20622, 2304}, {63, 20848, 14112}},
        {{-20444, -1, 200704}, {-2098, -1, 2304}, {20879, 21319, 14112}}},
       {square(7, 1, 512, 1024, 1),
        73215,
        {{33, 73185, 802816}, {1, 73105, 524288}, {63, 73215, 802816}},
        {{-2621, -1, 25088}, {-54525, -1, 524288}, {23967, 73727, 802847}}},
       {square(7, 1, 1024, 1024, 1),
        146431,
        {{33, 146401, 1605632}, {1, 146321, 1048576}, {63, 146431, 1605632}},
        {{-5242, -1, 50176}, {-104855, 146321, 1048576}, {23967, 147455, 1605663}}}});
}

TEST(Published, TutorialWeightStationary) {
  expect_published(
      configuration(Dataflow::weight_stationary, 64, 64, 512),
      {{square(56, 3, 64, 64, 1),
        27953,
        {{65, 27891, 1679616}, {1, 24912, 36864}, {127, 27953, 1679616}},
        {{-20444, -1, 200704}, {-4194, -1, 36864}, {4444, 29621, 1679679}}},
       {square(56, 1, 64, 256, 1),
        13303,
        {{65, 13241, 802816}, {1, 10042, 16384}, {127, 13303, 802816}},
        {{-20444, -1, 200704}, {-2097, -1, 16384}, {4444, 13559, 802879}}},
       {square(1, 1, 2048, 1000, 1),
        97791,
        {{65, 97729, 32768}, {1, 97665, 2048000}, {127, 97767, 32000}},
        {{-525, -1, 2048}, {-26210, 85437, 2048000}, {97791, 98290, 32000}}}});
}

TEST(Published, TutorialOutputStationary) {
  expect_published(
      configuration(Dataflow::output_stationary, 64, 64, 512),
      {{square(56, 3, 64, 64, 1),
        32291,
        {{1, 32201, 1679616}, {1, 32229, 1695744}, {575, 32291, 192512}},
        {{-20444, -1, 200704}, {-4194, -1, 36864}, {32291, 35206, 186624}}},
       {square(56, 1, 64, 256, 1),
        37239,
        {{1, 37177, 802816}, {1, 37177, 802816}, {63, 37239, 827904}},
        {{-20444, -1, 200704}, {-2097, -1, 16384}, {12223, 37495, 802879}}},
       {square(1, 1, 2048, 1000, 1),
        34783,
        {{1, 34658, 32768}, {1, 34697, 2048000}, {2110, 34759, 3048}},
        {{-525, -1, 2048}, {-26210, 30349, 2048000}, {34783, 34798, 1000}}}});
}

// That version still counted the words that an input-stationary array writes once for each column
// of C instead of each word; v3 counts m * n for each fold of K, as cycles_test.cpp does.
TEST(Published, TutorialInputStationary) {
  expect_published(
      configuration(Dataflow::input_stationary, 64, 64, 512),
      {{square(56, 3, 64, 64, 1),
        105155,
        {{1, 104966, 1679616}, {65, 105093, 1695744}, {127, 105127, 1679616}},
        {{-20444, -1, 200704}, {-4194, -1, 36864}, {16383, 106823, 1679679}}},
       {square(56, 1, 64, 256, 1),
        21853,
        {{1, 21472, 200704}, {65, 21791, 802816}, {127, 21853, 802816}},
        {{-20444, -1, 200704}, {-2097, -1, 16384}, {7263, 22109, 802879}}},
       {square(1, 1, 2048, 1000, 1),
        38079,
        {{1, 36954, 2048}, {65, 38017, 2048000}, {127, 38016, 32000}},
        {{-525, -1, 2048}, {-26146, 34083, 2048000}, {38079, 38578, 32000}}}});
}

// Its compute report, as far as doubles print it.
TEST(Published, Utilization) {
  const LayerResult conv = evaluate(
      configuration(Dataflow::input_stationary, 256, 16, 512), square(56, 3, 64, 64, 1));
  EXPECT_DOUBLE_EQ(100 * conv.overall_utilization, 8.102275639145562);
  EXPECT_DOUBLE_EQ(100 * conv.mapping_efficiency, 74.69262295081968);
  // SCALE-Sim adds 549 quotients up; one division is closer.
  EXPECT_NEAR(100 * conv.compute_utilization, 7.901368378268464, 1e-12);
  const LayerResult fc = evaluate(
      configuration(Dataflow::output_stationary, 16, 256, 512), square(1, 1, 2048, 1000, 1));
  EXPECT_DOUBLE_EQ(100 * fc.overall_utilization, 5.39316147125445);
  EXPECT_DOUBLE_EQ(100 * fc.mapping_efficiency, 6.103515625);
  EXPECT_DOUBLE_EQ(100 * fc.compute_utilization, 5.392579810181191);
  const LayerResult mobile = evaluate(
      configuration(Dataflow::weight_stationary, 32, 32, 512), square(7, 1, 512, 1024, 1));
  EXPECT_DOUBLE_EQ(100 * mobile.overall_utilization, 34.26620228095336);
  EXPECT_DOUBLE_EQ(100 * mobile.compute_utilization, 28.160919540229884);
}

}  // namespace
}  // namespace headroom::scalesim
