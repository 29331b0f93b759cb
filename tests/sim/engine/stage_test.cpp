// The pipeline of SystemC stages against a plain loop over dependencies, and against its bubble by
// formula.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "models/base/kernel_time.h"
#include "sim/engine/analytic_pipeline.h"
#include "sim/engine/pipeline.h"

namespace headroom {
namespace {

// One pipeline with all that its stages are told.
struct Case {
  std::int64_t pipeline = 1, chunks = 1, micro_batches = 1;
  double message_bytes = 0, rate = 1, latency_s = 0;
  std::vector<StageWork> work;
};

std::vector<Pass> schedule(const Case& c, std::int64_t rank) {
  return one_forward_one_backward(rank, c.pipeline, c.chunks, c.micro_batches);
}

// The step's time: no kernel, no events. Passes of a stage follow one another; a message leaves
// when its pass is done and the link is free, and arrives a latency later.
double expected_step(const Case& c) {
  struct State {
    double at = 0, link_free_at = 0, data_free_at = 0;
    std::size_t next = 0;
    std::vector<double> weights_at;  // when the first pass of a chunk may start
  };
  std::vector<State> states(c.work.size());
  for (std::size_t rank = 0; rank < states.size(); ++rank)
    for (const auto& chunk : c.work[rank].chunks) {
      const double parts = static_cast<double>(chunk.gathers.size());
      double start = 0;
      for (std::size_t i = 0; i < chunk.gathers.size(); ++i) {
        states[rank].data_free_at += chunk.gathers[i];
        start = std::max(start, states[rank].data_free_at -
                                    chunk.forward.times.total() * static_cast<double>(i) / parts);
      }
      states[rank].weights_at.push_back(start);
    }
  std::map<std::tuple<bool, std::int64_t, std::int64_t>, double> arrives;
  const std::int64_t last = c.pipeline * c.chunks - 1;
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t rank = 0; rank < states.size(); ++rank) {
      State& state = states[rank];
      if (state.next == c.work[rank].schedule.size()) continue;
      const Pass& pass = c.work[rank].schedule[state.next];
      const std::int64_t chunk = pass.chunk * c.pipeline + static_cast<std::int64_t>(rank);
      if (pass.forward ? chunk > 0 : chunk < last) {
        const auto message = arrives.find({pass.forward, chunk, pass.micro_batch});
        if (message == arrives.end()) continue;
        state.at = std::max(state.at, message->second);
      }
      const auto& work = c.work[rank].chunks[static_cast<std::size_t>(pass.chunk)];
      if (pass.forward && pass.micro_batch == 0)
        state.at = std::max(state.at, state.weights_at[static_cast<std::size_t>(pass.chunk)]);
      const PassTiming& timing = pass.forward ? work.forward
                                 : pass.micro_batch + 1 == c.micro_batches
                                     ? work.last_backward
                                     : work.backward;
      state.at += timing.times.total();
      state.data_free_at = std::max(state.data_free_at, state.at) + timing.tail_s;
      const std::int64_t to = pass.forward ? chunk + 1 : chunk - 1;
      if (to >= 0 && to <= last) {
        state.link_free_at = std::max(state.link_free_at, state.at) + c.message_bytes / c.rate;
        arrives[{pass.forward, to, pass.micro_batch}] = state.link_free_at + c.latency_s;
      }
      ++state.next;
      moved = true;
    }
  }
  double synchronised = 0, optimizer = 0;
  for (std::size_t rank = 0; rank < states.size(); ++rank) {
    EXPECT_EQ(states[rank].next, c.work[rank].schedule.size()) << "the plain loop is stuck";
    synchronised = std::max({synchronised, states[rank].at, states[rank].data_free_at});
    optimizer = std::max(optimizer, c.work[rank].optimizer.total());
  }
  return synchronised + optimizer;
}

