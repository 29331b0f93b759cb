// Parameter counts, which decide memory, traffic and FLOPs, against the published numbers.
#include "sim/workload/model.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "sim/workload/import.h"

namespace headroom {
namespace {

ModelDescription of_repository(const std::string& name) {
  return load_model(
      std::filesystem::path(HEADROOM_SOURCE_DIR) / "configs/models" / name / "config.json");
}

ModelDescription from_text(const std::string& json) {
  return import_model(config::Node::parse(json, "config.json"), "inline");
}

// Counts of the safetensors files on Hugging Face; GPT-3's is the formula of its paper's sizes.
TEST(ModelParameters, OfTheModelsInTheRepositoryAreThePublishedOnes) {
  EXPECT_EQ(of_repository("gpt3-175b").parameters(), 174'604'259'328);  // "174.6 B"
  EXPECT_EQ(of_repository("llama-3-8b").parameters(), 8'030'261'248);
  EXPECT_EQ(of_repository("llama-3-70b").parameters(), 70'553'706'496);
  EXPECT_EQ(of_repository("llama-3-405b").parameters(), 405'853'388'800);
  EXPECT_EQ(of_repository("llama-2-70b").parameters(), 68'976'648'192);
}

TEST(ModelParameters, OfGpt2AreThePublishedOnes) {
  EXPECT_EQ(from_text(R"({"model_type": "gpt2", "n_embd": 768, "n_head": 12, "n_layer": 12,
                          "n_positions": 1024, "vocab_size": 50257})")
                .parameters(),
            124'439'808);
}

TEST(ModelParameters, OfOptCountTheOffsetOfItsPositions) {
  EXPECT_EQ(
      from_text(
          R"({"model_type": "opt", "hidden_size": 768, "ffn_dim": 3072, "num_hidden_layers": 12,
                          "num_attention_heads": 12, "max_position_embeddings": 2048, "vocab_size": 50272,
                          "word_embed_proj_dim": 768, "do_layer_norm_before": true})")
          .parameters(),
      125'239'296);
}

TEST(ModelParameters, OfOpt350mCountProjectionsAndNoFinalNorm) {
  EXPECT_EQ(
      from_text(
          R"({"model_type": "opt", "hidden_size": 1024, "ffn_dim": 4096, "num_hidden_layers": 24,
                          "num_attention_heads": 16, "max_position_embeddings": 2048, "vocab_size": 50272,
                          "word_embed_proj_dim": 512, "do_layer_norm_before": false})")
          .parameters(),
      331'196'416);
}

TEST(ModelParameters, OfALlamaWithTiedEmbeddingAreThePublishedOnes) {  // Llama 3.2 1B
  EXPECT_EQ(from_text(R"({"model_type": "llama", "hidden_size": 2048, "intermediate_size": 8192,
                          "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8,
                          "head_dim": 64, "max_position_embeddings": 131072, "vocab_size": 128256,
                          "tie_word_embeddings": true})")
                .parameters(),
            1'235'814'400);
}

TEST(ModelParameters, AreTheSumOfTheParts) {
  for (const char* name : {"gpt3-175b", "llama-3-8b"}) {
    const ModelDescription model = of_repository(name);
    EXPECT_EQ(model.parameters(),
              model.embedding_parameters() + model.layers * model.layer_parameters() +
                  model.head_parameters());
  }
}

TEST(ModelParameters, CountBiasesOfEachHalfOfALayerApart) {
  ModelDescription model = of_repository("llama-3-8b");
  const std::int64_t bare = model.layer_parameters();
  model.attention_bias = true;
  EXPECT_EQ(model.layer_parameters() - bare, 4096 + 2 * 1024 + 4096);
  model.mlp_bias = true;
  EXPECT_EQ(model.layer_parameters() - bare, 4096 + 2 * 1024 + 4096 + 2 * 14336 + 4096);
}

}  // namespace
}  // namespace headroom
