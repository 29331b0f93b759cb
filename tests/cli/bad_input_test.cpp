// Wrong input, from the outside: the whole of standard error, exit code 2, and nothing written.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

const std::string demo = "configs/experiments/llama3-8b_8xh100.yaml";
const std::string large = "configs/experiments/llama3-405b_16384xh100.yaml";

// Runs an experiment that is wrong; "FILE" in the expected text stands for its path.
void expect_refused(const std::string& experiment, const std::string& options,
                    std::string expected) {
  const std::string json = temporary("result.json"), trace = temporary("trace.json");
  const Finished program = headroom_program(
      "run " + experiment + " " + options + " --json " + json + " --trace " + trace);
  const std::size_t name = expected.find("FILE");
  if (name != std::string::npos) expected.replace(name, 4, experiment);
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.out, "");
  EXPECT_EQ(program.err, expected + "\n");
  EXPECT_FALSE(std::filesystem::exists(json));
  EXPECT_FALSE(std::filesystem::exists(trace));
}

struct Case {
  const char* name;
  const char* options;  // of the demo experiment
  const char* message;
};

std::ostream& operator<<(std::ostream& out, const Case& wrong) { return out << wrong.options; }

class BadInput : public testing::TestWithParam<Case> {};

TEST_P(BadInput, IsRefusedWithPlaceAndAdvice) {
  expect_refused(demo, GetParam().options, GetParam().message);
}

// Which variants are listed behind that depends on the build (HEADROOM_MATRIX_ENGINE_VARIANTS).
TEST(BadFidelity, RtlOfAnArrayThatWasNotBuilt) {
  const Finished program = headroom_program("run " + demo + " --set fidelity.matrix_engine=rtl");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_NE(
      program.err.find(
          "--set fidelity.matrix_engine=rtl:1:24: fidelity.matrix_engine: found rtl "
          "for the half 4x8 with dot length 16 (bf16) arrays of h100-sxm; expected "
          "analytic or cycle; rtl is built for integer 1x1, "),
      std::string::npos)
      << program.err;
}

INSTANTIATE_TEST_SUITE_P(
    Set, BadInput,
    testing::Values(
        Case{"unknown_key", "--set plan.tensr=2",
             "--set plan.tensr=2:1:6: plan.tensr: found the unknown key 'tensr'; expected one of "
             "data, tensor, pipeline, virtual_pipeline, schedule, context, context_method, expert, "
             "expert_tensor, expert_skew, sharding, shard_group, micro_batch, global_batch, "
             "sequence, "
             "recompute, recompute_parts, recompute_layers, placement, format, optimizer, "
             "optimizer_state, offload; "
             "did you mean 'tensor'?"},
        Case{"wrong_unit", "--set 'chip.hbm.bandwidth=2 GHz'",
             "--set chip.hbm.bandwidth=2 GHz:1:20: chip.hbm.bandwidth: found '2 GHz' (a "
             "frequency); expected a data rate such as 3.35 TB/s"},
        Case{"wrong_type", "--set plan.tensor=two",
             "--set plan.tensor=two:1:13: plan.tensor: found 'two'; expected a whole number from 1 "
             "to 10000000"},
        Case{"nan_rate", "--set chip.hbm.bandwidth=.nan",
             "--set chip.hbm.bandwidth=.nan:1:20: chip.hbm.bandwidth: found '.nan'; expected a "
             "data rate such as 3.35 TB/s"},
        Case{"negative_rate", "--set 'chip.hbm.bandwidth=-1 TB/s'",
             "--set chip.hbm.bandwidth=-1 TB/s:1:20: chip.hbm.bandwidth: found '-1 TB/s'; expected "
             "a data rate above 0 B/s"},
        Case{"product_of_the_plan", "--set plan.data=4",
             "FILE:14:3: plan: found data 4 x tensor 1 x pipeline 1 x context 1 = 4 chips; "
             "expected the 8 of cluster.chips"},
        Case{"heads", "--set plan.tensor=3 --set plan.data=1 --set cluster.chips=3",
             "--set plan.tensor=3:1:13: plan.tensor: found '3'; expected a divisor of the model's "
             "32 attention heads"},
        Case{"micro_batch", "--set plan.micro_batch=3",
             "FILE:19:17: plan.global_batch: found '16'; expected a multiple of data 8 x "
             "micro_batch 3"},
        Case{"too_many_activations", "--set plan.micro_batch=2 --set plan.recompute=none",
             "FILE:14:3: plan: found 108.2 GB on a chip of pipeline rank 0 (weights 4.1, gradients "
             "6.1, optimizer 12.0, activations 86.0); expected at most the 85.5 GB of HBM of "
             "h100-sxm, 22.7 GB less; these would fit: plan.recompute=selective (needs 85.3 GB), "
             "plan.recompute=full (needs 41.6 GB), plan.micro_batch=1 (needs 65.2 GB)"},
        Case{"too_many_states", "--set plan.sharding=none",
             "FILE:14:3: plan: found 176.1 GB on a chip of pipeline rank 0 (weights 16.1, "
             "gradients 32.1, optimizer 96.4, activations 31.5); expected at most the 85.5 GB of "
             "HBM of h100-sxm, 90.6 GB less; these would fit: plan.sharding=zero2 (needs 65.8 GB), "
             "plan.sharding=zero3 (needs 53.8 GB)"},
        Case{"nothing_fits", "--set 'chip.hbm.capacity=1 GB'",
             "FILE:14:3: plan: found 53.8 GB on a chip of pipeline rank 0 (weights 4.1, gradients "
             "6.1, optimizer 12.0, activations 31.5); expected at most the 1.0 GB of HBM of "
             "h100-sxm, 52.8 GB less; no single change of recompute, sharding or micro_batch makes "
             "it fit: use more chips"},
        Case{"rtl_of_hbm", "--set fidelity.hbm=rtl",
             "--set fidelity.hbm=rtl:1:14: fidelity.hbm: found 'rtl'; expected one of analytic, "
             "cycle"},
        Case{"golden_has_no_time", "--set fidelity.matrix_engine=golden",
             "--set fidelity.matrix_engine=golden:1:24: fidelity.matrix_engine: found 'golden'; "
             "expected one of analytic, cycle, rtl"}),
    [](const auto& test) { return std::string(test.param.name); });