// Plays one case as Step does.
class Pipeline : public sc_core::sc_module {
 public:
  Pipeline(const sc_core::sc_module_name& name, Case c) : sc_module(name), case_(std::move(c)) {
    const std::size_t stages = case_.work.size();
    for (std::size_t rank = 0; rank < stages; ++rank)
      stages_.push_back(
          std::make_unique<Stage>(("stage_" + std::to_string(rank)).c_str(), rank, stages));
    for (std::size_t rank = 0; rank < stages; ++rank)
      stages_[rank]->connect(
          stages_[(rank + stages - 1) % stages].get(), stages_[(rank + 1) % stages].get());
    SC_HAS_PROCESS(Pipeline);
    SC_THREAD(run);
  }

  [[nodiscard]] const Case& input() const { return case_; }
  [[nodiscard]] double step() const { return step_; }
  [[nodiscard]] const Times& times(std::size_t rank) const { return stages_[rank]->times(); }
  [[nodiscard]] StageOutcome outcome(std::size_t rank) const { return stages_[rank]->outcome(); }

 private:
  void run() {
    sc_core::sc_event_or_list progress;
    for (std::size_t rank = 0; rank < stages_.size(); ++rank) {
      stages_[rank]->start(case_.work[rank], static_cast<std::size_t>(case_.micro_batches));
      progress |= stages_[rank]->progress();
    }
    const auto all = [&](auto reached) {
      while (!std::all_of(stages_.begin(), stages_.end(), reached)) sc_core::wait(progress);
    };
    all([](const auto& stage) { return stage->synchronised(); });
    sc_core::wait(sc_core::SC_ZERO_TIME);
    for (const auto& stage : stages_) stage->release();
    all([](const auto& stage) { return stage->done(); });
    step_ = now().si();
  }

  Case case_;
  std::vector<std::unique_ptr<Stage>> stages_;
  double step_ = 0;
};

std::vector<std::unique_ptr<Pipeline>> play(const std::vector<Case>& cases) {
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  std::vector<std::unique_ptr<Pipeline>> pipelines;
  pipelines.reserve(cases.size());
  for (const Case& c : cases)
    pipelines.push_back(
        std::make_unique<Pipeline>(("pipeline_" + std::to_string(pipelines.size())).c_str(), c));
  sc_core::sc_start();
  return pipelines;
}

PassTiming lasting(double seconds, double tail = 0) {
  PassTiming timing;
  timing.times[StepCause::ideal] = seconds;
  timing.tail_s = tail;
  return timing;
}

constexpr unsigned seed = 11;

std::vector<Case> random_cases(int count) {
  std::mt19937 random(seed);
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  std::vector<Case> cases;
  for (int i = 0; i < count; ++i) {
    Case c;
    const auto up_to = [&](std::uint64_t most) {
      return 1 + static_cast<std::int64_t>(random() % most);
    };
    c.pipeline = up_to(8);
    c.chunks = c.pipeline == 1 ? 1 : up_to(3);
    c.micro_batches = c.chunks == 1 ? up_to(12) : c.pipeline * up_to(3);
    c.message_bytes = random() % 3 == 0 ? 0 : uniform(1, 3) * 1e6;
    c.rate = 1e9;
    c.latency_s = random() % 2 == 0 ? 0 : uniform(0, 1e-3);
    for (std::int64_t rank = 0; rank < c.pipeline; ++rank) {
      StageWork work;
      for (std::int64_t chunk = 0; chunk < c.chunks; ++chunk) {
        StageWork::ChunkWork timings;
        timings.forward = lasting(uniform(0, 2e-3));
        timings.backward = lasting(uniform(1e-3, 4e-3), random() % 2 == 0 ? 0 : uniform(0, 1e-3));
        timings.last_backward = lasting(uniform(1e-3, 4e-3), uniform(0, 4e-3));
        timings.activations = timings.gradients = {c.message_bytes / c.rate, c.latency_s};
        for (unsigned part = 0; part < random() % 4; ++part)
          timings.gathers.push_back(uniform(0, 2e-3));
        work.chunks.push_back(timings);
      }
      work.schedule = schedule(c, rank);
      work.optimizer[StepCause::optimizer] = uniform(0, 1e-3);
      c.work.push_back(work);
    }
    cases.push_back(c);
  }
  return cases;
}

