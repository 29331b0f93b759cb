// headroom check and headroom schema, from the outside.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

TEST(Check, SaysWhatEachFileIs) {
  const Finished program = headroom_program(
      "check configs/chips/h100-sxm.yaml configs/models/llama-3-8b/config.json "
      "configs/experiments/llama3-8b_8xh100.yaml");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  EXPECT_EQ(
      program.out,
      "configs/chips/h100-sxm.yaml: ok, chip\n"
      "configs/models/llama-3-8b/config.json: ok, model\n"
      "configs/experiments/llama3-8b_8xh100.yaml: ok, experiment\n");
  EXPECT_EQ(program.err, "");
}

TEST(Check, GoesOnAfterAWrongFile) {
  const std::string wrong = temporary("wrong.yaml");
  std::ofstream(wrong) << "model: llama-3-8b\nplan: {tensr: 2}\n";
  const Finished program = headroom_program("check " + wrong + " configs/chips/h100-sxm.yaml");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.out, "configs/chips/h100-sxm.yaml: ok, chip\n");
  EXPECT_EQ(program.err.rfind(wrong + ":", 0), 0U) << program.err;
  EXPECT_NE(program.err.find("expected "), std::string::npos);
  std::filesystem::remove(wrong);
}

TEST(Check, MissingFileIsWrongInput) {
  const Finished program = headroom_program("check no_such.yaml");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.out, "");
  EXPECT_EQ(program.err.rfind("no_such.yaml:", 0), 0U) << program.err;
}

TEST(Schema, IsJsonAndKnowsThePlan) {
  const Finished program = headroom_program("schema");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  const auto schema = nlohmann::json::parse(program.out);
  EXPECT_TRUE(schema["properties"].contains("plan"));
  EXPECT_TRUE(schema["properties"]["plan"]["properties"].contains("tensor"));
}

}  // namespace
}  // namespace headroom
