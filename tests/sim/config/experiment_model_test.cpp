// Models inside an experiment, and plans of models with experts: what they become and their
// mistakes.
#include <gtest/gtest.h>

#include <algorithm>

#include "sim/config/load.h"
#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

const std::string rest =
    "cluster: {type: box, chip: toy-a, chips: 8}\n"
    "plan: {data: 4, tensor: 2, global_batch: 16, sequence: 64}\n";

Experiment load(const std::string& model, const std::vector<std::string>& assignments = {}) {
  const TemporaryFolder folder;
  return load_experiment(folder.write("E.yaml", model + rest), toy_paths(), assignments);
}

std::string message(const std::string& model, const std::vector<std::string>& assignments = {}) {
  const TemporaryFolder folder;
  const auto file = folder.write("E.yaml", model + rest);
  return replaced(
      message_of([&] { static_cast<void>(load_experiment(file, toy_paths(), assignments)); }),
      file.string(), "E.yaml");
}

const std::string
    terse = "model: {layers: 6, hidden: 64, heads: 8, kv_heads: 4, ffn: 96, vocab: 100}\n";
const std::string experts =
    "model: {layers: 6, hidden: 64, heads: 8, ffn: 96, vocab: 100, experts: 12, "
    "experts_per_token: 2}\n";

TEST(ExperimentModel, KeysAreTheModelOfTheirFile) {
  const Experiment keys = load(terse), file = load("model: tiny\n");
  EXPECT_EQ(keys.model.id, "inline");
  EXPECT_EQ(keys.model.parameters(), file.model.parameters());
  EXPECT_EQ(std::count(keys.assumed.begin(), keys.assumed.end(), "model.gated: true (default)"), 1);
  EXPECT_EQ(load(terse, {"model.layers=12"}).model.layers, 12);
  EXPECT_NE(load(terse, {"model.layers=12"}).digest, keys.digest);
}

TEST(ExperimentModel, MayBeCut) {
  EXPECT_EQ(load("model: {base: tiny, layers: 2}\n").model.layers, 2);
  EXPECT_EQ(message("model: {base: tiny, layers: 7}\n"),
            "E.yaml:1:29: model.layers: found '7'; expected at most the 6 layers of tiny");
  EXPECT_EQ(message("model: {base: tony, layers: 2}\n"),
            "E.yaml:1:15: model.base: found 'tony'; expected the path of a file or a model: tiny; "
            "did you mean 'tiny'?");
}

TEST(ExperimentModel, NamesMistakesAtTheirPlace) {
  EXPECT_EQ(message("model: {layers: 6, hidden: 64, heads: 8, ffn: 96}\n"),
            "E.yaml:1:8: model.vocab: found nothing; expected a whole number from 1 to 268435456");
  EXPECT_EQ(message("model: [tiny]\n"), "E.yaml:1:8: model: found a list; expected text");
}

TEST(ExpertPlan, DividesTheExpertsOfTheModel) {
  EXPECT_EQ(load(experts, {"plan.expert=4"}).plan.expert, 4);
  EXPECT_EQ(
      message(experts, {"plan.expert=8"}),
      "--set plan.expert=8:1:13: plan.expert: found '8'; expected a divisor of the model's 12 "
      "experts");
  EXPECT_EQ(message(experts, {"plan.expert=3"}),
            "--set plan.expert=3:1:13: plan.expert: found '3'; expected a divisor or a multiple of "
            "plan.tensor = 2");
  EXPECT_EQ(message(experts, {"plan.expert=12"}),
            "--set plan.expert=12:1:13: plan.expert: found '12'; expected a divisor of data 4 x "
            "tensor 2 / expert_tensor 1");
  EXPECT_EQ(message(experts, {"plan.expert=2", "plan.expert_tensor=4"}),
            "--set plan.expert_tensor=4:1:20: plan.expert_tensor: found '4'; expected 0, 1 or "
            "plan.tensor = 2");
  EXPECT_EQ(
      message(experts, {"plan.expert=4", "plan.placement=[tensor, pipeline, data]"}), "no error")
      << "one stage lies between them";
  EXPECT_EQ(message(experts, {"plan.expert=4", "plan.placement=[data, tensor, pipeline]"}),
            "--set plan.placement=[data, tensor, pipeline]:1:16: plan.placement: found a list; "
            "expected data next to tensor where plan.expert_tensor is 1 and plan.tensor is not");
  EXPECT_EQ(
      message(experts, {"plan.expert_skew=0.5"}),
      "--set plan.expert_skew=0.5:1:18: plan.expert_skew: found '0.5'; expected a number from "
      "1 to 1000");
}

}  // namespace
}  // namespace headroom::config
