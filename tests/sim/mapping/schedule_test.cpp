// In which order a stage works: every pass once, in an order that ends, with as much kept as
// published.
#include "sim/mapping/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

namespace headroom {
namespace {

Plan plan_of(Schedule schedule, std::int64_t pipeline, std::int64_t chunks,
             std::int64_t micro_batches) {
  Plan plan;
  plan.schedule = schedule;
  plan.pipeline = pipeline;
  plan.virtual_pipeline = chunks;
  plan.global_batch = micro_batches;
  return plan;
}

// Every pipeline up to 8 stages with up to 4 chunks, a number of micro-batches below, at and above
// that of stages.
std::vector<Plan> plans() {
  std::vector<Plan> all;
  for (std::int64_t p = 1; p <= 8; ++p) {
    for (const Schedule schedule : {Schedule::one_forward_one_backward, Schedule::zb_h1})
      for (std::int64_t m = 1; m <= 2 * p + 3; ++m) all.push_back(plan_of(schedule, p, 1, m));
    for (std::int64_t v = 2; v <= 4; ++v)
      for (std::int64_t groups = 1; groups <= 4; ++groups)
        all.push_back(plan_of(Schedule::interleaved, p, v, groups * p));
    if (p % 2 == 0)
      for (std::int64_t m = 2 * p; m <= 4 * p; m += 2)
        all.push_back(plan_of(Schedule::dualpipe, p, 1, m));
  }
  all.push_back(plan_of(Schedule::interleaved, 16, 8, 16));
  all.push_back(plan_of(Schedule::interleaved, 16, 8, 32));
  all.push_back(plan_of(Schedule::one_forward_one_backward, 16, 1, 5));
  all.push_back(plan_of(Schedule::zb_h1, 16, 1, 64));
  all.push_back(plan_of(Schedule::dualpipe, 16, 1, 40));
  return all;
}

template <class Check>
void for_each_plan(Check check) {
  for (const Plan& plan : plans()) {
    SCOPED_TRACE(std::string(to_string(plan.schedule)) + ": " + std::to_string(plan.pipeline) +
                 " stages x " + std::to_string(plan.virtual_pipeline) + " chunks, " +
                 std::to_string(plan.micro_batches()) + " micro-batches");
    check(plan);
  }
}

// What a pass yields: 'F' an output, 'B' a gradient of inputs, 'W' gradients of weights.
using Product = std::tuple<char, std::int64_t, std::int64_t>;

std::vector<Product> products_of(const Pass& pass) {
  std::vector<Product> products;
  if (pass.goes_forward()) products.emplace_back('F', pass.chunk, pass.micro_batch);
  if (pass.goes_back())
    products.emplace_back('B', pass.gradient_chunk(), pass.gradient_micro_batch());
  if (pass.adds_gradients())
    products.emplace_back('W', pass.gradient_chunk(), pass.gradient_micro_batch());
  return products;
}

TEST(Schedule, YieldsEverythingOnce) {
  for_each_plan([](const Plan& plan) {
    for (std::int64_t rank = 0; rank < plan.pipeline; ++rank) {
      std::set<Product> seen;
      for (const Pass& pass : schedule_of(plan, rank))
        for (const Product& product : products_of(pass)) {
          EXPECT_TRUE(seen.insert(product).second);
          const auto& [kind, chunk, micro_batch] = product;
          const MicroBatches mine = micro_batches_of(plan, chunk);
          EXPECT_GE(micro_batch, mine.first);
          EXPECT_LE(micro_batch, mine.last);
          // Weights after inputs, inputs after the output.
          if (kind == 'B') {
            EXPECT_TRUE(seen.count({'F', chunk, micro_batch}) > 0);
          }
          if (kind == 'W') {
            EXPECT_TRUE(seen.count({'B', chunk, micro_batch}) > 0);
          }
        }
      const bool dual = plan.schedule == Schedule::dualpipe;
      EXPECT_EQ(
          seen.size(),
          static_cast<std::size_t>(3 * plan.micro_batches() * (dual ? 1 : plan.virtual_pipeline)));
    }
  });
}

// Every piece of the model meets every micro-batch, on one rank.
TEST(Schedule, EveryPieceSeesEveryMicroBatch) {
  for_each_plan([](const Plan& plan) {
    std::set<std::pair<std::int64_t, std::int64_t>> seen;
    for (std::int64_t rank = 0; rank < plan.pipeline; ++rank)
      for (const Pass& pass : schedule_of(plan, rank)) {
        if (!pass.goes_forward()) continue;
        const std::int64_t place = place_of(plan, rank, pass.chunk);
        EXPECT_EQ(rank_of(plan, place, pass.chunk), rank);
        EXPECT_TRUE(seen.emplace(place, pass.micro_batch).second);
      }
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(chunks_of_model(plan) * plan.micro_batches()));
  });
}

// Moves every stage on as far as its inputs allow, over and over.
bool completes(const Plan& plan) {
  const std::int64_t last = chunks_of_model(plan) - 1;
  std::vector<std::vector<Pass>> work;
  for (std::int64_t rank = 0; rank < plan.pipeline; ++rank) work.push_back(schedule_of(plan, rank));
  std::set<Product> done;  // by place
  std::vector<std::size_t> at(work.size(), 0);
  const auto ready = [&](const Product& product) {
    const auto& [kind, place, micro_batch] = product;
    if (kind == 'F') return place == 0 || done.count({'F', place - 1, micro_batch}) > 0;
    if (kind == 'W') return true;  // its own rank's, and in order
    return done.count({'F', place, micro_batch}) > 0 &&
           (place == last || done.count({'B', place + 1, micro_batch}) > 0);
  };
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t rank = 0; rank < work.size(); ++rank) {
      if (at[rank] == work[rank].size()) continue;
      std::vector<Product> products = products_of(work[rank][at[rank]]);
      for (auto& [kind, chunk, micro_batch] : products)
        chunk = place_of(plan, static_cast<std::int64_t>(rank), chunk);
      if (!std::all_of(products.begin(), products.end(), ready)) continue;
      done.insert(products.begin(), products.end());
      ++at[rank];
      moved = true;
    }
  }
  for (std::size_t rank = 0; rank < work.size(); ++rank)
    if (at[rank] != work[rank].size()) return false;
  return true;
}

