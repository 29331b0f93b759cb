#include "sim/search/search.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "sim/config/error.h"
#include "sim/engine/analytic_step.h"
#include "sim/search/bound.h"
#include "sim/search/plans.h"

namespace headroom::search {

namespace {

struct Candidate {
  Plan plan;
  double bound_s = 0;
};

class Search {
 public:
  Search(const Experiment& experiment, std::size_t top)
      : experiment_(as_computed(experiment)),
        given_(experiment_.plan),
        top_(top),
        engine_(experiment_),
        bound_(experiment_, engine_.mapper(), engine_.network(), engine_.costs()) {}

  Outcome run(const std::function<void(std::size_t, std::size_t)>& progress) {
    std::vector<Plan> plans = legal_plans(experiment_);
    outcome_.legal = plans.size();
    judge_given();
    std::vector<Candidate> candidates = those_that_fit(plans);
    std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
      return a.bound_s < b.bound_s;
    });
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (outcome_.best.size() == top_ && candidates[i].bound_s > outcome_.best.back().step_s)
        break;
      if (progress && i % 64 == 0) progress(i, candidates.size());
      consider(candidates[i]);
    }
    if (progress) progress(candidates.size(), candidates.size());
    for (Found& found : outcome_.best) add_result(found);
    return std::move(outcome_);
  }

 private:
  static Experiment as_computed(const Experiment& experiment) {
    Experiment computed = experiment;
    computed.fidelity = all_analytic;
    return computed;
  }

  void judge_given() {
    experiment_.plan = given_;
    const bool fits = peak_memory(experiment_).total() <= experiment_.chip.hbm.capacity.si();
    if (!fits && !experiment_.allow_misfit) return;
    try {
      Found given{given_, engine_.step_time(experiment_), bound_(given_), {}};
      add_result(given);
      outcome_.given = std::move(given);
    } catch (const InputError&) {
      // Its stages have unequal layers: there is nothing to compare with.
    }
  }

  // Placement does not change what a chip keeps.
  std::vector<Candidate> those_that_fit(const std::vector<Plan>& plans) {
    using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                           std::int64_t, Sharding, Recompute>;
    std::map<Key, double> known;
    std::vector<Candidate> candidates;
    for (const Plan& plan : plans) {
      experiment_.plan = plan;
      const Key key{plan.tensor,        plan.pipeline,    plan.virtual_pipeline, plan.expert,
                    plan.expert_tensor, plan.micro_batch, plan.sharding,         plan.recompute};
      const auto [need, is_new] = known.try_emplace(key, 0);
      if (is_new) {
        const MemoryNeed exact = peak_memory(experiment_);
        need->second = exact.total();
        if (!outcome_.smallest || exact.total() < outcome_.least_need.total())
          outcome_.smallest = plan, outcome_.least_need = exact;
      }
      if (need->second > experiment_.chip.hbm.capacity.si()) continue;
      try {
        candidates.push_back({plan, bound_(plan)});
      } catch (const InputError&) {
        ++outcome_.unmapped;
      }
    }
    outcome_.fitted = candidates.size();
    if (outcome_.fitted > 0) outcome_.smallest.reset();
    return candidates;
  }

  void consider(const Candidate& candidate) {
    experiment_.plan = candidate.plan;
    ++outcome_.evaluated;
    const double step = engine_.step_time(experiment_);
    if (outcome_.best.size() == top_ && step >= outcome_.best.back().step_s) return;
    const auto behind = std::upper_bound(
        outcome_.best.begin(), outcome_.best.end(), step,
        [](double seconds, const Found& found) { return seconds < found.step_s; });
    outcome_.best.insert(behind, {candidate.plan, step, candidate.bound_s, {}});
    if (outcome_.best.size() > top_) outcome_.best.pop_back();
  }

  void add_result(Found& found) {
    experiment_.plan = found.plan;
    found.result = engine_.step(experiment_).result;
  }

  Experiment experiment_;
  Plan given_;
  std::size_t top_;
  AnalyticEngine engine_;
  StepBound bound_;
  Outcome outcome_;
};

}  // namespace

Outcome find_plans(const Experiment& experiment, std::size_t top,
                   const std::function<void(std::size_t done, std::size_t all)>& progress) {
  return Search(experiment, top).run(progress);
}

}  // namespace headroom::search
