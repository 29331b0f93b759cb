#include "sim/search/plans.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string>

#include "sim/config/error.h"
#include "sim/config/node.h"
#include "sim/config/plan.h"

namespace headroom::search {

namespace {

std::vector<std::int64_t> divisors(std::int64_t number) {
  std::vector<std::int64_t> low, high;
  for (std::int64_t i = 1; i * i <= number; ++i) {
    if (number % i != 0) continue;
    low.push_back(i);
    if (i * i < number) high.push_back(number / i);
  }
  low.insert(low.end(), high.rbegin(), high.rend());
  return low;
}

// Orders of the dimensions that place some group elsewhere.
std::vector<std::vector<PlanDimension>> placements(const Plan& plan) {
  std::vector<PlanDimension> order;
  for (std::size_t i = 0; i < plan_dimension_names.size(); ++i)
    order.push_back(static_cast<PlanDimension>(i));
  std::vector<std::vector<PlanDimension>> result;
  std::set<std::vector<PlanDimension>> met;
  do {
    std::vector<PlanDimension> large;
    std::copy_if(order.begin(), order.end(), std::back_inserter(large),
                 [&](PlanDimension dimension) { return plan.size(dimension) > 1; });
    if (met.insert(large).second) result.push_back(order);
  } while (std::next_permutation(order.begin(), order.end()));
  return result;
}

class Lister {
 public:
  explicit Lister(const Experiment& experiment)
      : scratch_(experiment),
        given_(experiment.plan),
        nothing_(config::Node::parse("{}", "plan")) {}

  std::vector<Plan> list() {
    Plan plan = given_;
    plan.virtual_pipeline = plan.expert = 1;
    plan.expert_tensor = plan.shard_group = plan.recompute_layers = 0;
    // 1f1b in chunks is what interleaved means.
    if (plan.schedule == Schedule::interleaved) plan.schedule = Schedule::one_forward_one_backward;
    const std::int64_t chips = scratch_.cluster.chips / given_.context;
    for (const std::int64_t tensor : divisors(chips)) {
      plan.tensor = tensor;
      if (!divides_model(plan)) continue;
      for (const std::int64_t pipeline : divisors(chips / tensor)) {
        if (pipeline > most_chunks()) break;
        plan.pipeline = pipeline;
        plan.data = chips / tensor / pipeline;
        if (given_.global_batch % plan.data == 0) batches(plan);
      }
    }
    return std::move(plans_);
  }

 private:
  [[nodiscard]] std::int64_t most_chunks() const { return scratch_.model.layers + 2; }

  // With one chip for each other dimension: whether `tensor` alone is in the way.
  bool divides_model(Plan plan) {
    plan.pipeline = plan.micro_batch = 1;
    plan.schedule = Schedule::one_forward_one_backward;
    plan.data = scratch_.cluster.chips / given_.context / plan.tensor;
    plan.global_batch = plan.data;
    return is_legal(plan);
  }

  void batches(Plan plan) {
    for (const std::int64_t micro_batch : divisors(plan.global_batch / plan.data)) {
      plan.micro_batch = micro_batch;
      const std::int64_t most = plan.pipeline == 1 ? 1 : most_chunks() / plan.pipeline;
      for (std::int64_t chunks = 1; chunks <= most; ++chunks) {
        plan.virtual_pipeline = chunks;
        if (is_legal(plan)) experts(plan);
      }
    }
  }

  void experts(Plan plan) {
    if (scratch_.model.experts.count == 0) return memory(plan);
    for (const std::int64_t expert : divisors(scratch_.model.experts.count))
      for (const std::int64_t split : std::set<std::int64_t>{1, plan.tensor}) {
        plan.expert = expert;
        plan.expert_tensor = split;
        memory(plan);
      }
  }

  void memory(Plan plan) {
    for (const std::vector<PlanDimension>& placement : placements(plan)) {
      plan.placement = placement;
      if (!is_legal(plan)) continue;
      for (const Sharding sharding :
           {Sharding::none, Sharding::zero1, Sharding::zero2, Sharding::zero3}) {
        if (sharding != Sharding::none && plan.replicas() == 1) break;
        plan.sharding = sharding;
        const std::int64_t group = given_.shard_group;
        const bool divides = group > 0 && plan.replicas() % group == 0;
        plan.shard_group = sharding != Sharding::none && divides ? group : 0;
        for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full}) {
          plan.recompute = recompute;
          plan.recompute_layers = recompute == Recompute::none ? 0 : given_.recompute_layers;
          plans_.push_back(plan);
        }
      }
    }
  }

  bool is_legal(const Plan& plan) {
    scratch_.plan = plan;
    try {
      config::check_plan(scratch_, nothing_["plan"]);
    } catch (const InputError&) {
      return false;
    }
    scratch_.warnings.clear();
    return true;
  }

  Experiment scratch_;
  Plan given_;
  config::Node nothing_;
  std::vector<Plan> plans_;
};

}  // namespace

std::vector<Plan> legal_plans(const Experiment& experiment) { return Lister(experiment).list(); }

std::string words(const Plan& plan) {
  std::string text = fmt::format("tensor {}, pipeline {}", plan.tensor, plan.pipeline);
  if (plan.virtual_pipeline > 1) text += fmt::format(" x {} chunks", plan.virtual_pipeline);
  if (plan.schedule == Schedule::zb_h1 || plan.schedule == Schedule::dualpipe)
    text += fmt::format(" {}", to_string(plan.schedule));
  text += fmt::format(", data {}", plan.data);
  if (plan.context > 1) text += fmt::format(", context {}", plan.context);
  if (plan.expert > 1) text += fmt::format(", expert {}", plan.expert);
  if (plan.expert_tensor > 1) text += fmt::format(" x {} tensor", plan.expert_tensor);
  std::vector<std::string_view> order;
  for (const PlanDimension dimension : plan.placement)
    if (plan.size(dimension) > 1)
      order.push_back(plan_dimension_names[static_cast<std::size_t>(dimension)]);
  return text +
         fmt::format(", sharding {}, recompute {}, micro-batch {}, placement {}",
                     to_string(plan.sharding), recompute_words(plan), plan.micro_batch,
                     order.empty() ? "of one chip" : fmt::format("{}", fmt::join(order, " ")));
}

}  // namespace headroom::search
