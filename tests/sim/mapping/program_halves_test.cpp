// The two halves of a backward pass, and two passes in one program.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "sim/mapping/program.h"
#include "tests/sim/mapping/support.h"
#include "tests/support/experiments.h"

namespace headroom {
namespace {

using Kind = Command::Kind;

// Names of kernels with how often they are.
std::map<std::string, int> kernels(const std::vector<Program>& programs) {
  std::map<std::string, int> names;
  for (const Program& program : programs)
    for (const Command& command : unrolled(program))
      if (command.kind == Kind::run) ++names[command.kernel->name];
  return names;
}

std::vector<Experiment> split_experiments() {
  std::vector<Experiment> all;
  for (const std::int64_t tensor : {1, 2})
    for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full})
      for (const bool overlap : {false, true})
        for (const bool experts : {false, true}) {
          Plan plan;
          plan.data = 2;
          plan.tensor = tensor;
          plan.pipeline = 4;
          plan.recompute = recompute;
          plan.schedule = Schedule::zb_h1;
          Experiment experiment = small_experiment(plan);
          experiment.stack.tensor_overlap = overlap;
          if (experts) {
            experiment.model.experts = {16, 2, 256, 512, 0, false, false};
            LayerKind kind;
            kind.feed_forward = FeedForward::experts;
            experiment.model.pattern = {{kind, experiment.model.layers}};
          }
          all.push_back(experiment);
        }
  return all;
}

TEST(Halves, AreTheWholeBackwardPass) {
  for (const Experiment& experiment : split_experiments()) {
    const KernelMapper mapper = analytic_mapper(experiment.chip);
    const ProgramBuilder builder(experiment, mapper);
    for (const Chunk& chunk : {Chunk{2, true, false}, Chunk{2, false, true}, Chunk{2}}) {
      const Program inputs = builder.backward(chunk, false, false, Gradients::inputs),
                    weights = builder.backward(chunk, false, true, Gradients::weights);
      EXPECT_EQ(kernels({inputs, weights}), kernels({builder.backward(chunk, false, true)}));
      for (const auto& [name, count] : kernels({weights}))
        EXPECT_NE(name.find(" weight gradient"), std::string::npos) << name;
      for (const auto& [name, count] : kernels({inputs}))
        EXPECT_EQ(name.find(" weight gradient"), std::string::npos) << name;
    }
  }
}

// Exchanges that feed a product are over before it; only gathers of the next input may run beside.
TEST(Halves, EveryProductOfWeightsHasItsInput) {
  for (const Experiment& experiment : split_experiments()) {
    const KernelMapper mapper = analytic_mapper(experiment.chip);
    const ProgramBuilder builder(experiment, mapper);
    std::string open;
    int gathers = 0;
    for (const Command& command :
         unrolled(builder.backward({3, false, true}, false, false, Gradients::weights))) {
      if (command.kind == Kind::issue) {
        EXPECT_EQ(open, "");
        open = command.collective.name;
        ++gathers;
      } else if (command.kind == Kind::wait) {
        EXPECT_EQ(command.outstanding, 0U);
        open.clear();
      } else if (!open.empty()) {
        EXPECT_TRUE(experiment.stack.tensor_overlap) << command.kernel->name;
      }
    }
    EXPECT_EQ(open, "") << "never waited for";
    // Of attention and of the feed-forward layer (with experts: the shared one), and of the head.
    EXPECT_EQ(gathers, experiment.plan.tensor == 1 ? 0 : 3 * 2 + 1);
  }
}

Command run(const std::string& name) {
  Kernel kernel;
  kernel.name = name;
  Command command;
  command.kernel = std::make_shared<const Kernel>(kernel);
  return command;
}

Command issue(const std::string& name, CollectiveStream stream = tensor_stream) {
  Command command;
  command.kind = Kind::issue;
  command.stream = stream;
  command.collective.name = name;
  return command;
}

Command wait(std::size_t outstanding, CollectiveStream stream = tensor_stream) {
  Command command;
  command.kind = Kind::wait;
  command.stream = stream;
  command.outstanding = outstanding;
  return command;
}

std::string words(const Program& program) {
  std::string text;
  for (const Command& command : unrolled(program))
    text += (text.empty() ? "" : " ") +
            (command.kind == Kind::run ? command.kernel->name
             : command.kind == Kind::issue
                 ? "+" + command.collective.name
                 : "-" + std::to_string(command.outstanding));
  return text;
}

TEST(Overlapped, AProgramGoesOnWhereTheOtherWaits) {
  const Program one{"one", {{{run("a"), issue("x"), wait(0), run("b")}, 2}}};
  const Program other{"other", {{{run("A"), issue("X"), wait(0), run("B")}, 1}}};
  EXPECT_EQ(words(ProgramBuilder::overlapped(one, other)), "a +x A +X -1 b a +x -1 B -0 b");
  EXPECT_EQ(ProgramBuilder::overlapped(one, other).name, "one and other");
}

TEST(Overlapped, WaitsForWhatItWaitedFor) {
  const Program one{"one", {{{issue("x"), issue("y"), wait(1), run("a"), wait(0), run("b")}, 1}}};
  const Program other{
      "other",
      {{{issue("X"), wait(1), run("A"), issue("D", data_stream), wait(0), run("B"),
         wait(0, data_stream), run("C")},
        1}}};
  // wait(1) with one issued waits for nothing.
  EXPECT_EQ(words(ProgramBuilder::overlapped(one, other)), "+x +y +X -2 a A +D -1 b -0 B -0 C");
}

TEST(Overlapped, HasTheKernelsOfBothAndEndsWithNothingOpen) {
  for (const Experiment& experiment : split_experiments()) {
    const KernelMapper mapper = analytic_mapper(experiment.chip);
    const ProgramBuilder builder(experiment, mapper);
    const Program forward = builder.forward({2, true, false}, false),
                  backward = builder.backward({2, false, true}, false, true);
    const Program both = ProgramBuilder::overlapped(forward, backward);
    EXPECT_EQ(kernels({both}), kernels({forward, backward}));
    std::size_t issued = 0, open = 0, beside = 0;
    for (const Command& command : unrolled(both)) {
      if (command.kind == Kind::run) {
        beside += open > 0 ? 1 : 0;
        continue;
      }
      if (command.stream != tensor_stream) continue;
      if (command.kind == Kind::issue)
        ++issued, ++open;
      else
        open = std::min(open, command.outstanding);
    }
    EXPECT_EQ(open, 0U);
    if (issued > 0) {
      EXPECT_GT(beside, 0U) << "nothing is hidden";
    }
  }
}

}  // namespace
}  // namespace headroom
