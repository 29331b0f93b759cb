// How layers are spread over stages.
#include "sim/mapping/stages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

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

}  // namespace
}  // namespace headroom
