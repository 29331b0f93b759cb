// headroom validate, from the outside.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

const std::string small = "validate tests/data/runs/small.csv ";

Json report(const std::string& arguments) {
  const Finished program = headroom_program(arguments + " --json -");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  return Json::parse(program.out, nullptr, false);
}

TEST(Validate, ReportsEveryRow) {
  const Json document = report(small);
  EXPECT_EQ(document["schema"], "headroom.validation/1");
  EXPECT_EQ(document["rows_total"], 7);
  EXPECT_EQ(document["rows_used"], 4);
  EXPECT_EQ(document["rows_unknown_convention"], 1);
  EXPECT_EQ(document["rows_skipped"], 2);
  for (const Json& row : document["rows"]) {
    EXPECT_GT(row["predicted_tflops_per_chip"], 0) << row;
    EXPECT_FALSE(row["bound_by"].get<std::string>().empty());
    if (row["status"] != "used") continue;
    const double predicted = row["predicted_tflops_per_chip"],
                 published = row["published_tflops_per_chip"];
    EXPECT_NEAR(row["error_pct"].get<double>(), 100 * (predicted / published - 1), 1e-9);
  }
  EXPECT_EQ(document["rows"][0]["compared_by"], "hw_tflops_per_chip");
  EXPECT_EQ(document["rows"][1]["compared_by"], "tokens_per_s_per_chip");
  const Json& skipped = document["skipped"];
  ASSERT_EQ(skipped.size(), 2U);
  EXPECT_EQ(skipped[0]["reason"], "chip: 'Gaudi3' is not described yet");
  EXPECT_EQ(skipped[1]["reason"], "row: states no throughput");
}

TEST(Validate, GivesTheSameBytesWhateverTheNumberOfWorkers) {
  const Finished one = headroom_program(small + "--json - --jobs 1");
  const Finished three = headroom_program(small + "--json - --jobs 3");
  EXPECT_EQ(one.exit_code, 0) << one.err;
  EXPECT_EQ(one.out, three.out);
}

TEST(Validate, FiltersLeaveRowsOut) {
  EXPECT_EQ(report(small + "--chip-filter a100")["rows_total"], 3);
  EXPECT_EQ(report(small + "--source-filter another")["rows_total"], 4);
  const Finished none = headroom_program(small + "--chip-filter abacus");
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_EQ(
      none.err,
      "tests/data/runs/small.csv:1:1: document: found no row that the filters leave; expected "
      "at least one training run\n");
}

TEST(Validate, PrintsATable) {
  const Finished program = headroom_program(small + "--cross-validate");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  for (const char* words :
       {"Source", "Chip", "Overall", "baseline: median of chip and format",
        "baseline: same source, chip and model", "noise: rows with the same settings", "Worst rows",
        "Cross-validation (nothing is fitted)", "leaving one source out", "Skipped",
        "     1  chip: 'Gaudi3' is not described yet"})
    EXPECT_NE(program.out.find(words), std::string::npos) << words << "\n" << program.out;
  for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
    end = program.out.find('\n', begin);
    EXPECT_LE(program.out.substr(begin, end - begin).size(), 110U);
  }
}

// A dozen computed steps a run: most of the time where the run's own is computed too.
TEST(Validate, GivesIntervalsUnlessTheyTakeMostOfTheTime) {
  const auto has = [](const std::string& options) {
    return headroom_program(small + options).out.find("Intervals of 80 %") != std::string::npos;
  };
  EXPECT_TRUE(has(""));
  EXPECT_FALSE(has("--no-intervals"));
  EXPECT_FALSE(has("--fidelity analytic"));
  EXPECT_TRUE(has("--fidelity analytic --intervals"));
}

TEST(Validate, WritesOneLinePerRow) {
  const std::string file = temporary("rows.csv");
  const Finished program = headroom_program(small + "--csv '" + file + "'");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  const std::string text = file_content(file);
  EXPECT_EQ(text.rfind("id,source,chip,model,status,", 0), 0U);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 8);
  std::remove(file.c_str());
}

TEST(Validate, TheAnalyticFidelityIsClose) {
  const Json cycle = report(small), analytic = report(small + "--fidelity analytic");
  ASSERT_EQ(cycle["rows"].size(), analytic["rows"].size());
  for (std::size_t i = 0; i < cycle["rows"].size(); ++i)
    EXPECT_NEAR(
        analytic["rows"][i]["predicted_step_time_s"].get<double>() /
            cycle["rows"][i]["predicted_step_time_s"].get<double>(),
        1, 0.05);
}

TEST(Validate, ListsConstants) {
  const Finished program = headroom_program("validate --list-constants");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  for (const char* words :
       {"kernel_gap", "clock.sustained_matmul", "library_share", "chips/h100-sxm"})
    EXPECT_NE(program.out.find(words), std::string::npos) << words;
}

TEST(Validate, SaysWhatIsWrong) {
  const Finished nothing = headroom_program("validate");
  EXPECT_EQ(nothing.exit_code, 2);
  EXPECT_EQ(nothing.err,
            "headroom validate: RUNS.csv is required\nRun 'headroom validate --help' for what it "
            "takes.\n");
  const Finished absent = headroom_program("validate nowhere.csv");
  EXPECT_EQ(absent.exit_code, 2);
  EXPECT_EQ(absent.err,
            "nowhere.csv:1:1: document: found no file; expected a table of published runs (CSV)\n");
  const std::string file = temporary("bad.csv");
  std::string text = file_content(HEADROOM_SOURCE_DIR "/tests/data/runs/small.csv");
  text.replace(text.find(",4,2304,"), 8, ",x,2304,");
  std::ofstream(file) << text;
  const Finished bad = headroom_program("validate '" + file + "'");
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_EQ(bad.err, file + ":2:31: layers: found 'x'; expected a number or nothing\n");
  std::remove(file.c_str());
}

}  // namespace
}  // namespace headroom
