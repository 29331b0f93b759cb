// The pipeline of SystemC stages against a plain loop over dependencies.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "sim/engine/analytic_pipeline.h"
#include "tests/sim/engine/pipelines.h"

namespace headroom {
namespace {

// The step's time: no kernel, no events, and nothing of what the stages are told about places and
// neighbours. Passes of a rank follow one another; a message leaves when its pass is done and the
// link is free, and arrives a latency later.
class PlainLoop {
 public:
  explicit PlainLoop(const Case& c) : case_(c), ranks_(c.work.size()) {
    for (std::size_t rank = 0; rank < ranks_.size(); ++rank)
      for (const auto& chunk : c.work[rank].chunks) {
        ranks_[rank].opened.push_back(false);
        for (const double gather : chunk.gathers) ranks_[rank].data_free_at += gather;
      }
  }

  double step() {
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t rank = 0; rank < ranks_.size(); ++rank) moved = advance(rank) || moved;
    }
    double synchronised = 0, optimizer = 0;
    for (std::size_t rank = 0; rank < ranks_.size(); ++rank) {
      EXPECT_EQ(ranks_[rank].next, case_.work[rank].schedule.size()) << "the plain loop is stuck";
      synchronised = std::max({synchronised, ranks_[rank].at, ranks_[rank].data_free_at});
      optimizer = std::max(optimizer, case_.work[rank].optimizer.total());
    }
    return synchronised + optimizer;
  }

 private:
  struct Rank {
    double at = 0, link_free_at = 0, data_free_at = 0;
    std::size_t next = 0;
    std::vector<bool> opened;  // chunks whose first pass has been
  };
  // Whether forward, place, micro-batch.
  using Token = std::tuple<bool, std::int64_t, std::int64_t>;

  [[nodiscard]] bool dual() const { return case_.plan.schedule == Schedule::dualpipe; }
  // Direction 1 of DualPipe goes from the last rank to the first.
  [[nodiscard]] std::int64_t place(std::size_t rank, std::int64_t chunk) const {
    const auto at = static_cast<std::int64_t>(rank);
    if (dual() && chunk == 1) return case_.plan.pipeline - 1 - at;
    return dual() ? at : chunk * case_.plan.pipeline + at;
  }
  [[nodiscard]] std::int64_t last_place() const {
    return case_.plan.pipeline * (dual() ? 1 : case_.plan.virtual_pipeline) - 1;
  }

  bool advance(std::size_t rank) {
    Rank& state = ranks_[rank];
    const StageWork& work = case_.work[rank];
    if (state.next == work.schedule.size()) return false;
    const StageWork::Turn& turn = work.schedule[state.next];
    const Pass& pass = turn.pass;
    std::vector<Token> needs, gives;
    if (pass.kind == PassKind::forward || pass.kind == PassKind::both) {
      const std::int64_t at = place(rank, pass.chunk);
      if (at > 0) needs.emplace_back(true, at, pass.micro_batch);
      if (at < last_place()) gives.emplace_back(true, at + 1, pass.micro_batch);
    }
    if (pass.kind != PassKind::forward && pass.kind != PassKind::weight_gradient) {
      const bool both = pass.kind == PassKind::both;
      const std::int64_t at = place(rank, both ? pass.back_chunk : pass.chunk);
      const std::int64_t micro_batch = both ? pass.back_micro_batch : pass.micro_batch;
      if (at < last_place()) needs.emplace_back(false, at, micro_batch);
      if (at > 0) gives.emplace_back(false, at - 1, micro_batch);
    }
    double start = state.at;
    for (const Token& token : needs) {
      if (arrives_.count(token) == 0) return false;
      start = std::max(start, arrives_[token]);
    }
    const PassTiming& timing = work.timings[turn.timing];
    if (pass.goes_forward()) start = std::max(start, opening(rank, pass, timing));
    state.at = start + timing.times.total();
    state.data_free_at = std::max(state.data_free_at, state.at) + timing.tail_s;
    for (const Token& token : gives) {
      state.link_free_at = std::max(state.link_free_at, state.at) +
                           case_.message_bytes / case_.rate;
      arrives_[token] = state.link_free_at + case_.latency_s;
    }
    ++state.next;
    return true;
  }

