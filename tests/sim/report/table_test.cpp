#include "sim/report/table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "sim/report/numbers.h"
#include "tests/sim/report/sample.h"

namespace headroom {
namespace {

TEST(Table, MatchesTheGoldenText) {
  std::ifstream file(HEADROOM_SOURCE_DIR "/tests/sim/report/table.golden.txt");
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(table(sample_result(), {false, true}), golden);
}

TEST(Table, FitsAHundredColumns) {
  for (const bool unicode : {false, true}) {
    std::istringstream lines(table(sample_result(), {false, unicode}));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), 100U) << line;
  }
}

TEST(Table, HasNoEscapesWithoutColourAndNoBlocksWithoutUnicode) {
  const std::string plain = table(sample_result(), {false, false});
  for (const char c : plain) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
  EXPECT_NE(table(sample_result(), {true, false}).find("\x1b["), std::string::npos);
}

TEST(Table, ReasonsStandOnceWithAllTheirPaths) {
  Result result = sample_result();
  result.not_modelled = {
      "die.area_mm2: no die yet", "power: no power yet", "die.yield: no die yet"};
  EXPECT_NE(
      table(result, {}).find("  - die.area_mm2, die.yield: no die yet\n  - power: no power yet\n"),
      std::string::npos);
}

TEST(Numbers, ReadAsAPersonWritesThem) {
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(seconds_text(0.01234), "12.34 ms");
  EXPECT_EQ(seconds_text(12.3456), "12.346 s");
  EXPECT_EQ(percent(0.4172), "41.7 %");
  EXPECT_EQ(waterfall_bar(0.5, 0.25, 4, false), "##-");
  EXPECT_EQ(waterfall_bar(0.5, 0.25, 4, true), "██░");
  EXPECT_EQ(waterfall_bar(1.5, -0.5, 4, false), "####");
  EXPECT_EQ(wrapped("- ", "aa bb cc", 7), "- aa bb\n  cc\n");
}

}  // namespace
}  // namespace headroom
