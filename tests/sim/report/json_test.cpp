#include "sim/report/json.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "tests/sim/report/sample.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> keys(const Json& node) {
  std::vector<std::string> names;
  for (const auto& [key, child] : node.items()) names.push_back(key);
  return names;
}

using Names = std::vector<std::string>;

TEST(ResultJson, HasEveryKeyOfTheSchemaInOrder) {
  const Json json = to_json(Result{});
  EXPECT_EQ(
      keys(json),
      (Names{"schema", "experiment", "version", "config_digest", "fidelity", "step", "throughput",
             "waterfall", "time", "overlapped", "memory", "power", "die", "cost", "bound_by",
             "assumed", "not_modelled", "setup", "simulation"}));
  EXPECT_EQ(json["schema"], "headroom.result/1");
  EXPECT_EQ(keys(json["fidelity"]), (Names{"matrix_engine", "vector_unit", "hbm", "link"}));
  EXPECT_EQ(keys(json["step"]), (Names{"time_s", "tokens", "model_flops", "hardware_flops"}));
  EXPECT_EQ(keys(json["throughput"]),
            (Names{"tokens_per_s", "tokens_per_s_per_chip", "model_tflops_per_chip", "mfu",
                   "mfu_bf16", "hfu", "goodput"}));
  EXPECT_EQ(
      keys(json["time"]),
      (Names{"ideal_s", "clock_s", "shape_s", "on_chip_stall_s", "memory_stall_s", "vector_s",
             "recompute_s", "exposed_communication_s", "bubble_s", "optimizer_s", "host_s",
             "straggler_s"}));
  EXPECT_EQ(keys(json["time"]["exposed_communication_s"]),
            (Names{"tensor", "pipeline", "data", "expert", "context"}));
  EXPECT_EQ(keys(json["overlapped"]), (Names{"communication_s", "vector_s"}));
  EXPECT_EQ(keys(json["memory"]),
            (Names{"capacity_bytes", "peak_bytes", "weights_bytes", "gradients_bytes",
                   "optimizer_bytes", "activations_bytes"}));
  EXPECT_EQ(keys(json["power"]),
            (Names{"chip_w", "cap_w", "clock_hz", "energy_per_token_j", "breakdown_w"}));
  EXPECT_EQ(keys(json["power"]["clock_hz"]), (Names{"nameplate", "matrix", "average"}));
  EXPECT_EQ(
      keys(json["power"]["breakdown_w"]),
      (Names{"matrix", "vector", "sram", "network_on_chip", "hbm", "links", "leakage", "fixed"}));
  EXPECT_EQ(keys(json["die"]), (Names{"area_mm2", "yield", "cost_usd"}));
  EXPECT_EQ(keys(json["cost"]),
            (Names{"usd_per_million_tokens", "usd_per_million_tokens_maker", "energy_per_token_j",
                   "list_price_usd", "chip_cost_usd", "system_usd"}));
  EXPECT_EQ(keys(json["simulation"]), (Names{"wall_s", "events", "peak_rss_bytes"}));
}

TEST(ResultJson, WaterfallRowsHaveTheirThreeKeys) {
  const Json json = to_json(sample_result());
  ASSERT_FALSE(json["waterfall"].empty());
  for (const Json& row : json["waterfall"])
    EXPECT_EQ(keys(row), (Names{"name", "tflops_per_chip", "lost_to"}));
}

void expect_nulls_listed(const Json& node, const std::string& path, const Names& listed) {
  if (node.is_null()) {
    const bool found = std::any_of(listed.begin(), listed.end(), [&path](const std::string& entry) {
      const std::string head = entry.substr(0, entry.find(':'));
      return path == head || path.rfind(head + ".", 0) == 0;
    });
    EXPECT_TRUE(found) << path;
  }
  if (node.is_object())
    for (const auto& [key, child] : node.items())
      expect_nulls_listed(child, path.empty() ? key : path + "." + key, listed);
}

TEST(ResultJson, ListsEveryNullAsNotModelled) {
  for (const Result& result : {Result{}, sample_result()}) {
    const Json json = to_json(result);
    expect_nulls_listed(json, "", json["not_modelled"].get<Names>());
  }
}

TEST(ResultJson, DoesNotRepeatWhatTheRunListed) {
  const auto listed = to_json(sample_result())["not_modelled"].get<Names>();
  EXPECT_EQ(std::count(listed.begin(), listed.end(), "power.chip_w"), 0);
  EXPECT_EQ(std::count(listed.begin(), listed.end(), "time.straggler_s"), 0);
  EXPECT_EQ(std::count(listed.begin(), listed.end(), "die.area_mm2"), 1);
}

TEST(ResultJson, TextIsStableAndRoundTrips) {
  std::ostringstream first;
  std::ostringstream second;
  write_json(sample_result(), first);
  write_json(sample_result(), second);
  EXPECT_EQ(first.str(), second.str());
  const Json back = Json::parse(first.str());
  EXPECT_EQ(back["overlapped"]["vector_s"].get<double>(), 0.0123);
  EXPECT_EQ(back["setup"]["plan"]["sharding"], "zero3");
  EXPECT_EQ(first.str().back(), '\n');
}

TEST(ResultJson, BytesThatAreNoUtf8DoNotEndTheRun) {
  Result result = sample_result();
  result.experiment = "\xff";
  std::ostringstream out;
  write_json(result, out);
  EXPECT_TRUE(Json::accept(out.str()));
}

}  // namespace
}  // namespace headroom
