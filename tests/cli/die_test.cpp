// headroom die, and `die` and `cost` of a run, from the outside.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

TEST(DieCommand, SaysWhatAChipsDiesAreAndCost) {
  const Json die = json_document("die --chip h100-sxm");
  EXPECT_EQ(die["published_area_mm2"], 814.0);
  double sum = 0;
  for (const auto& part : die["parts"]) sum += part["mm2"].get<double>();
  EXPECT_NEAR(sum, die["area_mm2"], 1e-6);
  EXPECT_NEAR(die["area_mm2"], 814, 81.4);
  EXPECT_GT(die["dies_per_wafer"], 50);
  EXPECT_GT(die["yield"], 0);
  EXPECT_LE(die["yield"], 1);
  EXPECT_EQ(die["list_price_usd"], 28000.0);
  EXPECT_LT(die["die_cost_usd"], die["package_cost_usd"]);
}

TEST(DieCommand, DerivesAChipFromAnArea) {
  const Json one = json_document("die --area 800 --node n5");
  const Json two = json_document("die --area 800 --dies 2 --node n5");
  EXPECT_EQ(one["area_mm2"], 800.0);
  EXPECT_TRUE(one["published_area_mm2"].is_null());
  // The link between the dies takes the rest.
  EXPECT_GT(two["cores"].get<double>(), 1.7 * one["cores"].get<double>());
  EXPECT_LT(two["cores"].get<double>(), 2 * one["cores"].get<double>());
  const Json wafer = json_document("die --area 46225 --wafer-scale --node n5");
  EXPECT_EQ(wafer["hbm_stacks"], 0);
  EXPECT_GT(wafer["peak_bf16_tflops"].get<double>(), 40 * one["peak_bf16_tflops"].get<double>());
}

TEST(DieCommand, BadInputSaysWhichNumbersClash) {
  const Finished reticle = headroom_program("die --area 900");
  EXPECT_EQ(reticle.exit_code, 2);
  EXPECT_NE(reticle.err.find("expected at most 858 mm^2, the reticle of 4n"), std::string::npos)
      << reticle.err;
  EXPECT_EQ(headroom_program("die --dies 2").exit_code, 2);
  const Finished margin = headroom_program(
      "run tests/data/configs/experiments/tiny.yaml --config-path tests/data/configs "
      "--set cost.margin='100 %'");
  EXPECT_EQ(margin.exit_code, 2);
  EXPECT_NE(margin.err.find("a share from 0 to 0.99"), std::string::npos) << margin.err;
}

TEST(DieKey, ALargerDieIsOneKeyOfARun) {
  const std::string run =
      "run llama3-8b_8xh100 --set fidelity.matrix_engine=analytic "
      "--set fidelity.hbm=analytic --set fidelity.link=analytic ";
  const Json own = json_document(run),
             larger = json_document(run + "--set chip.die.area='858 mm^2'");
  EXPECT_GT(larger["throughput"]["tokens_per_s"], own["throughput"]["tokens_per_s"]);
  EXPECT_NEAR(larger["die"]["area_mm2"], 858, 1e-6);
  EXPECT_LT(own["cost"]["usd_per_million_tokens_maker"], own["cost"]["usd_per_million_tokens"]);
  const Json dearer = json_document(run + "--set cost.electricity='0.5 USD/kWh'");
  EXPECT_GT(dearer["cost"]["usd_per_million_tokens"], own["cost"]["usd_per_million_tokens"]);
}

}  // namespace
}  // namespace headroom