  // When the weights of a chunk let its first pass start.
  double opening(std::size_t rank, const Pass& pass, const PassTiming& timing) {
    const auto chunk = static_cast<std::size_t>(pass.chunk);
    if (ranks_[rank].opened[chunk]) return 0;
    ranks_[rank].opened[chunk] = true;
    double at = 0, start = 0;
    for (std::size_t c = 0; c <= chunk; ++c) {
      const std::vector<double>& gathers = case_.work[rank].chunks[c].gathers;
      for (std::size_t i = 0; i < gathers.size(); ++i) {
        at += gathers[i];
        if (c == chunk)
          start = std::max(start, at - timing.times.total() * static_cast<double>(i) /
                                           static_cast<double>(gathers.size()));
      }
    }
    return start;
  }

  const Case& case_;
  std::vector<Rank> ranks_;
  std::map<Token, double> arrives_;
};

constexpr unsigned seed = 11;

Plan random_plan(std::mt19937& random) {
  const auto up_to = [&](std::uint64_t most) {
    return 1 + static_cast<std::int64_t>(random() % most);
  };
  Plan plan;
  plan.schedule = static_cast<Schedule>(random() % schedule_names.size());
  plan.pipeline = up_to(8);
  switch (plan.schedule) {
    case Schedule::one_forward_one_backward:
    case Schedule::zb_h1: plan.global_batch = up_to(12); break;
    case Schedule::interleaved:
      plan.virtual_pipeline = plan.pipeline == 1 ? 1 : up_to(3);
      plan.global_batch = plan.pipeline * up_to(3);
      break;
    case Schedule::dualpipe:
      plan.pipeline += plan.pipeline % 2;
      plan.global_batch = 2 * plan.pipeline + 2 * (up_to(4) - 1);
      break;
  }
  return plan;
}

std::vector<Case> random_cases(int count) {
  std::mt19937 random(seed);
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  std::vector<Case> cases;
  for (int i = 0; i < count; ++i) {
    Case c;
    c.plan = random_plan(random);
    c.message_bytes = random() % 3 == 0 ? 0 : uniform(1, 3) * 1e6;
    c.rate = 1e9;
    c.latency_s = random() % 2 == 0 ? 0 : uniform(0, 1e-3);
    schedule_all(c, [&](const Pass& pass) {
      const bool tail = pass.adds_gradients() && random() % 2 == 0;
      return lasting(
          uniform(0, pass.kind == PassKind::both ? 6e-3 : 2e-3), tail ? uniform(0, 2e-3) : 0);
    });
    for (StageWork& work : c.work) {
      for (StageWork::ChunkWork& chunk : work.chunks) {
        chunk.activations = chunk.gradients = {c.message_bytes / c.rate, c.latency_s};
        for (unsigned part = 0; part < random() % 4; ++part)
          chunk.gathers.push_back(uniform(0, 2e-3));
      }
      work.optimizer[StepCause::optimizer] = uniform(0, 1e-3);
    }
    cases.push_back(c);
  }
  return cases;
}

TEST(Stage, AgreesWithAPlainLoopOverDependencies) {
  const auto pipelines = play(random_cases(400));
  for (std::size_t i = 0; i < pipelines.size(); ++i) {
    const Case& c = pipelines[i]->input();
    SCOPED_TRACE("seed " + std::to_string(seed) + " case " + std::to_string(i) + ": " + c.words());
    const double expected = PlainLoop(c).step();
    EXPECT_NEAR(pipelines[i]->step(), expected, 1e-9 * expected);
  }
}

