// How layers are spread over stages and in which order a stage works.
#include "sim/mapping/stages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <tuple>

namespace headroom {
namespace {

std::vector<std::int64_t> layers_of(const std::vector<Chunk>& chunks) {
  std::vector<std::int64_t> layers;
  layers.reserve(chunks.size());
  for (const Chunk& chunk : chunks) layers.push_back(chunk.layers);
  return layers;
}

TEST(SplitLayers, WhatDoesNotDivideGoesToTheMiddle) {
  EXPECT_EQ(layers_of(split_layers(126, 16)),
            (std::vector<std::int64_t>{7, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 7}));
  const std::vector<Chunk> chunks = split_layers(126, 128);
  EXPECT_EQ(chunks.front().layers, 0);
  EXPECT_EQ(chunks.back().layers, 0);
  for (std::size_t i = 1; i + 1 < chunks.size(); ++i) EXPECT_EQ(chunks[i].layers, 1);
  EXPECT_EQ(layers_of(split_layers(5, 1)), std::vector<std::int64_t>{5});
}

TEST(SplitLayers, EveryLayerIsSomewhereAndChunksDifferByOneAtMost) {
  const unsigned seed = 1;
  std::mt19937 random(seed);
  for (int i = 0; i < 2000; ++i) {
    const std::int64_t layers = 1 + random() % 200, chunks = 1 + random() % 130;
    SCOPED_TRACE("seed " + std::to_string(seed) + ": " + std::to_string(layers) + " layers on " +
                 std::to_string(chunks));
    const std::vector<Chunk> split = split_layers(layers, chunks);
    ASSERT_EQ(split.size(), static_cast<std::size_t>(chunks));
    std::int64_t sum = 0, least = layers, most = 0;
    for (std::size_t c = 0; c < split.size(); ++c) {
      sum += split[c].layers;
      least = std::min(least, split[c].layers);
      most = std::max(most, split[c].layers);
      EXPECT_EQ(split[c].embedding, c == 0);
      EXPECT_EQ(split[c].head, c + 1 == split.size());
    }
    EXPECT_EQ(sum, layers);
    EXPECT_LE(most - least, 1);
    EXPECT_LE(split.front().layers, most);
    if (chunks > 2) {
      EXPECT_LE(
          std::max(split.front().layers, split.back().layers), split[split.size() / 2].layers);
    }
  }
}

TEST(Chunk, SaysWhatItHas) {
  EXPECT_EQ((Chunk{1, false, false}.name()), "1 layer");
  EXPECT_EQ((Chunk{0, true, false}.name()), "embedding, 0 layers");
  EXPECT_EQ((Chunk{7, false, true}.name()), "7 layers, head");
}

struct Shape {
  std::int64_t pipeline, chunks, micro_batches;
};

// Every pipeline up to 8 stages with up to 4 chunks, a number of micro-batches below, at and above
// that of stages.
std::vector<Shape> shapes() {
  std::vector<Shape> all;
  for (std::int64_t p = 1; p <= 8; ++p) {
    for (std::int64_t m = 1; m <= 2 * p + 3; ++m) all.push_back({p, 1, m});
    for (std::int64_t v = 2; v <= 4; ++v)
      for (std::int64_t groups = 1; groups <= 4; ++groups) all.push_back({p, v, groups * p});
  }
  all.push_back({16, 8, 16});
  all.push_back({16, 8, 32});
  all.push_back({16, 1, 5});
  return all;
}

std::vector<std::vector<Pass>> schedules(const Shape& shape) {
  std::vector<std::vector<Pass>> all;
  for (std::int64_t rank = 0; rank < shape.pipeline; ++rank)
    all.push_back(
        one_forward_one_backward(rank, shape.pipeline, shape.chunks, shape.micro_batches));
  return all;
}

template <class Check>
void for_each_shape(Check check) {
  for (const Shape& shape : shapes()) {
    SCOPED_TRACE(std::to_string(shape.pipeline) + " stages x " + std::to_string(shape.chunks) +
                 " chunks, " + std::to_string(shape.micro_batches) + " micro-batches");
    check(shape);
  }
}

TEST(OneForwardOneBackward, HasEveryPassOnce) {
  for_each_shape([](const Shape& shape) {
    for (const auto& schedule : schedules(shape)) {
      std::set<std::tuple<bool, std::int64_t, std::int64_t>> seen;
      for (const Pass& pass : schedule) {
        EXPECT_TRUE(seen.emplace(pass.forward, pass.chunk, pass.micro_batch).second);
        EXPECT_GE(pass.chunk, 0);
        EXPECT_LT(pass.chunk, shape.chunks);
        EXPECT_GE(pass.micro_batch, 0);
        EXPECT_LT(pass.micro_batch, shape.micro_batches);
      }
      EXPECT_EQ(seen.size(), static_cast<std::size_t>(2 * shape.chunks * shape.micro_batches));
    }
  });
}

// Moves every stage on as far as its inputs allow, over and over: a token is a pass of a global
// chunk that is done.
bool completes(const Shape& shape) {
  const auto work = schedules(shape);
  const std::int64_t last = shape.pipeline * shape.chunks - 1;
  std::set<std::tuple<bool, std::int64_t, std::int64_t>> done;
  std::vector<std::size_t> at(work.size(), 0);
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t rank = 0; rank < work.size(); ++rank) {
      if (at[rank] == work[rank].size()) continue;
      const Pass& pass = work[rank][at[rank]];
      const std::int64_t chunk = pass.chunk * shape.pipeline + static_cast<std::int64_t>(rank);
      const bool
          ready = pass.forward
                      ? chunk == 0 || done.count({true, chunk - 1, pass.micro_batch}) > 0
                      : done.count({true, chunk, pass.micro_batch}) > 0 &&
                            (chunk == last || done.count({false, chunk + 1, pass.micro_batch}) > 0);
      if (!ready) continue;
      done.emplace(pass.forward, chunk, pass.micro_batch);
      ++at[rank];
      moved = true;
    }
  }
  for (std::size_t rank = 0; rank < work.size(); ++rank)
    if (at[rank] != work[rank].size()) return false;
  return true;
}

