// Steps in closed form: no SystemC, nothing elaborated, as many in a process as one likes.
#pragma once

#include <memory>
#include <vector>

#include "models/chip/kernel_costs.h"
#include "models/network/collective_model.h"
#include "sim/engine/simulate.h"
#include "sim/engine/step.h"
#include "sim/mapping/kernels.h"

namespace headroom {

// Whether every block that has an analytic fidelity is to be computed. The vector units' time is a
// closed form at either.
[[nodiscard]] bool is_analytic(const FidelityChoice& fidelity);

// Evaluates experiments that differ in model and plan only: one chip, cluster, stack and format.
// What products, kernels and collectives cost is worked out once for all of them.
class AnalyticEngine {
 public:
  explicit AnalyticEngine(const Experiment& experiment);
  AnalyticEngine(const AnalyticEngine&) = delete;
  AnalyticEngine& operator=(const AnalyticEngine&) = delete;
  ~AnalyticEngine() = default;

  // The chip's memory need not suffice. Throws InputError where the plan cannot be mapped.
  [[nodiscard]] Outcome step(const Experiment& experiment, Tracing tracing = Tracing::off);
  // Only how long the step takes, stragglers left out.
  [[nodiscard]] double step_time(const Experiment& experiment);

  [[nodiscard]] const KernelMapper& mapper() const { return mapper_; }
  [[nodiscard]] const std::shared_ptr<network::CollectiveModel>& network() const {
    return network_;
  }
  [[nodiscard]] const std::shared_ptr<KernelCosts>& costs() const { return costs_; }

 private:
  [[nodiscard]] Step played(const Experiment& experiment, Tracing tracing);

  Experiment base_;
  KernelMapper mapper_;
  std::shared_ptr<network::CollectiveModel> network_;
  std::shared_ptr<KernelCosts> costs_;
  std::vector<BytesPerSecond> links_;  // rates, by class
};

}  // namespace headroom
