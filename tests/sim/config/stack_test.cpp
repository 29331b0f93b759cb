// Software stacks: what a file may hold, and which one an experiment gets.
#include "sim/config/stack.h"

#include <gtest/gtest.h>

#include "sim/config/load.h"
#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

const std::string stack_text = R"(launch: {value: 6 us, source: here}
between_steps: 5 ms
sequence_parallel: false
tensor_overlap: true
gradients: {bytes: 2, overlaps: false}
gradient_passes: 4
)";

TEST(StackFile, HoldsFacts) {
  const Stack stack = stack_record().read(Node::parse(stack_text, "s.yaml"));
  EXPECT_DOUBLE_EQ(stack.launch.si(), 6e-6);
  EXPECT_DOUBLE_EQ(stack.between_steps.si(), 5e-3);
  EXPECT_FALSE(stack.sequence_parallel);
  EXPECT_TRUE(stack.tensor_overlap);
  EXPECT_EQ(stack.gradients.bytes, 2);
  EXPECT_FALSE(stack.gradients.overlaps);
  EXPECT_EQ(stack.gradient_passes, 4);
}

// The processor beside the chips is the cluster's; an experiment may change it.
TEST(StackFile, TimesOfTheHostAreOfTheClustersProcessor) {
  const auto host_us = [](const std::vector<std::string>& assignments) {
    const ConfigPaths paths;
    const Experiment experiment = load_experiment(
        *paths.find("experiments", "llama3-8b_8xh100"), paths, assignments);
    return 1e6 * experiment.on_host(experiment.stack.launch).si();
  };
  const std::string eager = "stack=megatron-bridge-eager";
  EXPECT_DOUBLE_EQ(host_us({eager}), 50);
  const std::vector<std::string> grace{eager, "cluster={type: gb200-nvl72, chip: gb200, chips: 8}"};
  EXPECT_DOUBLE_EQ(host_us(grace), 50 * 2.75);
  EXPECT_DOUBLE_EQ(host_us({grace[0], grace[1], "cluster.host_time=1"}), 50);
  EXPECT_EQ(
      message_of([&] { host_us({"cluster.host_time=0"}); }),
      "--set cluster.host_time=0:1:19: cluster.host_time: found '0'; expected a number above 0");
}

TEST(StackFile, SaysWhatIsWrong) {
  const auto message = [](const std::string& from, const std::string& to) {
    std::string text = stack_text;
    text.replace(text.find(from), from.size(), to);
    return message_of([&] { static_cast<void>(stack_record().read(Node::parse(text, "s.yaml"))); });
  };
  EXPECT_EQ(message("bytes: 2", "bytes: 1"),
            "s.yaml:5:20: gradients.bytes: found '1'; expected a number from 2 to 4");
  EXPECT_EQ(
      message("between_steps: 5 ms", "between_step: 5 ms"),
      "s.yaml:2:1: between_step: found the unknown key 'between_step'; expected one of launch, "
      "between_steps, sequence_parallel, tensor_overlap, gradients, gathers, attention, fusion, "
      "experts, gradient_passes, name; "
      "did you mean 'between_steps'?");
  EXPECT_EQ(message("value: 6 us", "value: -6 us"),
            "s.yaml:1:17: launch.value: found '-6 us'; expected a time of at least 0 s");
}

TEST(StackFile, ShippedOnesNameTheirSources) {
  const ConfigPaths paths;
  for (const std::string& name : paths.names("stacks")) {
    const Node document = Node::load(*paths.find("stacks", name));
    for (const std::string& key : stack_record().keys()) {
      if (key == "name" || key == "gradients" || key == "attention" || key == "fusion" ||
          key == "gathers" || key == "experts")
        continue;
      EXPECT_TRUE(document[key]["source"].exists()) << name << ": " << key;
    }
    for (const char* key : {"bytes", "overlaps"})
      EXPECT_TRUE(document["gradients"][key]["source"].exists()) << name << ": gradients." << key;
    for (const char* key : {"elementwise", "loss"})
      EXPECT_TRUE(document["fusion"][key]["source"].exists()) << name << ": fusion." << key;
    const Node attention = document["attention"];
    ASSERT_TRUE(attention.exists()) << name;
    for (const char* key :
         {"fused", "warp_instructions", "softmax_overlaps", "adds_query_gradients"})
      EXPECT_EQ(attention[key].exists(), attention[key]["source"].exists())
          << name << ": attention." << key;
  }
}

TEST(StackFile, AnExperimentNamesOne) {
  const ConfigPaths paths;
  const auto load = [&](const std::vector<std::string>& set) {
    return load_experiment(*paths.find("experiments", "gpt3-175b_1024xa100"), paths, set);
  };
  EXPECT_EQ(load({"stack=maxtext"}).stack.id, "maxtext");
  EXPECT_EQ(load({"stack=none"}).stack.id, "");
  EXPECT_NE(load({"stack=maxtext"}).digest, load({"stack=none"}).digest);
  EXPECT_EQ(
      message_of([&] { load({"stack=maxtex"}); }),
      "--set stack=maxtex:1:7: stack: found 'maxtex'; expected the path of a file or a stack: "
      "deepspeed-2021, deepspeed-2026, fsdp-2023, llm-foundry-2023, maxtext, megatron-bridge-2025, "
      "megatron-bridge-2026, megatron-bridge-eager, megatron-bridge-graphs, megatron-core-2024, "
      "megatron-core-2025, "
      "megatron-deepspeed, megatron-lm-2021, megatron-lm-2022, pytorch-2026, torchtitan-2024, "
      "torchtitan-2024-eager; did "
      "you mean "
      "'maxtext'?");
}

}  // namespace
}  // namespace headroom::config
