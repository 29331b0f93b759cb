#include "sim/mapping/schedule.h"

#include <algorithm>
#include <cassert>
#include <deque>

namespace headroom {

std::string name_of(const Pass& pass, bool with_chunk) {
  const auto half = [&](const char* what, std::int64_t chunk, std::int64_t micro_batch) {
    return what + std::to_string(micro_batch) +
           (with_chunk ? " chunk " + std::to_string(chunk) : "");
  };
  switch (pass.kind) {
    case PassKind::forward: return half("forward ", pass.chunk, pass.micro_batch);
    case PassKind::backward: return half("backward ", pass.chunk, pass.micro_batch);
    case PassKind::input_gradient: return half("input gradient ", pass.chunk, pass.micro_batch);
    case PassKind::weight_gradient: return half("weight gradient ", pass.chunk, pass.micro_batch);
    case PassKind::both: break;
  }
  return half("forward ", pass.chunk, pass.micro_batch) + ", " +
         half("backward ", pass.back_chunk, pass.back_micro_batch);
}

std::string category_of(const Pass& pass) {
  return pass.kind == PassKind::forward ? "forward" : "backward";
}

bool splits_backward(const Plan& plan) {
  return plan.schedule == Schedule::zb_h1 || plan.schedule == Schedule::dualpipe;
}

std::int64_t chunks_of_rank(const Plan& plan) {
  return plan.schedule == Schedule::dualpipe ? 2 : plan.virtual_pipeline;
}

std::int64_t chunks_of_model(const Plan& plan) {
  return plan.schedule == Schedule::dualpipe
             ? plan.pipeline
             : plan.pipeline * plan.virtual_pipeline;
}

std::int64_t place_of(const Plan& plan, std::int64_t rank, std::int64_t chunk) {
  if (plan.schedule == Schedule::dualpipe) return chunk == 0 ? rank : plan.pipeline - 1 - rank;
  return chunk * plan.pipeline + rank;
}

std::vector<std::size_t> places_of(const Plan& plan, std::int64_t rank) {
  std::vector<std::size_t> places;
  for (std::int64_t chunk = 0; chunk < chunks_of_rank(plan); ++chunk)
    places.push_back(static_cast<std::size_t>(place_of(plan, rank, chunk)));
  return places;
}

std::int64_t rank_of(const Plan& plan, std::int64_t place, std::int64_t chunk) {
  if (plan.schedule == Schedule::dualpipe) return chunk == 0 ? place : plan.pipeline - 1 - place;
  return place % plan.pipeline;
}

MicroBatches micro_batches_of(const Plan& plan, std::int64_t chunk) {
  const std::int64_t all = plan.micro_batches();
  if (plan.schedule != Schedule::dualpipe) return {0, all - 1};
  return chunk == 0 ? MicroBatches{0, all / 2 - 1} : MicroBatches{all / 2, all - 1};
}

std::vector<Pass> schedule_of(const Plan& plan, std::int64_t rank) {
  const std::int64_t micro_batches = plan.micro_batches();
  switch (plan.schedule) {
    case Schedule::one_forward_one_backward:
    case Schedule::interleaved: break;
    case Schedule::zb_h1: return zero_bubble_h1(rank, plan.pipeline, micro_batches);
    case Schedule::dualpipe: return dual_pipe(rank, plan.pipeline, micro_batches);
  }
  return one_forward_one_backward(rank, plan.pipeline, plan.virtual_pipeline, micro_batches);
}

namespace {

// The k-th forward (backward) of a rank: micro-batches go through in groups of `pipeline`, chunk
// after chunk.
Pass nth(PassKind kind, std::int64_t k, std::int64_t pipeline, std::int64_t virtual_pipeline) {
  const std::int64_t group = pipeline * virtual_pipeline;
  const std::int64_t chunk = (k % group) / pipeline;
  Pass pass;
  pass.kind = kind;
  pass.chunk = kind == PassKind::forward ? chunk : virtual_pipeline - 1 - chunk;
  pass.micro_batch = k / group * pipeline + k % pipeline;
  return pass;
}

Pass pass_of(PassKind kind, std::int64_t chunk, std::int64_t micro_batch) {
  Pass pass;
  pass.kind = kind;
  pass.chunk = chunk;
  pass.micro_batch = micro_batch;
  return pass;
}

}  // namespace

std::vector<Pass> one_forward_one_backward(
    std::int64_t rank, std::int64_t pipeline, std::int64_t virtual_pipeline,
    std::int64_t micro_batches) {
  assert(virtual_pipeline == 1 || micro_batches % pipeline == 0);
  const std::int64_t total = micro_batches * virtual_pipeline;
  const std::int64_t warm_up = virtual_pipeline == 1
                                   ? pipeline - rank - 1
                                   : (pipeline - rank - 1) * 2 + (virtual_pipeline - 1) * pipeline;
  const std::int64_t ahead = std::min(total, warm_up);
  // Without interleaving the order is by micro-batch alone, and their number need not divide.
  const std::int64_t group = virtual_pipeline == 1 ? 1 : pipeline;
  std::vector<Pass> schedule;
  for (std::int64_t k = 0; k < ahead; ++k)
    schedule.push_back(nth(PassKind::forward, k, group, virtual_pipeline));
  for (std::int64_t k = ahead; k < total; ++k) {
    schedule.push_back(nth(PassKind::forward, k, group, virtual_pipeline));
    schedule.push_back(nth(PassKind::backward, k - ahead, group, virtual_pipeline));
  }
  for (std::int64_t k = total - ahead; k < total; ++k)
    schedule.push_back(nth(PassKind::backward, k, group, virtual_pipeline));
  return schedule;
}

// The last rank starts p - 1 forward passes late; p - 1 of its weight gradients run after its last
// input gradient, while those of the other ranks are still on their way to rank 0.
std::vector<Pass> zero_bubble_h1(
    std::int64_t rank, std::int64_t pipeline, std::int64_t micro_batches) {
  const std::int64_t ahead = std::min(micro_batches, pipeline - rank - 1);
  std::vector<Pass> schedule;
  std::int64_t forwards = 0, weights = 0;
  while (forwards < ahead) schedule.push_back(pass_of(PassKind::forward, 0, forwards++));
  for (std::int64_t k = 0; k < micro_batches; ++k) {
    if (forwards < micro_batches) schedule.push_back(pass_of(PassKind::forward, 0, forwards++));
    schedule.push_back(pass_of(PassKind::input_gradient, 0, k));
    if (k >= rank) schedule.push_back(pass_of(PassKind::weight_gradient, 0, weights++));
  }
  while (weights < micro_batches)
    schedule.push_back(pass_of(PassKind::weight_gradient, 0, weights++));
  return schedule;
}

namespace {

// DualPipe on the rank that is `depth` away from its end of the pipeline. Direction 0 is that which
// enters at this end; a rank of the other half does the same with the directions exchanged.
class DualPipeOrder {
 public:
  DualPipeOrder(std::int64_t depth, std::int64_t pipeline, std::int64_t micro_batches)
      : depth_(depth),
        inner_(pipeline / 2 - 1 - depth),
        pipeline_(pipeline),
        each_(micro_batches / 2) {}