TEST(OneForwardOneBackward, NeverDeadlocks) {
  for_each_shape([](const Shape& shape) { EXPECT_TRUE(completes(shape)); });
}

// The last micro-batch's backward pass is a chunk's last: gradients may be reduced behind it.
TEST(OneForwardOneBackward, TheLastMicroBatchEndsEveryChunk) {
  for_each_shape([](const Shape& shape) {
    for (const auto& schedule : schedules(shape)) {
      std::vector<std::int64_t> latest(static_cast<std::size_t>(shape.chunks), -1);
      for (const Pass& pass : schedule)
        if (!pass.forward) latest[static_cast<std::size_t>(pass.chunk)] = pass.micro_batch;
      for (const std::int64_t micro_batch : latest) EXPECT_EQ(micro_batch, shape.micro_batches - 1);
    }
  });
}

// Narayanan et al. 2021: p - rank without interleaving; with it Megatron-LM's warm-up of
// 2 (p - rank - 1) + (v - 1) p passes and the one in the steady state, of p v at most in all m v.
TEST(OneForwardOneBackward, HoldsWhatMegatronHolds) {
  for_each_shape([](const Shape& shape) {
    for (std::int64_t rank = 0; rank < shape.pipeline; ++rank) {
      const std::int64_t behind = shape.pipeline - rank - 1;
      const std::int64_t
          warm_up = shape.chunks == 1 ? behind : 2 * behind + (shape.chunks - 1) * shape.pipeline;
      EXPECT_EQ(most_in_flight(one_forward_one_backward(
                    rank, shape.pipeline, shape.chunks, shape.micro_batches)),
                std::min(warm_up + 1, shape.chunks * shape.micro_batches))
          << "rank " << rank;
    }
  });
}

TEST(OneForwardOneBackward, IsTheOneOfThePaperInASmallCase) {
  std::string order;
  for (const Pass& pass : one_forward_one_backward(0, 2, 2, 2))
    order += (pass.forward ? " F" : " B") + std::to_string(pass.chunk) +
             std::to_string(pass.micro_batch);
  EXPECT_EQ(order, " F00 F01 F10 F11 B10 B11 B00 B01");
  order.clear();
  for (const Pass& pass : one_forward_one_backward(1, 3, 1, 4))
    order += (pass.forward ? " F" : " B") + std::to_string(pass.micro_batch);
  EXPECT_EQ(order, " F0 F1 B0 F2 B1 F3 B2 B3");
}

}  // namespace
}  // namespace headroom
