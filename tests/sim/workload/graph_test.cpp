// The operators of a layer against closed forms and published ones.
#include "sim/workload/graph.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "sim/workload/import.h"

namespace headroom {
namespace {

constexpr const char* model_names[] = {
    "gpt3-175b", "llama-2-70b", "llama-3-8b", "llama-3-70b", "llama-3-405b"};

ModelDescription shipped(const std::string& name) {
  return load_model(
      std::filesystem::path(HEADROOM_SOURCE_DIR) / "configs/models" / name / "config.json");
}

double as_double(std::int64_t value) { return static_cast<double>(value); }

double flops(const std::vector<Operator>& ops) {
  double sum = 0;
  for (const Operator& op : ops) sum += forward_model_flops(op);
  return sum;
}

double kept(const std::vector<Operator>& ops, bool cheap) {
  double bytes = 0;
  for (const Operator& op : ops) bytes += op.kept_bytes + (cheap ? op.cheap_bytes : 0);
  return bytes;
}

const Operator& named(const std::vector<Operator>& ops, const std::string& name) {
  for (const Operator& op : ops)
    if (op.name == name) return op;
  ADD_FAILURE() << "no operator " << name;
  return ops.front();
}

bool has(const std::vector<Operator>& ops, OperatorKind kind) {
  for (const Operator& op : ops)
    if (op.kind == kind) return true;
  return false;
}

// Every model with every tensor degree up to 8, which divides the heads of all of them.
template <class Check>
void for_each_shape(Check check) {
  for (const char* name : model_names)
    for (const std::int64_t tensor : {1, 2, 4, 8})
      for (const std::int64_t micro_batch : {1, 3}) {
        SCOPED_TRACE(std::string(name) + " tensor " + std::to_string(tensor) + " micro-batch " +
                     std::to_string(micro_batch));
        check(shipped(name), GraphShape{micro_batch, 2048, tensor});
      }
}

TEST(Graph, FlopsOfAllChipsAndLayersAreTheClosedForm) {
  for_each_shape([](const ModelDescription& model, const GraphShape& shape) {
    const double forward = as_double(model.layers) * flops(layer_forward(model, shape)) +
                           flops(embedding_forward(model, shape)) +
                           flops(head_forward(model, shape));
    const double whole = closed_form_model_flops(model, shape.micro_batch, shape.sequence);
    EXPECT_NEAR(3 * forward * as_double(shape.tensor) / whole, 1, 1e-12);
  });
}

// 6 P T with the parameters that multiply, and the attention of a causal mask, worked out by hand.
TEST(Graph, ClosedFormOfLlama3) {
  const double multiplying = 8'030'261'248.0 - 128256.0 * 4096 - 65.0 * 4096;  // embedding, norms
  const double attention = 12.0 * 32 * 4096 * (8193.0 / 2);  // per token: layers, heads x dim, keys
  EXPECT_DOUBLE_EQ(closed_form_model_flops(shipped("llama-3-8b"), 1, 8192),
                   8192 * (6 * multiplying + attention));
}

TEST(Graph, ShardsTimesRanksAreTheWhole) {
  for_each_shape([](const ModelDescription& model, const GraphShape& shape) {
    GraphShape one = shape;
    one.tensor = 1;
    const double ranks = as_double(shape.tensor);
    const auto whole = layer_forward(model, one), shard = layer_forward(model, shape);
    for (const Operator& op : shard) {
      if (op.kind == OperatorKind::gather || op.kind == OperatorKind::scatter) {
        EXPECT_EQ(
            op.payload_bytes, 2.0 * as_double(shape.micro_batch * shape.sequence * model.hidden))
            << op.name;
        continue;
      }
      const Operator& all = named(whole, op.name);
      EXPECT_DOUBLE_EQ(forward_model_flops(op) * ranks, forward_model_flops(all)) << op.name;
      EXPECT_DOUBLE_EQ(op.kept_bytes * ranks, all.kept_bytes) << op.name;
      EXPECT_DOUBLE_EQ(op.cheap_bytes * ranks, all.cheap_bytes) << op.name;
      const double tokens = as_double(op.tokens), all_tokens = as_double(all.tokens);
      EXPECT_DOUBLE_EQ(tokens * op.operations * ranks, all_tokens * all.operations) << op.name;
      EXPECT_DOUBLE_EQ(tokens * op.reads * ranks, all_tokens * all.reads) << op.name;
      EXPECT_DOUBLE_EQ(tokens * op.writes * ranks, all_tokens * all.writes) << op.name;
    }
  });
}

TEST(Graph, NormsWorkOnShardsOfTheSequenceAndProductsOnAllOfIt) {
  for_each_shape([](const ModelDescription& model, const GraphShape& shape) {
    const auto ops = layer_forward(model, shape);
    const std::int64_t tokens = shape.micro_batch * shape.sequence;
    EXPECT_EQ(named(ops, "attention norm").tokens * shape.tensor, tokens);
    EXPECT_EQ(named(ops, "feed-forward norm").tokens * shape.tensor, tokens);
    for (const Operator& op : ops) {
      if (op.kind == OperatorKind::linear) {
        EXPECT_EQ(op.tokens, tokens) << op.name;
      }
    }
    EXPECT_EQ(has(ops, OperatorKind::gather), shape.tensor > 1);
    EXPECT_EQ(has(ops, OperatorKind::scatter), shape.tensor > 1);
  });
}

// A sequence that does not divide: the longest shard, and no token is lost.
TEST(Graph, UnevenShardsCoverEveryToken) {
  const auto ops = layer_forward(shipped("llama-3-8b"), {1, 1001, 8});
  EXPECT_EQ(named(ops, "attention norm").tokens, 126);
}

// A vocabulary that does not divide is padded, and the padding is no model FLOPs.
TEST(Graph, PaddedVocabularyDoesNotCount) {
  const ModelDescription model = shipped("gpt3-175b");
  const auto ops = head_forward(model, {1, 2048, 8});
  const Operator& head = named(ops, "output head");
  EXPECT_EQ(head.outputs, 6283);  // 50257 / 8 = 6282.1
  EXPECT_DOUBLE_EQ(8 * forward_model_flops(head), 2.0 * 2048 * 12288 * 50257);
}

TEST(Graph, RecomputationKeepsLess) {
  for_each_shape([](const ModelDescription& model, const GraphShape& shape) {
    const auto ops = layer_forward(model, shape);
    const double input = 2.0 * as_double(shape.micro_batch * shape.sequence * model.hidden) /
                         as_double(shape.tensor);
    EXPECT_GT(kept(ops, true), kept(ops, false));  // none, selective
    EXPECT_GT(kept(ops, false), input);            // full
  });
}

// Korthikanti et al. 2022, table 2, tensor and sequence parallelism: s b h / t (34 + 5 a s / h)
// bytes per layer, masks of dropout included. Fused attention keeps no scores (5 a s / h) and two
// fp32 numbers less one per query and head instead, 4 a / h.
TEST(Graph, ActivationsAreThePublishedOnes) {
  const ModelDescription model = shipped("gpt3-175b");
  for (const std::int64_t tensor : {1, 2, 4, 8}) {
    const double unit = 2048.0 * 12288 / as_double(tensor);  // s b h / t
    const double bytes = kept(layer_forward(model, {1, 2048, tensor}), true);
    EXPECT_DOUBLE_EQ(bytes, unit * (34 + 4 * 96.0 / 12288));
  }
}

// Without sequence parallelism the paper has s b h (10 + 24 / t): norms, their outputs and the
// inputs of the two halves' first product, and masks, are whole on every rank. What our sharding
// takes away is just that.
TEST(Graph, SequenceParallelismShardsTheTenOfThePaper) {
  const ModelDescription model = shipped("gpt3-175b");
  const double unit = 2048.0 * 12288;
  const auto ops = layer_forward(model, {1, 2048, 8});
  double sharded = 0;
  for (const char* name :
       {"attention norm", "feed-forward norm", "attention dropout", "feed-forward dropout"})
    sharded += named(ops, name).kept_bytes + named(ops, name).cheap_bytes;
  EXPECT_DOUBLE_EQ(sharded, unit * 10 / 8);
  EXPECT_DOUBLE_EQ(kept(ops, true) - sharded, unit * (24 + 4 * 96.0 / 12288) / 8);
}

}  // namespace
}  // namespace headroom
