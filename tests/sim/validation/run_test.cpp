#include "sim/validation/run.h"

#include <gtest/gtest.h>

#include "tests/sim/validation/support.h"

namespace headroom::validation {
namespace {

std::string complaint(const std::string& text) {
  try {
    static_cast<void>(read_runs(parse_csv(text, "runs.csv")));
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

constexpr const char* header =
    "source,model,layers,hidden,heads,seq_len,global_batch_seqs,micro_batch_seqs,chip,chip_count,"
    "tp,dp,"
    "pp,step_time_s,model_tflops_per_chip\n";

TEST(PublishedRun, BlankCellsAreUnknown) {
  const PublishedRun run = run_of({{"micro_batch_seqs", ""}, {"mfu_pct", "33.5"}});
  EXPECT_FALSE(run.micro_batch);
  EXPECT_EQ(run.layers, 4);
  EXPECT_DOUBLE_EQ(*run.mfu, 0.335);
  EXPECT_FALSE(run.model_tflops);
}

TEST(PublishedRun, DerivedFieldsNameColumns) {
  const PublishedRun run = run_of({{"derived_fields", "step_time_s, tp/pp split; mfu_pct"}});
  EXPECT_TRUE(run.derived("step_time_s"));
  EXPECT_TRUE(run.derived("mfu_pct"));
  EXPECT_FALSE(run.derived("hw_tflops_per_chip"));
}

TEST(PublishedRun, WholeNumbersMayHaveAPoint) { EXPECT_EQ(run_of({{"layers", "4.0"}}).layers, 4); }

TEST(PublishedRun, WithoutAnIdTheLineIsTheName) { EXPECT_EQ(run_of({{"id", ""}}).id, "line 2"); }

TEST(PublishedRun, ColumnsOfNoMeaningAreNamed) {
  const PublishedRuns runs = read_runs(parse_csv(
      std::string("colour,") + header + "red,s,m,1,1,1,1,1,1,c,1,1,1,1,1,1\n", "runs.csv"));
  EXPECT_EQ(runs.ignored, std::vector<std::string>{"colour"});
}

TEST(PublishedRun, SaysWhatIsWrong) {
  EXPECT_EQ(complaint("a,b\n1,2\n"),
            "runs.csv:1:1: header: found no column 'source'; expected the columns of a table of "
            "training runs");
  std::string text = header;
  text.replace(text.find("chip_count"), 10, "chips_count");
  EXPECT_EQ(
      complaint(text),
      "runs.csv:1:1: header: found no column 'chip_count'; expected the columns of a table of "
      "training runs; did you mean 'chips_count'?");
  EXPECT_EQ(complaint(header + std::string("s,m,four,1,1,1,1,1,c,1,1,1,1,1,1\n")),
            "runs.csv:2:5: layers: found 'four'; expected a number or nothing");
  EXPECT_EQ(complaint(header + std::string("s,m,4,1,1,1,1,1,c,-8,1,1,1,1,1\n")),
            "runs.csv:2:19: chip_count: found '-8'; expected a number above 0");
  EXPECT_EQ(complaint(header + std::string("s,m,4.5,1,1,1,1,1,c,8,1,1,1,1,1\n")),
            "runs.csv:2:5: layers: found '4.5'; expected a whole number above 0");
  EXPECT_EQ(complaint(header + std::string("s,m,4,1,1,1,1,1,c,8,1,1,1,nan,1\n")),
            "runs.csv:2:27: step_time_s: found 'nan'; expected a number or nothing");
}

}  // namespace
}  // namespace headroom::validation
