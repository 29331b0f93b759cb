// headroom quality, from the outside: with a network of a moment's training.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

// A folder of configurations whose recipe is tiny, with a text beside it.
std::string tiny_folder() {
  const std::string folder = temporary("quality_configs");
  std::filesystem::create_directories(folder + "/quality");
  std::ofstream(folder + "/quality/training.yaml")
      << "network: {layers: 1, width: 32, heads: 2, feed_forward: 32, context: 16}\n"
         "corpus: docs/design.md\nheld_out: 0.1\nsequences: 4\nvalidation_sequences: 4\n"
         "validation_steps: 2\nlearning_rate: 0.01\nwarmup_steps: 2\nfinal_share: 0.1\n"
         "largest_gradient: 1\n"
         "adam: {beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weight_decay: 0.1}\n";
  return folder;
}

TEST(QualityCommand, SaysWhatIsPublishedWithoutTraining) {
  const Finished program = headroom_program("quality --format fp8_e4m3 nvfp4");
  ASSERT_EQ(program.exit_code, 0) << program.err;
  EXPECT_EQ(program.err, "");
  for (const char* text : {"Published losses", "< 0.25 %", "1 to 1.5 %", "Kumar et al. 2024"})
    EXPECT_NE(program.out.find(text), std::string::npos) << text << " in\n" << program.out;
  EXPECT_EQ(program.out.find("Trained here"), std::string::npos);
}

TEST(QualityCommand, TrainsAndWritesLosses) {
  const std::string csv = temporary("losses.csv"), json = temporary("losses.json");
  const std::string command = "quality --format fp32 nvfp4 --steps 5 --seed 3 --config-path " +
                              tiny_folder() + " --csv " + csv + " --json " + json;
  const Finished program = headroom_program(command);
  ASSERT_EQ(program.exit_code, 0) << program.err;
  EXPECT_NE(program.out.find("Trained here"), std::string::npos) << program.out;
  const std::string losses = file_content(csv), document = file_content(json);
  EXPECT_EQ(losses.rfind("format,seed,step,training_loss,validation_loss\nfp32,3,1,", 0), 0U);
  EXPECT_EQ(std::count(losses.begin(), losses.end(), '\n'), 11);

  const Json quality = Json::parse(document);
  EXPECT_EQ(quality["schema"], "headroom.quality/1");
  const Json& runs = quality["training"]["runs"];
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0]["gap"], 0.0);
  EXPECT_NEAR(
      runs[1]["gap"].get<double>(),
      runs[1]["validation_loss"].get<double>() / runs[0]["validation_loss"].get<double>() - 1,
      1e-12);
  EXPECT_LT(runs[0]["validation_loss"].get<double>(), std::log(256.0));
  EXPECT_EQ(quality["law"]["formats"][1]["bits"], 4.0);

  // The same again is the same bytes.
  ASSERT_EQ(headroom_program(command).exit_code, 0);
  EXPECT_EQ(file_content(csv), losses);
  EXPECT_EQ(file_content(json), document);
}

TEST(QualityCommand, ATextThatIsNotThere) {
  const Finished program = headroom_program(
      "quality --format fp32 --steps 1 --corpus no/such/text");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.out, "");
  EXPECT_EQ(
      program.err,
      "headroom quality: --corpus: no text in no/such/text; expected a text or a folder of "
      "texts: Debian's package base-files has /usr/share/common-licenses\n"
      "Run 'headroom quality --help' for what it takes.\n");
}

TEST(QualityCommand, WrongInputIsSaid) {
  const Finished format = headroom_program("quality --format fp8_e4m4");
  EXPECT_EQ(format.exit_code, 2);
  EXPECT_NE(format.err.find("fp8_e4m3"), std::string::npos) << format.err;
  const Finished losses = headroom_program("quality --format fp32 --csv x.csv");
  EXPECT_EQ(losses.exit_code, 2);
  EXPECT_NE(losses.err.find("--csv: there are no losses without --steps"), std::string::npos)
      << losses.err;
  const Finished both = headroom_program("quality --format fp32 --steps 1 --csv - --json -");
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_NE(both.err.find("standard output takes one document"), std::string::npos) << both.err;
}

}  // namespace
}  // namespace headroom
