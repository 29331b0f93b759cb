// A lower bound of a plan's step time, in a fraction of what the step itself takes to evaluate.
//
// Every pass takes at least its kernels, each alone on the chip, the gaps before them, and the
// exchanges of the tensor and expert groups that it waits for at once, each alone on the links.
// Whatever runs beside them can only slow them; passes that run together (dualpipe) may hide their
// exchanges behind each other, so that only kernels count there. With F and B of a micro-batch for
// every chunk, rank r of a 1F1B pipeline cannot start before chunks 0 … r - 1 have been forward,
// makes both passes for every micro-batch of all of its chunks, and is followed by the backward
// passes of chunks r - 1 … 0:
//   step >= max over r of: sum over c < r of (F_c + B_c) + micro-batches x sum over chunks of r
// Narayanan et al. 2021, section 2.2, has the same for equal stages: (m + p - 1) (F + B). Of other
// schedules the work of the busiest rank counts, and nothing before and after it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "models/chip/kernel_costs.h"
#include "models/network/collective_model.h"
#include "sim/config/experiment.h"
#include "sim/mapping/kernels.h"
#include "sim/mapping/schedule.h"
#include "sim/mapping/stages.h"

namespace headroom::search {

class StepBound {
 public:
  // What is passed outlives the bound; `experiment` says everything but the plan.
  StepBound(const Experiment& experiment, const KernelMapper& mapper,
            std::shared_ptr<network::CollectiveModel> network, std::shared_ptr<KernelCosts> costs);

  // Seconds that a step of the experiment takes at least under `plan`.
  [[nodiscard]] double operator()(const Plan& plan);

 private:
  // Of one micro-batch, forward and backward together.
  struct Parts {
    std::map<LayerKind, double> layers;
    double embedding = 0, head = 0;
  };
  // All that they depend on: tensor, expert, expert_tensor, micro-batch, recomputation, whether
  // weights are cast whenever they are gathered or how often else, whether exchanges count, and
  // where tensor and expert groups lie.
  using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, int, bool,
                         std::int64_t, bool, std::int64_t, std::int64_t>;

  [[nodiscard]] const Parts& parts_of(const Plan& plan);
  [[nodiscard]] const std::vector<std::vector<LayerRun>>& layers_of(std::int64_t chunks);

  Experiment experiment_;
  const KernelMapper& mapper_;
  std::shared_ptr<network::CollectiveModel> network_;
  std::shared_ptr<KernelCosts> costs_;
  std::map<Key, Parts> parts_;
  std::map<std::int64_t, std::vector<std::vector<LayerRun>>> layers_;
};

}  // namespace headroom::search