TEST(Schedule, NeverDeadlocks) {
  for_each_plan([](const Plan& plan) { EXPECT_TRUE(completes(plan)); });
}

// The last micro-batch's gradients are a chunk's last: they may be reduced behind it.
TEST(Schedule, TheLastMicroBatchEndsEveryChunk) {
  for_each_plan([](const Plan& plan) {
    for (std::int64_t rank = 0; rank < plan.pipeline; ++rank) {
      std::vector<std::int64_t> latest(static_cast<std::size_t>(chunks_of_rank(plan)), -1);
      for (const Pass& pass : schedule_of(plan, rank))
        if (pass.adds_gradients())
          latest[static_cast<std::size_t>(pass.gradient_chunk())] = pass.gradient_micro_batch();
      for (std::size_t chunk = 0; chunk < latest.size(); ++chunk)
        EXPECT_EQ(latest[chunk], micro_batches_of(plan, static_cast<std::int64_t>(chunk)).last);
    }
  });
}

// Narayanan et al. 2021: p - rank without interleaving; with it Megatron-LM's warm-up of
// 2 (p - rank - 1) + (v - 1) p passes and the one in the steady state, of p v at most in all m v.
// ZB-H1 has what 1F1B has (Qi et al. 2023, section 2.2), DualPipe p + 1 (DeepSeek-V3, table 2).
TEST(Schedule, HoldsWhatIsPublished) {
  for_each_plan([](const Plan& plan) {
    for (std::int64_t rank = 0; rank < plan.pipeline; ++rank) {
      const std::int64_t behind = plan.pipeline - rank - 1, chunks = plan.virtual_pipeline;
      const std::int64_t warm_up = chunks == 1 ? behind : 2 * behind + (chunks - 1) * plan.pipeline;
      const std::int64_t expected = plan.schedule == Schedule::dualpipe
                                        ? plan.pipeline + 1
                                        : std::min(warm_up + 1, chunks * plan.micro_batches());
      EXPECT_EQ(most_in_flight(schedule_of(plan, rank)), expected) << "rank " << rank;
    }
  });
}

// Which is why the memory of a plan looks at no more of them.
TEST(Schedule, FourMicroBatchesAStageHoldAsMuchAsMore) {
  for_each_plan([&](const Plan& plan) {
    std::vector<KeptByChunk> uneven;
    for (std::int64_t chunk = 0; chunk < chunks_of_rank(plan); ++chunk)
      uneven.push_back(
          {static_cast<double>(3 + 7 * chunk % 5), static_cast<double>(1 + chunk % 3)});
    Plan four = plan, more = plan;
    four.global_batch = 4 * plan.pipeline;
    more.global_batch = 11 * plan.pipeline;
    if (plan.schedule == Schedule::dualpipe) more.global_batch *= 2;
    for (std::int64_t rank = 0; rank < plan.pipeline; ++rank) {
      EXPECT_EQ(most_in_flight(schedule_of(four, rank)), most_in_flight(schedule_of(more, rank)));
      EXPECT_EQ(
          most_held(schedule_of(four, rank), uneven), most_held(schedule_of(more, rank), uneven));
    }
  });
}

