// What a config.json gives, what its absence gives, and what its mistakes say.
#include "sim/workload/import.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace headroom {
namespace {

ModelDescription from_text(const std::string& json) {
  return import_model(config::Node::parse(json, "config.json"), "inline");
}

std::string complaint(const std::string& json) {
  try {
    static_cast<void>(from_text(json));
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}

const std::string llama_rest = R"(, "intermediate_size": 11008, "max_position_embeddings": 4096,
  "num_hidden_layers": 32, "vocab_size": 32000})";

TEST(ImportModel, ReadsLlamaWithGroupedQueries) {
  const ModelDescription model = load_model(
      std::filesystem::path(HEADROOM_SOURCE_DIR) / "configs/models/llama-3-405b/config.json");
  EXPECT_EQ(model.id, "llama-3-405b");
  EXPECT_EQ(model.family, "llama");
  EXPECT_EQ(model.layers, 126);
  EXPECT_EQ(model.hidden, 16384);
  EXPECT_EQ(model.heads, 128);
  EXPECT_EQ(model.kv_heads, 8);
  EXPECT_EQ(model.head_dim, 128);
  EXPECT_EQ(model.ffn, 53248);
  EXPECT_TRUE(model.gated);
  EXPECT_EQ(model.vocab, 128256);
  EXPECT_EQ(model.max_positions, 131072);
  EXPECT_EQ(model.position_rows, 0);
  EXPECT_EQ(model.norm, Norm::rms);
  EXPECT_EQ(model.positions, Positions::rotary);
  EXPECT_FALSE(model.attention_bias);
  EXPECT_FALSE(model.mlp_bias);
  EXPECT_FALSE(model.tied_embedding);
}

TEST(ImportModel, ReadsGpt2) {
  const ModelDescription model = load_model(
      std::filesystem::path(HEADROOM_SOURCE_DIR) / "configs/models/gpt3-175b/config.json");
  EXPECT_EQ(model.family, "gpt2");
  EXPECT_EQ(model.ffn, 4 * 12288);  // n_inner is null
  EXPECT_EQ(model.kv_heads, 96);
  EXPECT_FALSE(model.gated);
  EXPECT_EQ(model.norm, Norm::layer);
  EXPECT_EQ(model.positions, Positions::learned);
  EXPECT_EQ(model.position_rows, 2048);
  EXPECT_TRUE(model.attention_bias && model.mlp_bias && model.tied_embedding);
}

TEST(ImportModel, FillsInWhatLlamaLeavesOut) {
  const ModelDescription model = from_text(
      R"({"model_type": "llama", "hidden_size": 4096, "num_attention_heads": 32)" + llama_rest);
  EXPECT_EQ(model.kv_heads, 32);
  EXPECT_EQ(model.head_dim, 128);
  EXPECT_FALSE(model.tied_embedding);
}

TEST(ImportModel, TakesAHeadWidthApartFromTheHiddenOne) {
  const ModelDescription model = from_text(
      R"({"model_type": "llama", "hidden_size": 5120, "num_attention_heads": 24, "head_dim": 128)" +
      llama_rest);
  EXPECT_EQ(model.head_dim, 128);
}

TEST(ImportModel, NamesAFileThatIsNotInAFolderByItsPath) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "small.json";
  std::ofstream(file)
      << R"({"model_type": "gpt2", "n_embd": 8, "n_head": 2, "n_layer": 1, "n_positions": 4,
                             "vocab_size": 16})";
  EXPECT_EQ(load_model(file).id, file.string());
}

TEST(ImportModel, ReadsEveryModelOfTheRepository) {
  const auto models = std::filesystem::path(HEADROOM_SOURCE_DIR) / "configs/models";
  int read = 0;
  for (const auto& folder : std::filesystem::directory_iterator(models)) {
    EXPECT_GT(load_model(folder.path() / "config.json").parameters(), 0) << folder.path();
    ++read;
  }
  EXPECT_GE(read, 5);
}

