// headroom plan: what it lists, what it says where nothing fits.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

const std::string demo = "plan llama3-8b_8xh100 --top 3";

TEST(PlanCommand, ListsTheBestPlansFastestFirst) {
  const Finished program = headroom_program(demo + " --json -");
  ASSERT_EQ(program.exit_code, 0) << program.err;
  const Json document = Json::parse(program.out);
  EXPECT_EQ(document["schema"], "headroom.plans/1");
  EXPECT_GE(document["plans"]["legal"], document["plans"]["fitted"]);
  EXPECT_GE(document["plans"]["fitted"], document["plans"]["evaluated"]);
  ASSERT_EQ(document["best"].size(), 3U);
  double last = 0;
  for (const Json& found : document["best"]) {
    EXPECT_GE(found["step_time_s"].get<double>(), last);
    last = found["step_time_s"];
    EXPECT_LE(found["memory_bytes"], document["capacity_bytes"]);
    EXPECT_LE(found["least_step_time_s"], found["step_time_s"]);
    EXPECT_GT(found["mfu"].get<double>(), 0);
    EXPECT_FALSE(found["bound_by"].get<std::string>().empty());
  }
  const Json& first = document["best"][0];
  EXPECT_LE(first["step_time_s"], document["given"]["step_time_s"]);
  // design.md, section 4: the closed form is within 5 % of what is simulated.
  EXPECT_NEAR(
      first["simulated_step_time_s"].get<double>() / first["step_time_s"].get<double>(), 1, 0.05);
  EXPECT_TRUE(document["best"][1]["simulated_step_time_s"].is_null());
}

// What it names is a plan of an experiment file: run under it, the step is the one confirmed.
TEST(PlanCommand, WhatItFindsRuns) {
  const Json plans = Json::parse(headroom_program(demo + " --json -").out);
  const Json& best = plans["best"][0];
  std::string sets;
  for (const auto& [key, value] : best["plan"].items())
    if (key != "expert_tensor")
      sets += " --set 'plan." + key + "=" +
              (value.is_string() ? value.get<std::string>() : value.dump()) + "'";
  const Finished run = headroom_program("run llama3-8b_8xh100 --json -" + sets);
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json result = Json::parse(run.out);
  EXPECT_EQ(result["step"]["time_s"], best["simulated_step_time_s"]);
  EXPECT_EQ(result["memory"]["peak_bytes"], best["memory_bytes"]);
}

TEST(PlanCommand, PrintsCountsAndATable) {
  const Finished program = headroom_program(demo + " --confirm 0");
  ASSERT_EQ(program.exit_code, 0) << program.err;
  EXPECT_NE(program.out.find(" legal plans; "), std::string::npos) << program.out;
  EXPECT_NE(program.out.find("  given "), std::string::npos) << program.out;
  EXPECT_NE(program.out.find("sharding zero3"), std::string::npos) << program.out;
  EXPECT_EQ(program.out.find("simulated"), std::string::npos) << program.out;
}

TEST(PlanCommand, SaysTheLeastNeedWhereNothingFits) {
  const Finished program = headroom_program(demo + " --set chip.hbm.capacity='16 GB'");
  EXPECT_EQ(program.exit_code, 1);
  EXPECT_NE(program.out.find("none fits: the least need is "), std::string::npos) << program.out;
  EXPECT_NE(program.out.find(" of 16.0 GB, under\n  tensor "), std::string::npos) << program.out;
}

TEST(PlanCommand, RefusesWrongOptions) {
  const Finished none = headroom_program("plan llama3-8b_8xh100 --top 0");
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_NE(none.err.find("--top"), std::string::npos) << none.err;
  const Finished unknown = headroom_program("plan llama3-8b_8xh10");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_NE(unknown.err.find("did you mean 'llama3-8b_8xh100'?"), std::string::npos) << unknown.err;
}

}  // namespace
}  // namespace headroom