// If what waits for weight gradients is what a forward pass left, no rank of ZB-H1 needs more than
// the first one of 1F1B: p micro-batches.
TEST(Schedule, ZeroBubbleHoldsAsMuchAsOneForwardOneBackwardAtItsMost) {
  for_each_plan([](const Plan& plan) {
    if (plan.schedule != Schedule::zb_h1) return;
    for (std::int64_t rank = 0; rank < plan.pipeline; ++rank)
      EXPECT_EQ(most_held(schedule_of(plan, rank), {{1, 1}}),
                static_cast<double>(std::min(plan.pipeline, plan.micro_batches())));
  });
}

TEST(Schedule, WhatIsHeldIsCountedByChunk) {
  const auto pass = [](PassKind kind, std::int64_t chunk) {
    Pass one;
    one.kind = kind;
    one.chunk = chunk;
    return one;
  };
  const std::vector<KeptByChunk> kept{{10, 4}, {3, 2}};
  EXPECT_EQ(
      most_held(
          {pass(PassKind::forward, 0), pass(PassKind::input_gradient, 0),
           pass(PassKind::forward, 1), pass(PassKind::forward, 1),
           pass(PassKind::weight_gradient, 0), pass(PassKind::backward, 1),
           pass(PassKind::backward, 1)},
          kept),
      10);
  EXPECT_EQ(
      most_held({pass(PassKind::forward, 0), pass(PassKind::input_gradient, 0),
                 pass(PassKind::forward, 0)},
                kept),
      14);
  // A pass of both kinds begins before what it works off is free.
  Pass both = pass(PassKind::both, 1);
  both.back_chunk = 0;
  EXPECT_EQ(most_held({pass(PassKind::forward, 0), both}, kept), 13);
}

std::string order(const std::vector<Pass>& schedule, bool with_chunk) {
  std::string text;
  for (const Pass& pass : schedule) {
    const auto add = [&](char kind, std::int64_t chunk, std::int64_t micro_batch) {
      text += kind + (with_chunk ? std::to_string(chunk) : "") + std::to_string(micro_batch);
    };
    static constexpr char kinds[] = {'F', 'G', 'B', 'W', 'F'};
    text += " ";
    add(kinds[static_cast<int>(pass.kind)], pass.chunk, pass.micro_batch);
    if (pass.kind == PassKind::both) add('G', pass.back_chunk, pass.back_micro_batch);
  }
  return text;
}

TEST(Schedule, IsTheOneOfThePaperInASmallCase) {
  EXPECT_EQ(order(one_forward_one_backward(0, 2, 2, 2), true), " F00 F01 F10 F11 G10 G11 G00 G01");
  EXPECT_EQ(order(one_forward_one_backward(1, 3, 1, 4), false), " F0 F1 G0 F2 G1 F3 G2 G3");
  // Qi et al. 2023, figure 3, above: 4 stages.
  EXPECT_EQ(order(zero_bubble_h1(0, 4, 5), false), " F0 F1 F2 F3 B0 W0 F4 B1 W1 B2 W2 B3 W3 B4 W4");
  EXPECT_EQ(order(zero_bubble_h1(3, 4, 5), false), " F0 B0 F1 B1 F2 B2 F3 B3 W0 F4 B4 W1 W2 W3 W4");
  // Two ranks, four micro-batches: 0 and 1 enter at rank 0, 2 and 3 at rank 1.
  EXPECT_EQ(order(dual_pipe(0, 2, 4), true), " F00 F12 F01 G12 F13G00 G13 B01 W01");
  EXPECT_EQ(order(dual_pipe(1, 2, 4), true), " F12 F00 F13 G00 F01G12 G01 B13 W13");
}

TEST(Schedule, HasNamesForTraces) {
  const std::vector<Pass> passes = dual_pipe(0, 2, 4);
  EXPECT_EQ(name_of(passes[0], true), "forward 0 chunk 0");
  EXPECT_EQ(name_of(passes[4], true), "forward 3 chunk 1, backward 0 chunk 0");
  EXPECT_EQ(name_of(passes[6], false), "input gradient 1");
  EXPECT_EQ(name_of(passes[7], false), "weight gradient 1");
  EXPECT_EQ(category_of(passes[0]), "forward");
  EXPECT_EQ(category_of(passes[7]), "backward");
}

}  // namespace
}  // namespace headroom