Case equal_stages(std::int64_t pipeline, std::int64_t chunks, std::int64_t micro_batches) {
  Case c;
  c.pipeline = pipeline;
  c.chunks = chunks;
  c.micro_batches = micro_batches;
  StageWork::ChunkWork timings;
  timings.forward = lasting(1e-3);
  timings.backward = timings.last_backward = lasting(2e-3);
  for (std::int64_t rank = 0; rank < pipeline; ++rank) {
    StageWork work;
    work.chunks.assign(static_cast<std::size_t>(chunks), timings);
    work.schedule = schedule(c, rank);
    c.work.push_back(work);
  }
  return c;
}

TEST(Stage, AgreesWithAPlainLoopOverDependencies) {
  const auto pipelines = play(random_cases(150));
  for (std::size_t i = 0; i < pipelines.size(); ++i) {
    const Case& c = pipelines[i]->input();
    SCOPED_TRACE("seed " + std::to_string(seed) + " case " + std::to_string(i) + ": " +
                 std::to_string(c.pipeline) + " stages, " + std::to_string(c.chunks) + " chunks, " +
                 std::to_string(c.micro_batches) + " micro-batches");
    const double expected = expected_step(c);
    EXPECT_NEAR(pipelines[i]->step(), expected, 1e-9 * expected);
  }
}

// The pipeline without SystemC is the same pipeline: every cause of every stage, bit by bit.
TEST(Stage, PlayedWithoutSystemCItIsTheSame) {
  for (const auto& pipeline : play(random_cases(150))) {
    const Case& c = pipeline->input();
    const PipelineOutcome outcome = play(c.work, c.micro_batches, Tracing::on);
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
  EXPECT_THROW(static_cast<void>(play(c.work, c.micro_batches, Tracing::off)), std::logic_error);
}

// Each stage's causes are its own work and the waiting in between: nothing is booked twice.
TEST(Stage, EveryStagesTimesEndWithTheStep) {
  const auto pipelines = play(random_cases(60));
  for (const auto& pipeline : pipelines) {
    const Case& c = pipeline->input();
    for (std::size_t rank = 0; rank < c.work.size(); ++rank) {
      const Times& times = pipeline->times(rank);
      double work = 0;
      for (const Pass& pass : c.work[rank].schedule) {
        const auto& chunk = c.work[rank].chunks[static_cast<std::size_t>(pass.chunk)];
        work += (pass.forward ? chunk.forward
                 : pass.micro_batch + 1 == c.micro_batches
                     ? chunk.last_backward
                     : chunk.backward)
                    .times.total();
      }
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

// Narayanan et al. 2021, section 2.2: bubble over ideal time is (p - 1) / (v m).
TEST(Stage, BubbleOfEqualStagesIsThePublishedOne) {
  std::vector<Case> cases;
  for (const std::int64_t pipeline : {1, 2, 3, 4, 8, 16})
    for (const std::int64_t groups : {1, 2, 4})
      for (const std::int64_t chunks : {1, 2, 5})
        if (pipeline > 1 || chunks == 1)
          cases.push_back(equal_stages(pipeline, chunks, groups * pipeline));
  cases.push_back(equal_stages(4, 1, 7));
  for (const auto& pipeline : play(cases)) {
    const Case& c = pipeline->input();
    const double ideal = 3e-3 * static_cast<double>(c.chunks * c.micro_batches);
    const double bubble = static_cast<double>(c.pipeline - 1) /
                          static_cast<double>(c.chunks * c.micro_batches);
    EXPECT_NEAR(pipeline->step(), ideal * (1 + bubble), 1e-9 * ideal)
        << c.pipeline << " stages, " << c.chunks << " chunks, " << c.micro_batches
        << " micro-batches";
    for (std::size_t rank = 0; rank < c.work.size(); ++rank)
      EXPECT_NEAR(pipeline->times(rank)[StepCause::bubble], ideal * bubble, 1e-9 * ideal);
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
