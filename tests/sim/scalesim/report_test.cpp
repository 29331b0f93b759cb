#include "sim/scalesim/report.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/sim/scalesim/support.h"

namespace headroom::scalesim {
namespace {

// 2 x 2 elements, weight-stationary; 3 x 3 outputs, then a product of 1 x 1 x 1.
std::vector<LayerResult> tiny() {
  const Configuration array = configuration(Dataflow::weight_stationary, 2, 2, 1);
  return {evaluate(array, {"conv", 4, 4, 2, 2, 1, 3, 1, 1, {}}),
          evaluate(array, product_layer(1, 1, 1))};
}

// Worked out by hand: K = 4, N = 3, so 2 x 2 folds of 9 + 2 * 2 + 2 - 2 = 13 cycles, 52 in all.
TEST(Report, ComputeReport) {
  EXPECT_EQ(
      compute_report(tiny()),
      "LayerID, Total Cycles (incl. prefetch), Total Cycles, Stall Cycles, Overall Util %, "
      "Mapping Efficiency %, Compute Util %,\n"
      "0, 79, 51, 0, 52.94117647058824, 75.0, 48.21428571428572,\n"
      "1, 5, 4, 0, 6.25, 25.0, 4.166666666666666,\n");
}

TEST(Report, BandwidthReport) {
  EXPECT_EQ(
      bandwidth_report(tiny()),
      "LayerID, Avg IFMAP SRAM BW, Avg FILTER SRAM BW, Avg OFMAP SRAM BW, Avg IFMAP DRAM BW, "
      "Avg FILTER DRAM BW, Avg OFMAP DRAM BW,\n"
      "0, 1.411764705882353, 0.23529411764705882, 1.0588235294117647, 8.0, 6.0, 2.0,\n"
      "1, 0.25, 0.25, 0.25, 1.0, 1.0, 1.0,\n");
}

TEST(Report, DetailedAccessReport) {
  EXPECT_EQ(
      detailed_access_report(tiny()),
      "LayerID, SRAM IFMAP Start Cycle, SRAM IFMAP Stop Cycle, SRAM IFMAP Reads, "
      "SRAM Filter Start Cycle, SRAM Filter Stop Cycle, SRAM Filter Reads, "
      "SRAM OFMAP Start Cycle, SRAM OFMAP Stop Cycle, SRAM OFMAP Writes, "
      "DRAM IFMAP Start Cycle, DRAM IFMAP Stop Cycle, DRAM IFMAP Reads, "
      "DRAM Filter Start Cycle, DRAM Filter Stop Cycle, DRAM Filter Reads, "
      "DRAM OFMAP Start Cycle, DRAM OFMAP Stop Cycle, DRAM OFMAP Writes,\n"
      "0, 3.0, 51.0, 72, 1.0, 41.0, 12, 3.0, 50.0, 54, "
      "-2.0, -1.0, 16, -2.0, -1.0, 12, 51.0, 77.0, 54,\n"
      "1, 3.0, 3.0, 1, 2.0, 2.0, 1, 3.0, 3.0, 1, -1.0, -1.0, 1, -1.0, -1.0, 1, 4.0, 4.0, 1,\n");
}

TEST(Report, ReportsAreReplacedAndFoldersMade) {
  const auto folder = std::filesystem::path(testing::TempDir()) / "headroom_report_test" / "deep";
  std::filesystem::remove_all(folder.parent_path());
  write_reports(folder.string(), {});
  write_reports(folder.string(), tiny());
  const auto content = [&](const char* name) {
    std::ifstream in(folder / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  EXPECT_EQ(content("COMPUTE_REPORT.csv"), compute_report(tiny()));
  EXPECT_EQ(content("BANDWIDTH_REPORT.csv"), bandwidth_report(tiny()));
  EXPECT_EQ(content("DETAILED_ACCESS_REPORT.csv"), detailed_access_report(tiny()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 3);
  std::filesystem::remove_all(folder.parent_path());
}

TEST(Report, AFolderThatCannotBeMadeIsNamed) {
  EXPECT_THROW(write_reports("/dev/null/reports", tiny()), std::runtime_error);
}

}  // namespace
}  // namespace headroom::scalesim
