// What each family's config.json gives beyond sizes: kinds of layers, attention, experts, Mamba-2.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/workload/graph.h"
#include "tests/sim/workload/support.h"

namespace headroom {
namespace {

ModelDescription from_text(const std::string& json) {
  return import_model(config::Node::parse(json, "config.json"), "inline");
}

std::string complaint(const std::string& json) {
  return complaint_of([&] { return from_text(json); });
}

std::int64_t layers_with(const ModelDescription& model, const LayerKind& kind) {
  std::int64_t count = 0;
  for (const LayerRun& run : model.runs()) count += run.kind == kind ? run.count : 0;
  return count;
}

LayerKind windowed(std::int64_t window, FeedForward feed_forward = FeedForward::dense) {
  LayerKind kind;
  kind.window = window;
  kind.feed_forward = feed_forward;
  return kind;
}

TEST(Families, LayersOfEveryShippedModelAreAllOfIt) {
  for (const std::string& name : shipped_model_names()) {
    const ModelDescription model = shipped_model(name);
    std::int64_t layers = 0;
    for (const LayerRun& run : model.runs()) layers += run.count;
    EXPECT_EQ(layers, model.layers) << name;
    EXPECT_EQ(model.kind_of(model.layers - 1), model.runs().back().kind) << name;
    EXPECT_LE(model.active_parameters(), model.parameters()) << name;
  }
}

TEST(Families, FalconHasFewKeyValueHeadsAndParallelLayers) {
  EXPECT_EQ(shipped_model("falcon-7b").kv_heads, 1);
  EXPECT_EQ(shipped_model("falcon-7b").parallel_norms, 1);
  EXPECT_EQ(shipped_model("falcon-40b").kv_heads, 8);
  EXPECT_EQ(shipped_model("falcon-40b").parallel_norms, 2);
  EXPECT_TRUE(shipped_model("falcon-180b").parallel);
}

TEST(Families, GemmaAlternatesWindows) {
  const ModelDescription two = shipped_model("gemma-2-9b"), three = shipped_model("gemma-3-12b");
  EXPECT_EQ(layers_with(two, windowed(4096)), 21);
  EXPECT_EQ(layers_with(two, windowed(0)), 21);
  EXPECT_EQ(layers_with(three, windowed(1024)), 40);
  EXPECT_EQ(layers_with(three, windowed(0)), 8);
  EXPECT_EQ(three.kind_of(5), windowed(0));  // the sixth sees everything
  EXPECT_TRUE(three.post_norm && three.query_key_norm && three.tied_embedding);
}

TEST(Families, GptOssHasSinksWindowsAndExpertsWithBiases) {
  const ModelDescription model = shipped_model("gpt-oss-120b");
  EXPECT_EQ(model.kind_of(0), windowed(128, FeedForward::experts));
  EXPECT_EQ(model.kind_of(1), windowed(0, FeedForward::experts));
  EXPECT_TRUE(model.sinks && model.attention_bias && model.mlp_bias);
  EXPECT_EQ(model.experts.count, 128);
  EXPECT_EQ(model.experts.per_token, 4);
}

TEST(Families, DeepSeekHasLatentsDenseFirstLayersAndSharedExperts) {
  const ModelDescription model = shipped_model("deepseek-v3");
  EXPECT_EQ(model.latent.q_rank, 1536);
  EXPECT_EQ(model.latent.kv_rank, 512);
  EXPECT_EQ(model.head_dim, 192);
  EXPECT_EQ(model.latent.rope_dim, 64);
  EXPECT_EQ(model.latent.value_dim, 128);
  EXPECT_EQ(layers_with(model, windowed(0)), 3);
  EXPECT_EQ(layers_with(model, windowed(0, FeedForward::experts)), 58);
  EXPECT_EQ(model.experts.shared_ffn, 2048);
  EXPECT_EQ(model.prediction_layers, 1);
  // 14 B with copies of embedding and head (DeepSeek-V3's README).
  EXPECT_NEAR(static_cast<double>(model.prediction_parameters() + 2 * model.vocab * model.hidden),
              14e9, 0.6e9);
  EXPECT_EQ(shipped_model("deepseek-v2-lite").latent.q_rank, 0);
}

TEST(Families, Llama4AttendsInChunksAndInterleavesExperts) {
  const ModelDescription model = shipped_model("llama-4-maverick-17b-128e");
  LayerKind chunk = windowed(8192);
  chunk.chunked = true;
  EXPECT_EQ(model.kind_of(0), chunk);
  chunk.feed_forward = FeedForward::experts;
  EXPECT_EQ(model.kind_of(1), chunk);
  EXPECT_EQ(model.kind_of(3), windowed(0, FeedForward::experts));
  EXPECT_EQ(model.experts.shared_ffn, 8192);
  EXPECT_EQ(model.ffn, 16384);
}

TEST(Families, ModelsThatSeeGiveTheirTextPart) {
  const ModelDescription model = from_text(
      R"({"model_type": "gemma3", "text_config": {"num_hidden_layers": 6, "hidden_size": 64,
          "num_attention_heads": 4, "intermediate_size": 96, "vocab_size": 100,
          "max_position_embeddings": 128, "sliding_window": 16}})");
  EXPECT_EQ(model.family, "gemma3");
  EXPECT_EQ(layers_with(model, windowed(16)), 5);
}