// An experiment file of this test's own.
std::string written(const std::string& text) {
  std::string path = temporary("experiment.yaml");
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

void expect_file_refused(const std::string& text, const std::string& expected) {
  const std::string path = written(text);
  expect_refused(path, "", expected);
  std::filesystem::remove(path);
}

TEST(BadFile, UnknownBuiltInName) {
  expect_refused(
      "llama3-8b_8xh10", "",
      "FILE:1:1: document: found no file and no built-in experiment; expected an "
      "experiment file or one of claim-c1-energy, claim-c10-price, claim-c2-electricity, "
      "claim-c3-formats, claim-c4-plain, claim-c4-tuned, claim-c6-perfect, claim-c7-one-die, "
      "claim-c7-two-dies, claim-c8-node, gpt3-175b_1024xa100, llama2-70b_v5p, "
      "llama3-405b_16384xh100, llama3-70b_512xh100, llama3-8b_8xh100; "
      "did you mean "
      "'llama3-8b_8xh100'?");
}

TEST(BadFile, Missing) {
  expect_refused(
      "no_such.yaml", "", "FILE:1:1: document: found no file; expected a YAML or JSON file");
}

TEST(BadFile, Empty) {
  expect_file_refused("", "FILE:1:1: document: found an empty document; expected YAML or JSON");
}

TEST(BadFile, Binary) {
  expect_file_refused(
      std::string("model: \x7f"
                  "ELF\0\1",
                  13),
      "FILE:1:8: document: found the control character 0x7f; expected a text file in UTF-8");
}

TEST(BadFile, DuplicateKey) {
  expect_file_refused(
      "model: llama-3-8b\nplan:\n  tensor: 1\n  tensor: 2\n",
      "FILE:4:3: plan.tensor: found a second key 'tensor' (the first is in line 3); expected each "
      "key once");
}

TEST(BadFile, AliasBomb) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string last = "*a" + std::to_string(i - 1), name = "a" + std::to_string(i);
    text.append(name).append(": &").append(name).append(" [").append(last);
    for (int k = 0; k < 3; ++k) text.append(", ").append(last);
    text += "]\n";
  }
  expect_file_refused(
      text,
      "FILE:8:10: a7[0]: found more than 100000 values, aliases expanded; expected a smaller "
      "document");
}

// Stages need not be even: 126 layers on 16 of them is legal.
TEST(GoodInput, LayersThatDoNotDivideByTheStages) {
  const Finished program = headroom_program(
      "run " + large + " --set plan.virtual_pipeline=1 --json -");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  EXPECT_EQ(program.err, "");
}

// What an earlier run wrote stays whole.
TEST(BadInputOfARun, LeavesAnEarlierResultAlone) {
  const std::string json = temporary("result.json");
  std::ofstream(json) << "{}\n";
  EXPECT_EQ(
      headroom_program("run " + demo + " --set plan.sharding=none --json " + json).exit_code, 2);
  EXPECT_EQ(file_content(json), "{}\n");
  std::filesystem::remove(json);
}

}  // namespace
}  // namespace headroom
