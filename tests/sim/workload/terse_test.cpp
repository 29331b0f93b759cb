// The terse form of a model: its defaults, its equals among published files, its mistakes.
#include "sim/workload/terse.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/sim/workload/support.h"

namespace headroom {
namespace {

ModelDescription terse(const std::string& yaml) {
  return import_terse(config::Node::parse(yaml, "m.yaml"), "inline");
}

std::string complaint(const std::string& yaml) {
  return complaint_of([&] { return terse(yaml); });
}

TEST(TerseModel, ARowOfATableIsTheModelOfItsFile) {
  const ModelDescription row = terse(
      "{layers: 24, hidden: 2304, heads: 24, ffn: 9216, vocab: 51200, gated: false, bias: true, "
      "norm: layer, positions: learned, max_positions: 2048, tied_embedding: true}");
  EXPECT_EQ(row.parameters(), shipped_model("megatron-gpt-1.7b").parameters());
  const ModelDescription llama = terse(
      "{layers: 32, hidden: 4096, heads: 32, kv_heads: 8, ffn: 14336, vocab: 128256}");
  EXPECT_EQ(llama.parameters(), shipped_model("llama-3-8b").parameters());
  EXPECT_EQ(llama.kind_of(0), LayerKind{});
}

TEST(TerseModel, HasExpertsLatentsAndDenseFirstLayers) {
  const ModelDescription row = terse(
      "{layers: 61, hidden: 7168, heads: 128, head_dim: 192, ffn: 18432, vocab: 129280, "
      "experts: 256, experts_per_token: 8, expert_ffn: 2048, shared_experts: 1, dense_layers: 3, "
      "latent: {q_rank: 1536, kv_rank: 512, rope_dim: 64, value_dim: 128}, prediction_layers: 1}");
  const ModelDescription file = shipped_model("deepseek-v3");
  EXPECT_EQ(row.parameters() + 58 * 256, file.parameters());  // the router's correction
  EXPECT_EQ(row.active_parameters() + 58 * 256, file.active_parameters());
}

TEST(TerseModel, HasWindowsAndPatterns) {
  const ModelDescription model = terse(
      "{layers: 6, hidden: 64, heads: 4, ffn: 96, vocab: 100, window: 16, full_every: 3}");
  EXPECT_EQ(model.kind_of(0).window, 16);
  EXPECT_EQ(model.kind_of(2).window, 0);
  const ModelDescription hybrid = terse(
      "{layers: 4, hidden: 64, heads: 4, ffn: 96, vocab: 100, pattern: M-*-, mamba: {heads: 8}}");
  EXPECT_EQ(hybrid.kind_of(0).mixer, Mixer::mamba);
  EXPECT_EQ(hybrid.kind_of(1).feed_forward, FeedForward::dense);
  EXPECT_EQ(hybrid.kind_of(2).feed_forward, FeedForward::none);
}

const std::string sizes = "layers: 6\nhidden: 64\nheads: 4\nffn: 96\nvocab: 100\n";

TEST(TerseModel, NamesWhatIsMissingAndWhatIsUnknown) {
  EXPECT_EQ(complaint("layers: 6\nhidden: 64\nheads: 4\nvocab: 100\n"),
            "m.yaml:1:1: ffn: found nothing; expected a whole number from 1 to 16777216");
  EXPECT_NE(
      complaint(sizes + "kv_head: 2\n")
          .find("m.yaml:6:1: kv_head: found the unknown key "
                "'kv_head'; expected one of layers, hidden, "),
      std::string::npos);
  EXPECT_NE(complaint(sizes + "kv_head: 2\n").find("did you mean 'kv_heads'?"), std::string::npos);
  EXPECT_EQ(complaint(sizes + "norm: rmz\n"),
            "m.yaml:6:7: norm: found 'rmz'; expected one of rms, layer; did you mean 'rms'?");
}

TEST(TerseModel, RefusesWhatDoesNotFit) {
  EXPECT_EQ(complaint(sizes + "kv_heads: 3\n"),
            "m.yaml:6:11: kv_heads: found '3'; expected a divisor of heads = 4");
  EXPECT_EQ(complaint(sizes + "positions: learned\n"),
            "m.yaml:1:1: max_positions: found nothing; expected at least 1 where positions are "
            "learned");
  EXPECT_EQ(complaint(sizes + "experts: 8\nexperts_per_token: 9\n"),
            "m.yaml:7:20: experts_per_token: found '9'; expected a whole number from 1 to experts "
            "= 8");
  EXPECT_EQ(complaint(sizes + "pattern: MMM\n"),
            "m.yaml:6:10: pattern: found 3 letters; expected one for each of layers = 6");
  EXPECT_EQ(complaint(sizes + "pattern: MMMMMM\n"),
            "m.yaml:6:10: pattern: found a layer M; expected mamba.heads of at least 1 beside it");
  EXPECT_EQ(complaint(sizes + "latent: {kv_rank: 8, rope_dim: 16}\n"),
            "m.yaml:6:32: latent.rope_dim: found '16'; expected fewer than head_dim = 16");
}

TEST(CutModel, KeepsTheFirstLayers) {
  const auto keys = config::Node::parse("{base: deepseek-v3, layers: 4}", "m.yaml");
  const ModelDescription model = cut(keys, shipped_model("deepseek-v3"));
  EXPECT_EQ(model.layers, 4);
  EXPECT_EQ(model.id, "deepseek-v3, 4 layers");
  EXPECT_EQ(model.runs().size(), 2u);
  EXPECT_EQ(model.runs().back().count, 1);
  const auto alike = config::Node::parse("{base: x, layers: 4}", "m.yaml");
  EXPECT_EQ(cut(alike, shipped_model("llama-3-405b")).layers, 4);
}

TEST(CutModel, RefusesMoreLayersThanThereAre) {
  EXPECT_EQ(
      complaint_of([] {
        return cut(
            config::Node::parse("base: x\nlayers: 62\n", "m.yaml"), shipped_model("deepseek-v3"));
      }),
      "m.yaml:2:9: layers: found '62'; expected at most the 61 layers of deepseek-v3");
}

}  // namespace
}  // namespace headroom