// The pipeline without SystemC is the same pipeline: every cause of every stage, bit by bit.
TEST(Stage, PlayedWithoutSystemCItIsTheSame) {
  for (const auto& pipeline : play(random_cases(150))) {
    const Case& c = pipeline->input();
    const PipelineOutcome outcome = play(c.work, c.plan.micro_batches(), Tracing::on);
    ASSERT_EQ(outcome.duration_s, pipeline->step());
    for (std::size_t rank = 0; rank < c.work.size(); ++rank) {
      const StageOutcome stage = pipeline->outcome(rank);
      for (std::size_t i = 0; i < cause_count; ++i) {
        const auto cause = static_cast<StepCause>(i);
        ASSERT_EQ(outcome.stages[rank].times[cause], stage.times[cause]) << "cause " << i;
      }
      EXPECT_EQ(outcome.stages[rank].sending_s, stage.sending_s);
      ASSERT_EQ(outcome.stages[rank].spans.size(), stage.spans.size());
      for (std::size_t i = 0; i < stage.spans.size(); ++i) {
        EXPECT_EQ(outcome.stages[rank].spans[i].name, stage.spans[i].name);
        EXPECT_EQ(outcome.stages[rank].spans[i].start_s, stage.spans[i].start_s);
        EXPECT_EQ(outcome.stages[rank].spans[i].duration_s, stage.spans[i].duration_s);
      }
    }
  }
}

TEST(Stage, StagesThatWaitForOneAnotherAreABug) {
  Case c = equal_stages(2, 1, 1);
  std::swap(c.work[0].schedule[0], c.work[0].schedule[1]);  // backward before forward
  EXPECT_THROW(
      static_cast<void>(play(c.work, c.plan.micro_batches(), Tracing::off)), std::logic_error);
}

// Each stage's causes are its own work and the waiting in between: nothing is booked twice.
TEST(Stage, EveryStagesTimesEndWithTheStep) {
  const auto pipelines = play(random_cases(60));
  for (const auto& pipeline : pipelines) {
    const Case& c = pipeline->input();
    for (std::size_t rank = 0; rank < c.work.size(); ++rank) {
      const Times& times = pipeline->times(rank);
      double work = 0;
      for (const StageWork::Turn& turn : c.work[rank].schedule)
        work += c.work[rank].timings[turn.timing].times.total();
      EXPECT_NEAR(times[StepCause::ideal], work, 1e-9 * work);
      EXPECT_LE(times.total(), pipeline->step() * (1 + 1e-9));
      // A stage with a shorter optimiser than another's is done before it.
      double longest = 0;
      for (const StageWork& other : c.work) longest = std::max(longest, other.optimizer.total());
      EXPECT_NEAR(times.total() + longest - c.work[rank].optimizer.total(), pipeline->step(),
                  1e-9 * pipeline->step());
    }
  }
}

// Behind free stages a message's way is exposed, and booked to the pipeline, not to the bubble.
TEST(Stage, AMessageOnItsWayIsNoBubble) {
  Case c = equal_stages(2, 1, 1);
  c.message_bytes = 1e6;
  c.rate = 1e9;
  c.latency_s = 5e-4;
  for (StageWork& work : c.work)
    work.chunks[0].activations = work.chunks[0].gradients = {1e-3, c.latency_s};
  const auto pipelines = play({c});
  EXPECT_NEAR(pipelines[0]->step(), 6e-3 + 2 * 1.5e-3, 1e-12);
  EXPECT_NEAR(pipelines[0]->times(0)[StepCause::pipeline], 1.5e-3, 1e-12);
  EXPECT_NEAR(pipelines[0]->times(1)[StepCause::pipeline], 1.5e-3, 1e-12);
  // The first stage waits for the second's two passes and the way there.
  EXPECT_NEAR(pipelines[0]->times(0)[StepCause::bubble], 1.5e-3 + 3e-3, 1e-12);
}

}  // namespace
}  // namespace headroom
