// Parameter counts of every model in configs/models against the published ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>

#include "sim/workload/import.h"

namespace headroom {
namespace {

// A count as published, in millions, and half a unit of its last digit: what is not published to
// 0.1 % is compared to that.
struct Published {
  double millions = 0, half_unit = 0;
};

const std::map<std::string, Published>& published() {
  static const std::map<std::string, Published> counts{
      // Number of elements in the safetensors files on Hugging Face.
      {"bloom-176b", {176247.271424}},
      {"bloom-7b1", {7069.016064}},
      {"bert-large", {336.226108}},
      {"deepseek-v2", {235741.434880}},
      {"deepseek-v2-lite", {15706.484224}},
      {"falcon-180b", {179522.565120}},
      {"gemma-2-27b", {27227.128320}},
      {"gemma-2-9b", {9241.705984}},
      {"gemma-3-1b", {999.885952}},
      {"gemma-7b", {8537.680896}},
      {"gpt-j-6b", {6050.882784}},
      {"kimi-k2", {1026470.731056}},  // with the scales of its fp8 blocks
      {"llama-2-13b", {13015.864320}},
      {"llama-2-70b", {68976.648192}},
      {"llama-2-7b", {6738.415616}},
      {"llama-3-405b", {405853.388800}},
      {"llama-3-70b", {70553.706496}},
      {"llama-3-8b", {8030.261248}},
      {"llama-3.2-1b", {1235.814400}},
      // Without the vision tower and its projector, 871,932,416 in both.
      {"llama-4-maverick-17b-128e", {401583.781376 - 871.932416}},
      {"llama-4-scout-17b-16e", {108641.793536 - 871.932416}},
      {"mistral-7b", {7241.732096}},
      {"mixtral-8x22b", {140620.634112}},
      {"mixtral-8x7b", {46702.792704}},
      {"mpt-7b", {6649.286656}},
      {"nemotron-3-nano-30b-a3b", {31577.937344}},
      {"qwen1.5-moe-a2.7b", {14315.784192}},
      {"qwen2.5-72b", {72706.203648}},
      {"qwen2.5-7b", {7615.616512}},
      {"qwen3-235b-a22b", {235093.634560}},
      {"qwen3-30b-a3b", {30532.122624}},
      {"qwen3-8b", {8190.735360}},
      {"t5-base", {222.903552}},
      {"t5-11b", {11307.321344}},
      // num_parameters() of the Hugging Face classes, tied weights counted once.
      {"falcon-40b", {41303.293952}},
      {"falcon-7b", {6921.720704}},
      {"gpt2-1.5b", {1557.611200}},
      {"opt-6.7b", {6658.473984}},
      // Black et al. 2022, section 3.
      {"gpt-neox-20b", {20554.567680}},
      // DeepSeek-AI 2024, "671B" without multi-token prediction.
      {"deepseek-v3", {671000, 500}},
      {"deepseek-v3-without-mtp", {671000, 500}},
      // Gemma 3 report, table 1: 1,012 M of embedding, 10,759 M of the rest.
      {"gemma-3-12b", {1012 + 10759}},
      // gpt-oss model card, table 1: 116.83 B and 20.91 B.
      {"gpt-oss-120b", {116830, 5}},
      {"gpt-oss-20b", {20910, 5}},
      // Brown et al. 2020, table D.1; OPT-175B has the same sizes (Zhang et al. 2022, table 1).
      {"gpt3-175b", {174600}},
      {"opt-175b", {174600}},
      // Touvron et al. 2023, table 2: 6.7 B and 65.2 B.
      {"llama-7b", {6700, 50}},
      {"llama-65b", {65200, 100}},
      // Dao and Gu 2024, "2.7B".
      {"mamba2-2.7b", {2700, 50}},
      // MosaicML, "MPT-30B" with 29.95 B on its card.
      {"mpt-30b", {29950, 10}},
      // Nemotron-4 340B report, table 1: 9.4 B of embedding, 331.6 B of the rest.
      {"nemotron-4-340b", {9400 + 331600, 100}},
      // Nemotron-H report, "8.1B"; Nemotron 3 Super report, "120.6B".
      {"nemotron-h-8b", {8100, 50}},
      {"nemotron-3-super-120b-a12b", {120600, 100}},
      // llm-foundry, scripts/train/benchmarking, sequences of 2,048.
      {"llm-foundry-mpt-125m", {125.3, 0.05}},
      {"llm-foundry-mpt-350m", {356.0, 0.05}},
      {"llm-foundry-mpt-760m", {760.5, 0.05}},
      {"llm-foundry-mpt-1b", {1316.0, 0.05}},
      {"llm-foundry-mpt-3b", {2651.8, 0.05}},
      {"llm-foundry-mpt-7b", {6658.9, 0.05}},
      {"llm-foundry-mpt-13b", {12854.0, 0.05}},
      {"llm-foundry-mpt-30b", {29975.2, 0.05}},
      {"llm-foundry-mpt-70b", {64862.4, 0.05}},
      // Narayanan et al. 2021, table 1.
      {"megatron-gpt-1.7b", {1700, 50}},
      {"megatron-gpt-3.6b", {3600, 50}},
      {"megatron-gpt-7.5b", {7500, 50}},
      {"megatron-gpt-18b", {18400, 50}},
      {"megatron-gpt-39b", {39100, 50}},
      {"megatron-gpt-76b", {76100, 50}},
      {"megatron-gpt-145b", {145600, 50}},
      {"megatron-gpt-175b", {174600, 50}},
      {"megatron-gpt-310b", {310100, 50}},
      {"megatron-gpt-530b", {529600, 50}},
      {"megatron-gpt-1t", {1008000, 500}},
      // MaxText names its models by powers of two, global_parameter_scale, which their sizes follow
      // to a few per cent; no count is published.
      {"maxtext-16b", {16000, 480}},
      {"maxtext-22b", {22000, 500}},
      {"maxtext-32b", {32000, 960}},
      {"maxtext-64b", {64000, 1920}},
      {"maxtext-128b", {128000, 3840}},
      {"maxtext-512b", {512000, 15360}},
      {"maxtext-1024b", {1024000, 30720}},
      // Chowdhery et al. 2022, table 1.
      {"palm-540b", {540350, 5}}};
  return counts;
}

ModelDescription shipped(const std::string& name) {
  return load_model(
      std::filesystem::path(HEADROOM_SOURCE_DIR) / "configs/models" / name / "config.json");
}

TEST(PublishedParameters, OfEveryShippedModel) {
  const auto models = std::filesystem::path(HEADROOM_SOURCE_DIR) / "configs/models";
  std::size_t seen = 0;
  for (const auto& folder : std::filesystem::directory_iterator(models)) {
    const std::string name = folder.path().filename().string();
    const auto found = published().find(name);
    ASSERT_NE(found, published().end()) << name << " has no published count here";
    const double millions = static_cast<double>(shipped(name).parameters()) / 1e6;
    const double allowed = std::max(found->second.millions * 1e-3, found->second.half_unit);
    EXPECT_NEAR(millions, found->second.millions, allowed) << name;
    ++seen;
  }
  EXPECT_EQ(seen, published().size());
}

// Billions that work on one token, as published: with embedding and head where the source says so.
TEST(PublishedParameters, ActiveOnesOfModelsWithExperts) {
  const auto active = [](const char* name) {
    return static_cast<double>(shipped(name).active_parameters()) / 1e9;
  };
  EXPECT_NEAR(active("mixtral-8x7b"), 12.9, 0.05);
  EXPECT_NEAR(active("mixtral-8x22b"), 39, 0.5);
  EXPECT_NEAR(active("qwen1.5-moe-a2.7b"), 2.7, 0.05);
  EXPECT_NEAR(active("qwen3-30b-a3b"), 3.3, 0.1);
  EXPECT_NEAR(active("qwen3-235b-a22b"), 22, 0.5);
  EXPECT_NEAR(active("deepseek-v2"), 21, 0.5);
  EXPECT_NEAR(active("deepseek-v3"), 37, 0.6);
  EXPECT_NEAR(active("kimi-k2"), 32.6, 0.4);
  EXPECT_NEAR(active("llama-4-maverick-17b-128e"), 17, 0.5);
  EXPECT_NEAR(active("nemotron-3-nano-30b-a3b"), 3.6, 0.05);
  EXPECT_NEAR(active("nemotron-3-super-120b-a12b"), 12.7, 0.1);
  // The gpt-oss card leaves the embedding out, not the head: 5.13 and 3.61.
  const double embedding = 201088.0 * 2880 / 1e9;
  EXPECT_NEAR(active("gpt-oss-120b") - embedding, 5.13, 0.01);
  EXPECT_NEAR(active("gpt-oss-20b") - embedding, 3.61, 0.01);
}

}  // namespace
}  // namespace headroom