  std::vector<Pass> order() {
    fill();
    steady();
    drain();
    return std::move(passes_);
  }

 private:
  // Until the first gradient of the other direction arrives; the weight gradients behind the first
  // ones are done at once, for nothing else can be.
  void fill() {
    for (std::int64_t i = 0; i < 2 * inner_; ++i) forward(0);
    for (std::int64_t i = 0; i <= depth_; ++i) forward(0), forward(1);
    for (std::int64_t i = 0; i < inner_; ++i) split(1), weights(), forward(1);
  }

  void steady() {
    for (std::int64_t i = 0; i <= each_ - pipeline_ + depth_; ++i) {
      // The two ranks in the middle wait for each other's first passes: apart they come sooner.
      if (i == 0 && inner_ == 0)
        forward(0), whole(1);
      else
        both(0, 1);
      both(1, 0);
    }
  }

  // No forward passes of direction 0 are left, then none of direction 1. From the middle of what
  // then remains on, weight gradients wait until the last input gradients are on their way.
  void drain() {
    for (std::int64_t i = 0; i < inner_; ++i) whole(1), both(1, 0);
    const std::int64_t middle = (depth_ + 1) / 2;
    for (std::int64_t i = 0; i <= depth_; ++i) {
      if (i > middle || (i == middle && depth_ % 2 == 1))
        split(1);
      else
        whole(1);
      if (i >= middle)
        split(0);
      else
        whole(0);
    }
    for (std::int64_t i = 0; i < inner_; ++i) weights(), split(0);
    while (!pending_.empty()) weights();
  }

