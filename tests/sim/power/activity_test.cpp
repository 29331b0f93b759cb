#include "sim/power/activity.h"

#include <gtest/gtest.h>

#include "sim/config/error.h"

namespace headroom {
namespace {

const std::string header =
    "# a comment, with, commas\n"
    "format,dataflow,data,toggles_per_mac,weighted_with_glitches,relative_to_normal,dot_length,"
    "clock\n";

ActivityTable table() {
  return ActivityTable::parse(
      header +
          "bf16,output_stationary,normal,9,110,1,1,10\n"
          "bf16,output_stationary,zeros,0,10,0.1,1,10\n"
          "bf16,output_stationary,uniform11,0,130,0.1,1,10\n"
          "bf16,output_stationary,normal,9,60,1,4,10\n"
          "fp8_e4m3,output_stationary,normal,9,60,1,1,10\n",
      "a.csv");
}

TEST(Activity, IsWhatSwitchesWithoutTheClockOverNormalData) {
  const ActivityTable activity = table();
  const ActivityTable::Element element{Format::bf16, "output_stationary", 3};
  EXPECT_EQ(activity.relative(element, "zeros"), 0);
  EXPECT_EQ(activity.relative(element, "uniform11"), 1.2);
  EXPECT_EQ(activity.worst(element), 1.2);
  EXPECT_EQ(activity.relative(element, "signs"), std::nullopt);
  EXPECT_EQ(activity.over_bf16({Format::fp8_e4m3, "output_stationary", 1}), 0.5);
  // The longest dot product of at most the chip's.
  EXPECT_EQ(activity.over_bf16({Format::fp8_e4m3, "output_stationary", 16}), 1.0);
  EXPECT_EQ(activity.relative({Format::int8, "output_stationary", 1}, "zeros"), std::nullopt);
}

TEST(Activity, NormalIsOneByDefinition) {
  EXPECT_EQ(ActivityTable().relative({Format::bf16, "weight_stationary", 1}, "normal"), 1);
  EXPECT_EQ(ActivityTable().relative({Format::bf16, "weight_stationary", 1}, "ones"), std::nullopt);
}

TEST(Activity, WrongTablesAreWrongInput) {
  const auto complaint = [](const std::string& text) -> std::string {
    try {
      static_cast<void>(ActivityTable::parse(text, "a.csv"));
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(complaint(header + "bf16,o,normal,9,-1,1,1,0\n").substr(0, 14), "a.csv:3:17: do");
  EXPECT_NE(complaint("format,dataflow,data,dot_lenght\n").find("did you mean 'dot_lenght'?"),
            std::string::npos);
  EXPECT_NE(complaint(header + "bf16,o,normal,9,5,1,1,6\n").find("at most weighted_with_glitches"),
            std::string::npos);
}

}  // namespace
}  // namespace headroom