TEST(ImportModel, NamesTheFamiliesItKnows) {
  const std::string known =
      "one of bamba, bert, bloom, deepseek_v2, deepseek_v3, falcon, gemma, gemma2, gemma3, "
      "gemma3_text, gpt2, gpt_neox, gpt_oss, gptj, granitemoehybrid, kimi_k2, llama, llama4, "
      "llama4_text, mamba2, mistral, mixtral, mpt, nemotron, nemotron_h, opt, qwen2, qwen2_moe, "
      "qwen3, qwen3_moe, t5";
  EXPECT_EQ(complaint("{\n  \"model_type\": \"lama\"\n}"),
            "config.json:2:17: model_type: found the text 'lama'; expected " + known +
                "; did you mean 'llama'?");
  EXPECT_EQ(complaint("{\"hidden_size\": 4096}"),
            "config.json:1:1: model_type: found nothing; expected " + known);
}

TEST(ImportModel, NamesWhatIsMissing) {
  EXPECT_EQ(
      complaint(R"({"model_type": "llama", "num_attention_heads": 32)" + llama_rest),
      "config.json:1:1: hidden_size: found nothing; expected a whole number from 1 to 1048576");
  EXPECT_EQ(
      complaint(
          R"({"model_type": "gpt2", "n_layer": 12, "n_embd": 768, "n_head": 12, "vocab_size": 9})"),
      "config.json:1:1: n_positions: found nothing; expected a whole number from 1 to 268435456");
  EXPECT_EQ(complaint(R"({"model_type": "opt", "num_hidden_layers": 12, "hidden_size": 768,
                          "num_attention_heads": 12, "vocab_size": 9})"),
            "config.json:1:1: ffn_dim: found nothing; expected a whole number from 1 to 16777216");
}

TEST(ImportModel, RefusesSizesThatCannotBe) {
  const auto with_hidden = [](const std::string& hidden) {
    return complaint(
        "{\"model_type\": \"llama\",\n \"num_attention_heads\": 32, \"hidden_size\": " + hidden +
        llama_rest);
  };
  const std::string at = "config.json:2:44: hidden_size: found ";
  const std::string expected = "; expected a whole number from 1 to 1048576";
  EXPECT_EQ(with_hidden("0"), at + "'0'" + expected);
  EXPECT_EQ(with_hidden("-4096"), at + "'-4096'" + expected);
  EXPECT_EQ(with_hidden("4096.5"), at + "'4096.5'" + expected);
  EXPECT_EQ(with_hidden("\"4096\""), at + "the text '4096'" + expected);
  EXPECT_EQ(with_hidden("[4096]"), at + "a list" + expected);
  EXPECT_EQ(with_hidden("9223372036854775808"), at + "'9223372036854775808'" + expected);
}

TEST(ImportModel, RefusesHeadsThatDoNotDivide) {
  EXPECT_EQ(
      complaint("{\"model_type\": \"llama\", \"hidden_size\": 4096,\n"
                " \"num_attention_heads\": 30" +
                llama_rest),
      "config.json:2:25: num_attention_heads: found '30'; expected a divisor of hidden_size = "
      "4096");
  EXPECT_EQ(
      complaint("{\"model_type\": \"llama\", \"hidden_size\": 4096, \"num_attention_heads\": 32,\n"
                " \"num_key_value_heads\": 5" +
                llama_rest),
      "config.json:2:25: num_key_value_heads: found '5'; expected a divisor of num_attention_heads "
      "= 32");
  EXPECT_EQ(
      complaint("{\"model_type\": \"gpt2\", \"n_layer\": 12, \"n_embd\": 768,\n \"n_head\": 7}"),
      "config.json:2:12: n_head: found '7'; expected a divisor of n_embd = 768");
}

TEST(ImportModel, RefusesAFlagThatIsNone) {
  EXPECT_EQ(
      complaint("{\"model_type\": \"llama\", \"hidden_size\": 4096, \"num_attention_heads\": 32,\n"
                " \"tie_word_embeddings\": \"no\"" +
                llama_rest),
      "config.json:2:25: tie_word_embeddings: found the text 'no'; expected true or false");
}

TEST(ImportModel, RefusesADocumentThatIsNoMapping) {
  EXPECT_EQ(
      complaint("[1, 2]"),
      "config.json:1:1: document: found a list; expected a mapping with the key 'model_type'");
}

}  // namespace
}  // namespace headroom
