// Every experiment of configs/ through the program, and one with RTL in the loop.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

Json result_of(const std::string& arguments) {
  const Finished program = headroom_program("run " + arguments + " --json -");
  EXPECT_EQ(program.exit_code, 0) << arguments << ": " << program.err;
  Json result = Json::parse(program.out, nullptr, false);
  EXPECT_FALSE(result.is_discarded()) << arguments;
  return result;
}

std::vector<std::string> experiments() {
  std::istringstream names(headroom_program("list experiments").out);
  std::vector<std::string> all;
  for (std::string name; std::getline(names, name);) all.push_back(name);
  return all;
}

// Sums numbers, at whatever depth.
double sum(const Json& node) {
  if (node.is_number()) return node.get<double>();
  double total = 0;
  if (node.is_object())
    for (const auto& [key, child] : node.items()) total += sum(child);
  return total;
}

void collect_nulls(const Json& node, const std::string& path, std::vector<std::string>& nulls) {
  if (node.is_null()) nulls.push_back(path);
  if (node.is_object())
    for (const auto& [key, child] : node.items())
      collect_nulls(child, path.empty() ? key : std::string(path).append(".").append(key), nulls);
}

bool is_listed(const Json& entries, const std::string& path) {
  for (const auto& entry : entries) {
    const std::string text = entry.get<std::string>(), head = text.substr(0, text.find(':'));
    if (path == head || path.rfind(head + ".", 0) == 0) return true;
  }
  return false;
}

// The keys of design.md section 7.
constexpr const char* keys[] = {
    "/schema",
    "/experiment",
    "/version",
    "/config_digest",
    "/fidelity/matrix_engine",
    "/fidelity/vector_unit",
    "/fidelity/hbm",
    "/fidelity/link",
    "/step/time_s",
    "/step/tokens",
    "/step/model_flops",
    "/step/hardware_flops",
    "/throughput/tokens_per_s",
    "/throughput/tokens_per_s_per_chip",
    "/throughput/model_tflops_per_chip",
    "/throughput/mfu",
    "/throughput/mfu_bf16",
    "/throughput/hfu",
    "/throughput/goodput",
    "/waterfall/0/name",
    "/waterfall/0/tflops_per_chip",
    "/waterfall/0/lost_to",
    "/time/ideal_s",
    "/time/clock_s",
    "/time/shape_s",
    "/time/on_chip_stall_s",
    "/time/memory_stall_s",
    "/time/vector_s",
    "/time/recompute_s",
    "/time/exposed_communication_s/tensor",
    "/time/exposed_communication_s/pipeline",
    "/time/exposed_communication_s/data",
    "/time/exposed_communication_s/expert",
    "/time/exposed_communication_s/context",
    "/time/bubble_s",
    "/time/optimizer_s",
    "/time/host_s",
    "/time/straggler_s",
    "/overlapped/communication_s",
    "/overlapped/vector_s",
    "/memory/capacity_bytes",
    "/memory/peak_bytes",
    "/memory/weights_bytes",
    "/memory/gradients_bytes",
    "/memory/optimizer_bytes",
    "/memory/activations_bytes",
    "/power/chip_w",
    "/power/cap_w",
    "/power/clock_hz/nameplate",
    "/power/clock_hz/matrix",
    "/power/clock_hz/average",
    "/power/energy_per_token_j",
    "/power/breakdown_w/matrix",
    "/power/breakdown_w/vector",
    "/power/breakdown_w/sram",
    "/power/breakdown_w/network_on_chip",
    "/power/breakdown_w/hbm",
    "/power/breakdown_w/links",
    "/power/breakdown_w/leakage",
    "/power/breakdown_w/fixed",
    "/die/area_mm2",
    "/die/yield",
    "/die/cost_usd",
    "/cost/usd_per_million_tokens",
    "/simulation/wall_s",
    "/simulation/events",
    "/simulation/peak_rss_bytes",
    "/not_modelled"};

TEST(Experiments, RunAndKeepTheirPromises) {
  const std::vector<std::string> names = experiments();
  ASSERT_GE(names.size(), 5U);
  for (const std::string& name : names) {
    SCOPED_TRACE(name);
    const Json result = result_of(name);
    for (const char* key : keys) EXPECT_TRUE(result.contains(Json::json_pointer(key))) << key;
    const double mfu = result["throughput"]["mfu"];
    EXPECT_GT(mfu, 0.2);
    EXPECT_LT(mfu, 0.8);
    const double step = result["step"]["time_s"];
    EXPECT_NEAR(sum(result["time"]) / step, 1, 1e-9);
    std::vector<std::string> nulls;
    collect_nulls(result, "", nulls);
    for (const std::string& path : nulls)
      EXPECT_TRUE(is_listed(result["not_modelled"], path)) << path << " is null";
    EXPECT_GT(result["simulation"]["events"].get<double>(), 0);
    EXPECT_LE(result["memory"]["peak_bytes"].get<double>(),
              result["memory"]["capacity_bytes"].get<double>());
  }
}

// The adaptor compares every value of the RTL with the golden model, and the array has no choice of
// when to move: with its RTL, its SystemC model or its formula in the
// loop, a step takes the same time to the last bit.
TEST(RtlInTheLoop, AStepIsTheSameAtEveryFidelityOfTheArray) {
  std::string cycle;
  for (const std::string fidelity : {"cycle", "analytic", "rtl"}) {
    Json result = result_of(
        "tiny --config-path tests/data/configs --set fidelity.matrix_engine=" + fidelity);
    EXPECT_EQ(result["fidelity"]["matrix_engine"], fidelity);
    const std::string numbers = Json{result["step"], result["time"], result["throughput"]}.dump();
    if (cycle.empty()) cycle = numbers;
    EXPECT_EQ(numbers, cycle) << fidelity;
  }
}

// The times of a long step sum to a little more than it lasts: that is rounding, not a bubble.
TEST(Experiments, RoundingIsNoNegativeBubble) {
  const Json result = result_of(
      "llama3-8b_8xh100 --set model=gpt3-175b --set cluster.type=tpu-v5p-pod "
      "--set cluster.chip=tpu-v5p --set cluster.chips=256 --set plan.data=32 --set plan.tensor=8 "
      "--set plan.sharding=zero1 --set plan.micro_batch=2 --set plan.global_batch=512 "
      "--set plan.recompute=full --set 'chip.hbm.capacity=100 TB' --set fidelity.link=analytic");
  EXPECT_GE(result["time"]["bubble_s"], 0);
  EXPECT_LT(result["time"]["bubble_s"], 1e-9);
}

// The document without the block that says how the simulation itself went.
std::string without_simulation(const std::string& document) {
  return document.substr(0, document.find("\"simulation\""));
}

TEST(Experiments, TwoRunsGiveTheSameBytes) {
  for (const std::string name : {"llama3-70b_512xh100", "gpt3-175b_1024xa100"}) {
    std::string result, trace;
    for (const char* run : {"first", "second"}) {
      const std::string json = temporary(run + std::string(".json"));
      const std::string timeline = temporary(run + std::string(".trace"));
      ASSERT_EQ(
          headroom_program("run " + name + " --json " + json + " --trace " + timeline).exit_code,
          0);
      const std::string document = without_simulation(file_content(json));
      EXPECT_GT(document.size(), 1000U);
      if (!result.empty()) {
        EXPECT_EQ(document, result) << name;
        EXPECT_EQ(file_content(timeline), trace) << name;
      }
      result = document;
      trace = file_content(timeline);
    }
  }
}

}  // namespace
}  // namespace headroom
