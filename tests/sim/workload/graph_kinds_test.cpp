// The operators of every kind of layer against closed forms: windows, latents, experts, Mamba-2,
// encoders.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "sim/workload/graph.h"
#include "tests/sim/workload/support.h"

namespace headroom {
namespace {

double as_double(std::int64_t value) { return static_cast<double>(value); }

double flops(const std::vector<Operator>& ops) {
  double sum = 0;
  for (const Operator& op : ops) sum += forward_model_flops(op);
  return sum;
}

double forward(const ModelDescription& model, const GraphShape& shape) {
  double sum = flops(embedding_forward(model, shape)) + flops(head_forward(model, shape));
  for (const LayerRun& run : model.runs())
    sum += as_double(run.count) * flops(layer_forward(model, run.kind, shape));
  return sum;
}

const Operator* find(const std::vector<Operator>& ops, const std::string& name) {
  for (const Operator& op : ops)
    if (op.name == name) return &op;
  return nullptr;
}

TEST(GraphKinds, FlopsOfEveryShippedModelAreTheClosedForm) {
  for (const std::string& name : shipped_model_names()) {
    const ModelDescription model = shipped_model(name);
    for (const std::int64_t sequence : {512, 10'000}) {
      const double whole = closed_form_model_flops(model, 2, sequence);
      EXPECT_NEAR(3 * forward(model, {2, sequence, 1}) / whole, 1, 1e-12) << name;
    }
  }
}

// 6 N D (Kaplan et al. 2020) holds where sequences are short beside the width: within what
// embeddings and attention take.
TEST(GraphKinds, ShortSequencesTakeSixFlopsPerActiveParameter) {
  for (const std::string& name : shipped_model_names()) {
    const ModelDescription model = shipped_model(name);
    if (model.layers == 0 || model.embedding_parameters() * 5 > model.active_parameters()) continue;
    const double looked_up = model.tied_embedding ? 0 : as_double(model.embedding_parameters());
    const double n = as_double(model.active_parameters()) - looked_up +
                     as_double(model.prediction_layers) * as_double(model.vocab * model.hidden);
    double active_prediction = as_double(model.prediction_layers * 2 * model.hidden * model.hidden);
    for (const LayerKind& kind : model.prediction_kinds())
      active_prediction += as_double(model.prediction_layers) *
                           (as_double(model.layer_parameters(kind)) -
                            as_double(model.expert_parameters(kind)) *
                                (1 -
                                 as_double(model.experts.per_token) /
                                     as_double(std::max<std::int64_t>(1, model.experts.count))));
    const double tokens = 64;
    EXPECT_NEAR(
        closed_form_model_flops(model, 1, 64) / (6 * (n + active_prediction) * tokens), 1, 0.04)
        << name;
  }
}

// PaLM, appendix B: 6 N + 12 L H Q T per token with full attention; half of that under the mask.
TEST(GraphKinds, PalmIsItsAppendix) {
  const ModelDescription palm = shipped_model("palm-540b");
  const double tokens = 2048;
  const double per_token = closed_form_model_flops(palm, 1, 2048) / tokens;
  const double attention = 12.0 * 118 * 48 * 256 * (2049.0 / 2);
  EXPECT_NEAR(per_token / (6 * as_double(palm.parameters()) + attention), 1, 1e-3);
}

// Narayanan et al. 2021, section 5.1: 96 B s l h^2 (1 + s / 6h + V / 16 l h) with full attention
// counted and one more forward pass; without that pass and with the mask, 72 (1 + s / 12h + …).
TEST(GraphKinds, GptIsMegatronsFormula) {
  for (const char* name : {"megatron-gpt-1.7b", "megatron-gpt-145b", "megatron-gpt-1t"}) {
    const ModelDescription model = shipped_model(name);
    const double l = as_double(model.layers), h = as_double(model.hidden), s = 2048,
                 v = as_double(model.vocab);
    const double expected = 72 * s * l * h * h * (1 + (s + 1) / 12 / h + v / (12 * l * h));
    EXPECT_NEAR(closed_form_model_flops(model, 1, 2048) / expected, 1, 1e-12) << name;
  }
}

// gpt-oss on 64 chips has two experts a chip: their biases take a product and a sum for each, a
// concatenation and a conversion; alone on a chip, one expert's tokens need no sorting.
TEST(GraphKinds, BiasesAndOrderOfExpertsAreWorkOfTheirOwn) {
  const ModelDescription model = shipped_model("gpt-oss-120b");
  const auto find_in = [&](std::int64_t expert, const std::string& name) {
    GraphShape shape{1, 4096, 1};
    shape.expert = expert;
    for (const Operator& op : layer_forward(model, shape))
      if (op.name == name) return op;
    return Operator{};
  };
  const Operator bias = find_in(64, "expert bias");
  EXPECT_EQ(bias.tokens, 4 * 4096);  // four copies of a token
  EXPECT_EQ(bias.apart_forward.kernels, 6);
  EXPECT_EQ(bias.apart_backward.kernels, 11);
  EXPECT_DOUBLE_EQ(bias.apart_forward.reads, 7.0 * 2880);
  EXPECT_DOUBLE_EQ(bias.reads + bias.writes, 0);
  const Operator activation = find_in(64, "expert activation");
  EXPECT_DOUBLE_EQ(activation.apart_forward.writes, 5.0 * 2880);
  EXPECT_TRUE(activation.belongs_to({LayerPart::expert_activation}));
  EXPECT_TRUE(activation.belongs_to({LayerPart::norm, LayerPart::experts}));
  EXPECT_EQ(find_in(64, "sort by expert").apart_forward.kernels, 1);
  EXPECT_TRUE(find_in(128, "sort by expert").name.empty());
  EXPECT_TRUE(find_in(1, "sort by chip").name.empty());
}

// Of queries, keys, values, output, gate, up and down: keys, output and up. Without a gate, and
// where two layers' parts come one behind the other, the count goes on.
TEST(GraphKinds, EverySecondProductIsAlternate) {
  const auto alternates = [](const ModelDescription& model, std::int64_t tensor) {
    std::map<std::string, std::int64_t> outputs;
    for (const Operator& op : layer_forward(model, {1, 4096, tensor}))
      if (op.alternate_outputs > 0) {
        EXPECT_TRUE(op.belongs_to({LayerPart::alternate_products}));
        outputs[op.name] = op.alternate_outputs;
      }
    return outputs;
  };
  using Outputs = std::map<std::string, std::int64_t>;
  const ModelDescription llama = shipped_model("llama-3-8b");
  EXPECT_EQ(
      alternates(llama, 1),
      (Outputs{{"qkv projection", 1024},
               {"output projection", 4096},
               {"gate and up projection", 14336}}));
  EXPECT_EQ(
      alternates(llama, 8),
      (Outputs{
          {"qkv projection", 128}, {"output projection", 4096}, {"gate and up projection", 1792}}));
  const ModelDescription gpt = shipped_model("gpt3-175b");
  EXPECT_EQ(
      alternates(gpt, 1),
      (Outputs{
          {"qkv projection", 12288}, {"output projection", 12288}, {"down projection", 12288}}));
}

TEST(GraphKinds, WindowsCountTheKeysThatTheyShow) {
  EXPECT_DOUBLE_EQ(keys_seen(4, 0, false, true), 10);
  EXPECT_DOUBLE_EQ(keys_seen(4, 2, false, true), 1 + 2 + 2 + 2);
  EXPECT_DOUBLE_EQ(keys_seen(5, 2, true, true), 1 + 2 + 1 + 2 + 1);  // blocks of two
  EXPECT_DOUBLE_EQ(keys_seen(4, 8, false, true), 10);
  EXPECT_DOUBLE_EQ(keys_seen(4, 0, false, false), 16);
  for (const std::int64_t window : {1, 7, 64, 1000})
    for (const bool chunked : {false, true}) {
      double counted = 0;
      for (std::int64_t query = 0; query < 1000; ++query)
        counted += as_double(chunked ? query % window + 1 : std::min(query + 1, window));
      EXPECT_DOUBLE_EQ(keys_seen(1000, window, chunked, true), counted) << window;
    }
}

TEST(GraphKinds, MoreLayersAreMoreFlops) {
  for (const std::string& name : shipped_model_names()) {
    const ModelDescription model = shipped_model(name);
    double before = 0;
    for (const std::int64_t layers : {std::int64_t{1}, model.layers / 2, model.layers}) {
      const auto keys = config::Node::parse(
          "{base: x, layers: " + std::to_string(layers) + "}", "");
      ModelDescription part = cut(keys, model);
      part.prediction_layers = 0;
      const double now = closed_form_model_flops(part, 1, 1024);
      EXPECT_GT(now, before) << name;
      before = now;
    }
  }
}

// Every way of sharing the experts does the work of one chip: tokens of each chip times chips are
// all tokens. `chips`: of data x tensor that the shape stands for.
TEST(GraphKinds, ExpertsOnAllChipsDoAllOfTheirWork) {
  for (const char* name :
       {"mixtral-8x7b", "deepseek-v3", "qwen3-30b-a3b", "gpt-oss-120b",
        "nemotron-3-super-120b-a12b"}) {
    const ModelDescription model = shipped_model(name);
    LayerKind kind;
    for (const LayerKind& other : model.kinds())
      if (other.feed_forward == FeedForward::experts) kind = other;
    const double one = flops(layer_forward(model, kind, {1, 4096, 1}));
    for (const std::int64_t tensor : {1, 2})
      for (const std::int64_t expert : {1, 2, 8})
        for (const std::int64_t split : {std::int64_t{0}, std::int64_t{1}, tensor}) {
          const GraphShape shape{1, 4096, tensor, expert, split};
          const auto ops = layer_forward(model, kind, shape);
          // Each tensor group has a micro-batch of its own.
          EXPECT_NEAR(flops(ops) * as_double(tensor) / one, 1, 1e-12)
              << name << " tensor " << tensor << " expert " << expert << " split " << split;
          EXPECT_EQ(find(ops, "dispatch") != nullptr, expert > 1);
          EXPECT_EQ(find(ops, "combine") != nullptr, expert > 1);
        }
  }
}

// Without sequence parallelism tensor ranks repeat what is not split, which is no more model FLOPs.
TEST(GraphKinds, RepeatedProductsCountOnce) {
  for (const char* name : {"deepseek-v3", "nemotron-3-super-120b-a12b", "bert-large"}) {
    const ModelDescription model = shipped_model(name);
    GraphShape shape{1, 4096, 2};
    shape.sequence_parallel = false;
    EXPECT_NEAR(2 * forward(model, shape) / forward(model, {1, 4096, 1}), 1, 1e-12) << name;
    shape.expert = model.experts.count > 0 ? 8 : 1;
    EXPECT_NEAR(2 * forward(model, shape) / forward(model, {1, 4096, 1}), 1, 1e-12) << name;
  }
}

TEST(GraphKinds, DispatchSendsEveryCopyOfATokenAndSkewMakesOneChipWait) {
  const ModelDescription model = shipped_model("qwen3-30b-a3b");
  const auto even = layer_forward(model, {1, 4096, 1, 8});
  const Operator &sent = *find(even, "dispatch"),
                 &up = *find(even, "expert gate and up projection");
  EXPECT_DOUBLE_EQ(sent.payload_bytes, 4096.0 * 8 * 2048 * 2);
  EXPECT_EQ(up.groups, 16);
  EXPECT_EQ(up.tokens, 4096 * 8 / 16);
  const auto skewed = layer_forward(model, {1, 4096, 1, 8, 0, 1.5});
  EXPECT_DOUBLE_EQ(find(skewed, "dispatch")->payload_bytes, 1.5 * sent.payload_bytes);
  EXPECT_EQ(find(skewed, "expert gate and up projection")->tokens, up.tokens * 3 / 2);
  EXPECT_DOUBLE_EQ(flops(skewed), flops(even));
}

// Latents are narrower than what they become: the tensor group gathers them instead of it.
TEST(GraphKinds, LatentsAreGatheredAndProjectedByHeads) {
  const ModelDescription model = shipped_model("deepseek-v3");
  const auto ops = layer_forward(model, {1, 4096, 8});
  EXPECT_DOUBLE_EQ(find(ops, "latent gather")->payload_bytes, 4096.0 * (1536 + 512 + 64) * 2);
  EXPECT_EQ(find(ops, "latent projection")->tokens, 4096 / 8);
  EXPECT_EQ(find(ops, "query projection")->outputs, 16 * 192);
  const Operator& attention = *find(ops, "attention");
  EXPECT_EQ(attention.kv_heads, 16);
  EXPECT_DOUBLE_EQ(forward_model_flops(attention), 2.0 * 16 * (192 + 128) * (4096.0 * 4097 / 2));
}

TEST(GraphKinds, TheScanCountsItsRecurrence) {
  const ModelDescription model = shipped_model("mamba2-2.7b");
  const auto ops = layer_forward(model, {2, 4096, 2});
  const Operator& scan = *find(ops, "state-space scan");
  EXPECT_EQ(scan.heads, 40);
  EXPECT_EQ(scan.chunk, 256);
  EXPECT_DOUBLE_EQ(forward_model_flops(scan), 4.0 * 2 * 4096 * 40 * 64 * 128);
}

TEST(GraphKinds, EncodersSeeAllKeysAndDecodersTheEncoder) {
  const ModelDescription model = shipped_model("t5-base");
  const auto encoder = layer_forward(model, model.kind_of(0), {1, 512, 1}),
             decoder = layer_forward(model, model.kind_of(12), {1, 512, 1});
  EXPECT_DOUBLE_EQ(forward_model_flops(*find(encoder, "attention")), 4.0 * 768 * 512 * 512);
  EXPECT_DOUBLE_EQ(forward_model_flops(*find(decoder, "attention")), 4.0 * 768 * 512 * 513 / 2);
  EXPECT_DOUBLE_EQ(forward_model_flops(*find(decoder, "cross-attention")), 4.0 * 768 * 512 * 512);
}

TEST(GraphKinds, PredictionHasALayerAndAHeadMore) {
  const auto with = head_forward(shipped_model("deepseek-v3"), {1, 4096, 1}),
             without = head_forward(shipped_model("deepseek-v3-without-mtp"), {1, 4096, 1});
  EXPECT_EQ(find(without, "prediction projection"), nullptr);
  EXPECT_NE(find(with, "prediction output head"), nullptr);
  EXPECT_NE(find(with, "prediction router"), nullptr);
}

TEST(GraphKinds, DropoutKeepsItsMasks) {
  ModelDescription model = shipped_model("gpt3-175b");
  model.dropout = true;
  const auto ops = layer_forward(model, {1, 2048, 8});
  EXPECT_DOUBLE_EQ(find(ops, "attention dropout")->kept_bytes, 2048.0 * 12288 / 8);
}

}  // namespace
}  // namespace headroom
