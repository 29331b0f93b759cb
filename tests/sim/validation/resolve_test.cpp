#include "sim/validation/resolve.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/validation/support.h"

namespace headroom::validation {
namespace {

class Resolve : public testing::Test {
 protected:
  std::variant<ResolvedRun, Skipped> attempt(const Cells& changes) {
    return resolve(run_of(changes), {paths_, tables_, {}});
  }
  ResolvedRun resolved(const Cells& changes) {
    auto result = attempt(changes);
    if (const auto* skipped = std::get_if<Skipped>(&result)) {
      ADD_FAILURE() << skipped->reason;
      return {};
    }
    return std::get<ResolvedRun>(result);
  }
  std::string reason(const Cells& changes) {
    const auto result = attempt(changes);
    const auto* skipped = std::get_if<Skipped>(&result);
    return skipped == nullptr ? "resolved" : skipped->reason;
  }

  config::ConfigPaths paths_;
  RunTables tables_ = config::read_run_tables(paths_);
};

bool assumes(const ResolvedRun& run, const std::string& text) {
  return std::any_of(run.assumptions.begin(), run.assumptions.end(), [&](const std::string& each) {
    return each.find(text) != std::string::npos;
  });
}

TEST_F(Resolve, WhatTheRowStatesIsTaken) {
  const ResolvedRun run = resolved({});
  EXPECT_EQ(run.experiment.model.layers, 4);
  EXPECT_EQ(run.experiment.model.head_dim, 128);
  EXPECT_FALSE(run.experiment.model.gated);
  EXPECT_EQ(run.experiment.chip.id, "a100-80gb-sxm");
  EXPECT_EQ(run.experiment.plan.data, 8);
  EXPECT_EQ(run.experiment.plan.micro_batch, 4);
  EXPECT_EQ(run.experiment.plan.sharding, Sharding::none);
  EXPECT_FALSE(run.experiment.allow_misfit);
  EXPECT_EQ(
      run.assumptions,
      (std::vector<std::string>{
          "network: dgx-a100, the usual one of the chip; the source's is not described",
          "software: what the source ran is not described; launches and the time between "
          "steps are free"}));
}

TEST_F(Resolve, TheSoftwareOfASourceIsItsStack) {
  const auto stack = [&](const Cells& changes) { return resolved(changes).experiment.stack.id; };
  EXPECT_EQ(stack({}), "");
  EXPECT_EQ(stack({{"source", "Megatron-LM SC21"}, {"year", "2021"}}), "megatron-lm-2021");
  EXPECT_EQ(
      stack({{"source", "Megatron-LM GPT-3 example"}, {"year", "2024"}}), "megatron-core-2024");
  EXPECT_EQ(stack({{"source", "Megatron-LM SC21"}, {"year", "2021"}, {"sharding", "ZeRO-3"}}),
            "deepspeed-2021");
  const ResolvedRun run = resolved({{"source", "vTrain"}});
  EXPECT_EQ(run.stack, "megatron-deepspeed");
  EXPECT_EQ(run.framework, "Megatron-DeepSpeed");
  EXPECT_FALSE(run.experiment.stack.sequence_parallel);
  EXPECT_DOUBLE_EQ(run.experiment.stack.launch.si(), 75e-6);
}

TEST_F(Resolve, AStackMayDependOnModelAndChip) {
  const std::string early = "NVIDIA Megatron-Bridge performance summary, 25.09 NeMo Container",
                    late = "NVIDIA Megatron-Bridge performance summary, 26.04 NeMo Container";
  const auto stack = [&](const std::string& source, const std::string& model) {
    return framework_of(run_of({{"source", source}, {"model", model}, {"chip", "B200"}}), tables_)
        ->stack;
  };
  EXPECT_EQ(stack(early, "LLaMA3-8B"), "megatron-bridge-2025");
  EXPECT_EQ(stack(early, "DeepSeekV3"), "megatron-bridge-eager");
  EXPECT_EQ(stack(late, "Qwen3-235B-A22B"), "megatron-bridge-eager");
  EXPECT_EQ(stack(late, "GPT-OSS-120B"), "megatron-bridge-eager");
  EXPECT_EQ(stack(late, "Nemotron_3_Nano"), "megatron-bridge-2026");
}

TEST_F(Resolve, BlanksFollowTheRules) {
  const ResolvedRun run = resolved(
      {{"dp", ""},
       {"sharding", ""},
       {"activation_recompute", ""},
       {"micro_batch_seqs", ""},
       {"tp", "2"},
       {"kv_heads", ""},
       {"ffn_hidden", ""}});
  EXPECT_EQ(run.experiment.plan.data, 4);
  EXPECT_EQ(run.experiment.plan.micro_batch, 16);
  EXPECT_EQ(run.experiment.plan.sharding, Sharding::none);
  EXPECT_EQ(run.experiment.plan.recompute, Recompute::none);
  EXPECT_EQ(run.experiment.model.kv_heads, 16);
  EXPECT_EQ(run.experiment.model.ffn, 8192);
  EXPECT_TRUE(assumes(run, "plan: micro-batch 16, all of a replica's 16 sequences"));
  EXPECT_TRUE(assumes(run, "plan: recomputation none, the least that fits"));
  EXPECT_TRUE(assumes(run, "plan: sharding none, the least that fits"));
  EXPECT_TRUE(assumes(run, "model: feed-forward width 4 x hidden = 8192"));
}

TEST_F(Resolve, RecomputationIsTheLeastThatFits) {
  const ResolvedRun run = resolved(
      {{"activation_recompute", ""}, {"layers", "40"}, {"micro_batch_seqs", "8"}});
  EXPECT_NE(run.experiment.plan.recompute, Recompute::none);
  EXPECT_FALSE(run.experiment.allow_misfit);
}

TEST_F(Resolve, WhatDoesNotFitIsPredictedAndFlagged) {
  const ResolvedRun run = resolved({{"layers", "96"}, {"micro_batch_seqs", "8"}});
  EXPECT_TRUE(run.experiment.allow_misfit);
  EXPECT_TRUE(assumes(run, "does not fit by our count"));
}

TEST_F(Resolve, ABatchThatReplicasDoNotDivideIsTheNearest) {
  const ResolvedRun run = resolved({{"global_batch_seqs", "60"}});
  EXPECT_EQ(run.experiment.plan.global_batch, 64);
  EXPECT_TRUE(assumes(run, "global batch 64 instead of 60"));
}

TEST_F(Resolve, TheMissingSizeIsWhatTheOthersLeave) {
  const ResolvedRun run = resolved(
      {{"tp", "2"}, {"pp", ""}, {"dp", "2"}, {"micro_batch_seqs", "1"}});
  EXPECT_EQ(run.experiment.plan.pipeline, 2);
}

TEST_F(Resolve, AChipMayBeAVariantOfAnother) {
  const ResolvedRun capped = resolved({{"chip", "H100 SXM (500 W cap)"}});
  EXPECT_EQ(capped.experiment.chip.id, "h100-sxm");
  EXPECT_DOUBLE_EQ(capped.experiment.chip.hbm.bandwidth.si(), 2.4e12);
  EXPECT_DOUBLE_EQ(capped.experiment.chip.power_cap.si(), 500);
  EXPECT_TRUE(assumes(capped, "chip: h100-sxm with hbm.device=hbm2e"));
  const ResolvedRun small = resolved({{"chip", "A100 SXM 40GB"}, {"micro_batch_seqs", "1"}});
  EXPECT_DOUBLE_EQ(small.experiment.chip.hbm.capacity.si(), 40960.0 * (1 << 20));
}

// Products measured on a source's own machine set its clock.
TEST_F(Resolve, AChipMayDependOnTheSource) {
  const ResolvedRun plain = resolved({{"chip", "B200"}}),
                    slow = resolved({{"chip", "B200"}, {"source", "SimuMax v1.2"}});
  EXPECT_DOUBLE_EQ(plain.experiment.chip.clock.sustained_matmul.si(), 1403e6);
  EXPECT_DOUBLE_EQ(slow.experiment.chip.clock.sustained_matmul.si(), 1137e6);
  EXPECT_TRUE(assumes(slow, "chip: b200-sxm with clock.sustained_matmul=1137 MHz"));
}

TEST_F(Resolve, ARecipeMayNameThePartsToRecompute) {
  const ResolvedRun run = resolved(
      {{"source", "NVIDIA Megatron-Bridge performance summary, 26.04 NeMo Container"},
       {"model", "Nemotron_3_Super"},
       {"chip", "B300"},
       {"precision", "NVFP4"},
       {"activation_recompute", ""}});
  EXPECT_EQ(run.experiment.plan.recompute, Recompute::selective);
  EXPECT_EQ(run.experiment.plan.recompute_parts,
            (std::vector<LayerPart>{LayerPart::expert_activation, LayerPart::norm}));
  EXPECT_TRUE(assumes(run, "recomputation selective (expert_activation, norm) from the recipe"));
}

// A row that says "selective" and no more.
TEST_F(Resolve, ARecipeSaysWhatSelectiveIs) {
  const ResolvedRun run = resolved(
      {{"source", "torchtitan Llama3 H100 2024-12 Table 1"},
       {"model", "LLaMA3-8B"},
       {"chip", "H100 SXM"},
       {"activation_recompute", "selective"},
       {"notes", "FSDP; as it is"}});
  EXPECT_EQ(run.experiment.plan.recompute_parts,
            (std::vector<LayerPart>{
                LayerPart::norm, LayerPart::activation, LayerPart::alternate_products}));
  EXPECT_EQ(run.stack, "torchtitan-2024-eager");
  EXPECT_EQ(
      resolved({{"source", "torchtitan Llama3 H100 2024-12 Table 1"},
                {"model", "LLaMA3-8B"},
                {"chip", "H100 SXM"},
                {"activation_recompute", "full"},
                {"notes", "FSDP + torch.compile"}})
          .stack,
      "torchtitan-2024");
}

TEST_F(Resolve, ANameMayStandForAModel) {
  const ResolvedRun run = resolved(
      {{"model", "LLaMA3-8B"},
       {"layers", ""},
       {"hidden", ""},
       {"heads", ""},
       {"kv_heads", ""},
       {"ffn_hidden", ""},
       {"vocab", ""},
       {"sharding", "FSDP"},
       {"activation_recompute", "full"}});
  EXPECT_EQ(run.experiment.model.layers, 32);
  EXPECT_EQ(run.experiment.model.kv_heads, 8);
  EXPECT_TRUE(run.experiment.model.gated);
  EXPECT_TRUE(assumes(run, "model: dimensions of LLaMA3-8B (configs/models/llama-3-8b)"));
}

TEST_F(Resolve, HeadsOfTheRowMakeTheirWidth) {
  const ResolvedRun run = resolved(
      {{"model", "GPT-3-175B"},
       {"hidden", "12288"},
       {"heads", "128"},
       {"kv_heads", "128"},
       {"ffn_hidden", "49152"}});
  EXPECT_EQ(run.experiment.model.head_dim, 96);
}

TEST_F(Resolve, AnUnknownNameIsToldByItsParameters) {
  const Cells plain{{"model", "Zorg"}, {"params_total_b", "0.31"}};
  EXPECT_FALSE(resolved(plain).experiment.model.gated);
  const Cells gated{{"model", "Zorg"}, {"params_total_b", "0.48"}};
  EXPECT_TRUE(resolved(gated).experiment.model.gated);
  EXPECT_EQ(reason({{"model", "Zorg"}}),
            "model: 'Zorg' is not described yet and the row states no number of parameters to tell "
            "its architecture by");
}

TEST_F(Resolve, ARecipeComesBeforeTheRules) {
  const ResolvedRun run = resolved(
      {{"source", "MaxText TPU v5p README"},
       {"model", "MaxText-32B"},
       {"chip", "TPU v5p"},
       {"chip_count", "64"},
       {"layers", ""},
       {"hidden", ""},
       {"heads", ""},
       {"kv_heads", ""},
       {"ffn_hidden", ""},
       {"vocab", ""},
       {"seq_len", ""},
       {"global_batch_seqs", ""},
       {"micro_batch_seqs", ""},
       {"tp", ""},
       {"pp", ""},
       {"dp", ""},
       {"sharding", ""},
       {"activation_recompute", ""}});
  EXPECT_EQ(run.experiment.plan.tensor, 4);
  EXPECT_EQ(run.experiment.plan.data, 16);
  EXPECT_EQ(run.experiment.plan.global_batch, 384);
  EXPECT_EQ(run.experiment.plan.sharding, Sharding::zero3);
  EXPECT_EQ(run.experiment.plan.recompute, Recompute::selective);
  EXPECT_EQ(run.framework, "MaxText");
  EXPECT_NEAR(static_cast<double>(run.experiment.model.parameters()), 32e9, 1e9);
}

TEST_F(Resolve, ExpertsComeWithTheNameOfTheModel) {
  const Cells cells{
      {"model", "Qwen3-30B-A3B"}, {"layers", "48"},
      {"hidden", "2048"},         {"heads", "32"},
      {"kv_heads", "4"},          {"ffn_hidden", ""},
      {"vocab", "151936"},        {"ep", "8"},
      {"chip", "B200"},           {"sharding", "distributed optimizer"}};
  const ResolvedRun run = resolved(cells);
  EXPECT_EQ(run.experiment.model.experts.count, 128);
  EXPECT_EQ(run.experiment.model.head_dim, 128);
  EXPECT_EQ(run.experiment.plan.expert, 8);
  Cells first = cells;
  first["layers"] = "4";
  EXPECT_EQ(resolved(first).experiment.model.layers, 4);
}

TEST_F(Resolve, ManySlicesAreOneWithItsShare) {
  const ResolvedRun run = resolved(
      {{"chip", "TPU v5e"},
       {"chip_count", "1024"},
       {"dp", "1024"},
       {"global_batch_seqs", "4096"},
       {"sharding", "FSDP"}});
  EXPECT_EQ(run.experiment.cluster.chips, 256);
  EXPECT_EQ(run.experiment.plan.data, 256);
  EXPECT_EQ(run.experiment.plan.global_batch, 1024);
  EXPECT_TRUE(assumes(run, "network: one of 4 slices of 256 chips"));
  EXPECT_EQ(
      reason({{"chip", "TPU v5e"},
              {"chip_count", "1024"},
              {"dp", "1024"},
              {"global_batch_seqs", "4095"}}),
      "row: its 4 slices have no equal shares of the batch");
}

TEST_F(Resolve, SaysWhyARunIsSkipped) {
  EXPECT_EQ(reason({{"chip", "Gaudi3"}}), "chip: 'Gaudi3' is not described yet");
  EXPECT_EQ(reason({{"params_active_b", "3.3"}}),
            "model: the experts of 'GPT-test' are not described yet");
  EXPECT_EQ(reason({{"ep", "8"}}), "model: the experts of 'GPT-test' are not described yet");
  EXPECT_EQ(reason({{"model", "DeepSeekV4 Flash"}}),
            "model: dimensions of DeepSeek-V4 are not known here");
  EXPECT_EQ(reason({{"cp", "2"}, {"dp", "4"}}), "resolved");
  EXPECT_EQ(reason({{"cp", "2"}, {"dp", "4"}, {"seq_len", "2050"}}),
            "plan.sequence: found nothing; expected a multiple of 2 x plan.context = 4");
  EXPECT_EQ(
      reason({{"precision", "MXFP8"}}),
      "plan.format: found 'mxfp8_e4m3'; expected a format of the chip's matrix engines: one "
      "of tf32, "
      "bf16, fp16, int8");
  EXPECT_EQ(reason({{"precision", "FP8 linear"}, {"chip", "H100 SXM"}}), "resolved");
  EXPECT_EQ(reason({{"precision", "decimal"}}), "plan: precision 'decimal' is not known");
  EXPECT_EQ(reason({{"sharding", "ZeRO-3 + CPU AdamW offload"}}), "resolved");
  EXPECT_EQ(reason({{"sharding", "ZeRO-3 + CPU AdamW offload"}, {"chip", "TPU v4"}}),
            "plan: sharding 'ZeRO-3 + CPU AdamW offload': no host is described for cluster "
            "'tpu-v4-pod'");
  EXPECT_EQ(reason({{"dp", "4"}}),
            "plan: data 4 x tensor 1 x pipeline 1 x context 1 are not the row's 8 chips");
  EXPECT_EQ(reason({{"seq_len", ""}}), "plan: neither the row nor a recipe states seq_len");
  EXPECT_EQ(reason({{"chip_count", ""}}), "row: no chip_count");
  EXPECT_EQ(reason({{"notes", "odd; do not validate against this row"}}),
            "row: its own note says not to validate against it");
}

}  // namespace
}  // namespace headroom::validation