  void forward(std::int64_t direction) {
    passes_.push_back(pass_of(PassKind::forward, direction, next_forward(direction)));
  }
  void whole(std::int64_t direction) {
    passes_.push_back(pass_of(PassKind::backward, direction, next_backward(direction)));
  }
  void split(std::int64_t direction) {
    passes_.push_back(pass_of(PassKind::input_gradient, direction, next_backward(direction)));
    pending_.push_back(pass_of(PassKind::weight_gradient, direction, passes_.back().micro_batch));
  }
  void weights() {
    passes_.push_back(pending_.front());
    pending_.pop_front();
  }
  void both(std::int64_t there, std::int64_t back) {
    Pass pass = pass_of(PassKind::both, there, next_forward(there));
    pass.back_chunk = back;
    pass.back_micro_batch = next_backward(back);
    passes_.push_back(pass);
  }

  std::int64_t next_forward(std::int64_t direction) { return forwards_[direction]++; }
  std::int64_t next_backward(std::int64_t direction) { return backwards_[direction]++; }

  std::int64_t depth_;  // ranks between this one and its end
  std::int64_t inner_;  // and the middle
  std::int64_t pipeline_, each_;
  std::int64_t forwards_[2] = {0, 0}, backwards_[2] = {0, 0};
  std::vector<Pass> passes_;
  std::deque<Pass> pending_;
};

}  // namespace

std::vector<Pass> dual_pipe(std::int64_t rank, std::int64_t pipeline, std::int64_t micro_batches) {
  assert(pipeline % 2 == 0 && micro_batches % 2 == 0 && micro_batches >= 2 * pipeline);
  const bool second_half = rank >= pipeline / 2;
  const std::int64_t depth = second_half ? pipeline - 1 - rank : rank;
  std::vector<Pass> schedule = DualPipeOrder(depth, pipeline, micro_batches).order();
  // Directions by the end of the pipeline instead of by the rank's own end, and micro-batches
  // numbered through.
  const auto place = [&](std::int64_t& chunk, std::int64_t& micro_batch) {
    if (second_half) chunk = 1 - chunk;
    micro_batch += chunk * (micro_batches / 2);
  };
  for (Pass& pass : schedule) {
    place(pass.chunk, pass.micro_batch);
    if (pass.kind == PassKind::both) place(pass.back_chunk, pass.back_micro_batch);
  }
  return schedule;
}

double most_held(const std::vector<Pass>& schedule, const std::vector<KeptByChunk>& kept) {
  double held = 0, most = 0;
  for (const Pass& pass : schedule) {
    if (pass.goes_forward()) held += kept[static_cast<std::size_t>(pass.chunk)].activations;
    most = std::max(most, held);
    const KeptByChunk& back = kept[static_cast<std::size_t>(pass.gradient_chunk())];
    if (pass.goes_back()) held -= back.activations;
    if (pass.kind == PassKind::input_gradient) held += back.until_weights;
    if (pass.kind == PassKind::weight_gradient) held -= back.until_weights;
    most = std::max(most, held);
  }
  return most;
}

std::int64_t most_in_flight(const std::vector<Pass>& schedule) {
  std::int64_t held = 0, most = 0;
  for (const Pass& pass : schedule) {
    if (pass.goes_forward()) most = std::max(most, ++held);
    if (pass.goes_back()) --held;
  }
  return most;
}

}  // namespace headroom