TEST(Families, HybridsFollowTheirPattern) {
  const ModelDescription model = shipped_model("nemotron-3-nano-30b-a3b");
  LayerKind mamba, attention, experts;
  mamba.mixer = Mixer::mamba;
  experts.mixer = Mixer::none;
  mamba.feed_forward = attention.feed_forward = FeedForward::none;
  experts.feed_forward = FeedForward::experts;
  EXPECT_EQ(layers_with(model, mamba), 23);
  EXPECT_EQ(layers_with(model, attention), 6);
  EXPECT_EQ(layers_with(model, experts), 23);
  EXPECT_EQ(model.mamba.inner(), 64 * 64);
  EXPECT_EQ(shipped_model("nemotron-3-super-120b-a12b").experts.latent, 1024);
}

// github:NVIDIA-NeMo/Megatron-Bridge src/megatron/bridge/recipes/nemotronh/nemotron_3_super.py:
// twice the same attention and expert layer, in bf16.
TEST(Families, ModulesOfPredictionMayHaveSeveralLayersAndShareThem) {
  ModelDescription model = shipped_model("nemotron-3-super-120b-a12b");
  EXPECT_EQ(model.prediction_layers, 2);
  EXPECT_EQ(model.prediction_sets(), 1);
  ASSERT_EQ(model.prediction_kinds().size(), 2u);
  const std::int64_t shared = model.prediction_parameters();
  EXPECT_EQ(
      shared, 2 * 4096 * 4096 + 3 * 4096 + model.layer_parameters(model.prediction_kinds()[0]) +
                  model.layer_parameters(model.prediction_kinds()[1]));
  int wide = 0, narrow = 0, attention = 0;
  for (const Operator& op : head_forward(model, {1, 4096, 1})) {
    if (op.kind == OperatorKind::linear || op.kind == OperatorKind::grouped)
      ++(op.stays_wide ? wide : narrow);
    attention += op.kind == OperatorKind::attention ? 1 : 0;
  }
  EXPECT_EQ(attention, 2);
  EXPECT_GT(wide, 3);
  EXPECT_EQ(narrow, 0);
  model.prediction_shared = false;
  EXPECT_EQ(model.prediction_parameters(), 2 * shared);
  // Without a pattern, one layer like the last.
  model.prediction_pattern.clear();
  EXPECT_EQ(model.prediction_kinds(), std::vector<LayerKind>{model.kind_of(87)});
}

TEST(Families, T5IsAnEncoderAndADecoder) {
  const ModelDescription model = shipped_model("t5-base");
  EXPECT_EQ(model.layers, 24);
  EXPECT_FALSE(model.kind_of(0).causal);
  EXPECT_TRUE(model.kind_of(12).causal && model.kind_of(12).cross);
  EXPECT_FALSE(shipped_model("bert-large").kind_of(0).causal);
}

const std::string llama_rest = R"("hidden_size": 64, "num_attention_heads": 4,
  "intermediate_size": 96, "max_position_embeddings": 128, "num_hidden_layers": 2,
  "vocab_size": 100)";

TEST(Families, RefuseMoreExpertsPerTokenThanThereAre) {
  EXPECT_EQ(
      complaint("{\"model_type\": \"mixtral\", \"num_local_experts\": 8,\n"
                " \"num_experts_per_tok\": 9, " +
                llama_rest + "}"),
      "config.json:2:25: num_experts_per_tok: found '9'; expected a whole number from 1 to 8");
}

TEST(Families, RefuseLayerTypesThatAreNone) {
  const std::string start =
      "{\"model_type\": \"gpt_oss\", \"num_local_experts\": 8, "
      "\"num_experts_per_tok\": 2, \"sliding_window\": 128,\n";
  EXPECT_EQ(
      complaint(start + " \"layer_types\": [\"full_attention\", \"sliding_atention\"], " +
                llama_rest + "}"),
      "config.json:2:36: layer_types[1]: found the text 'sliding_atention'; expected one of "
      "full_attention, sliding_attention; did you mean 'sliding_attention'?");
  EXPECT_EQ(complaint(start + " \"layer_types\": [\"full_attention\"], " + llama_rest + "}"),
            "config.json:2:17: layer_types: found 1 elements; expected one for each of "
            "num_hidden_layers = 2");
}

TEST(Families, RefusePatternsOfHybridsThatDoNotFit) {
  const auto with_pattern = [](const std::string& pattern) {
    return complaint(
        "{\"model_type\": \"nemotron_h\", \"mamba_num_heads\": 4, "
        "\"mamba_head_dim\": 8, \"ssm_state_size\": 16, \"n_groups\": 2,\n"
        " \"hybrid_override_pattern\": \"" +
        pattern + "\", " + llama_rest + "}");
  };
  const std::string at = "config.json:2:29: hybrid_override_pattern: found ";
  EXPECT_EQ(with_pattern("M-"), "no complaint");
  EXPECT_EQ(
      with_pattern("M"), at + "1 layers; expected one letter for each of num_hidden_layers = 2");
  EXPECT_EQ(with_pattern("MX"), at + "the letter 'X'; expected the letters M, *, - and E");
}

}  // namespace
}  // namespace headroom
