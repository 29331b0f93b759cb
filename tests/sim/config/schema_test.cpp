// The schema and the documentation of an experiment name what the loader accepts.
#include <gtest/gtest.h>

#include <set>

#include "sim/config/load.h"

namespace headroom {
namespace {

TEST(ExperimentSchema, CoversEveryKey) {
  const auto schema = experiment_schema();
  EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema["required"].dump(), R"(["model","cluster","plan"])");
  EXPECT_EQ(schema["properties"]["plan"]["required"].dump(), R"(["global_batch","sequence"])");
  EXPECT_EQ(schema["properties"]["plan"]["properties"]["sharding"]["anyOf"][0].dump(),
            R"({"enum":["none","zero1","zero2","zero3"]})");
  EXPECT_EQ(schema["properties"]["cluster"]["required"].dump(), R"(["type","chip","chips"])");
  EXPECT_FALSE(schema["properties"]["chip"].contains("required"))
      << "it is laid over the chip's file";
  EXPECT_TRUE(
      schema["properties"]["chip"]["properties"]["hbm"]["properties"].contains("bandwidth"));
  EXPECT_EQ(schema["properties"]["fidelity"]["properties"]["hbm"]["default"], "cycle");
}

TEST(ExperimentSchema, EveryParameterHasAMeaning) {
  std::set<std::string> keys;
  for (const config::Parameter& parameter : experiment_parameters()) {
    EXPECT_FALSE(parameter.meaning.empty()) << parameter.key;
    EXPECT_FALSE(parameter.expected.empty()) << parameter.key;
    EXPECT_TRUE(keys.insert(parameter.key).second) << parameter.key;
  }
  for (const char* key :
       {"model", "cluster.chip", "cluster.chips", "plan.tensor", "plan.format", "fidelity.link"})
    EXPECT_EQ(keys.count(key), 1u) << key;
}

}  // namespace
}  // namespace headroom
