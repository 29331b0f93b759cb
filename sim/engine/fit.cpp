// Whether an experiment fits in HBM, and what would make it fit.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/config/error.h"
#include "sim/engine/simulate.h"
#include "sim/mapping/memory.h"

namespace headroom {

void check_memory(const Experiment& experiment) {
  constexpr double giga = 1e9;
  const MemoryNeed need = peak_memory(experiment);
  const double capacity = experiment.chip.hbm.capacity.si();
  if (need.total() <= capacity) return;
  const std::vector<std::string> changes = changes_that_fit(experiment);
  const std::string found = fmt::format(
      "{:.1f} GB on a chip of pipeline rank {} (weights {:.1f}, gradients {:.1f}, optimizer "
      "{:.1f}, activations {:.1f})",
      need.total() / giga, need.rank, need.weights_bytes / giga, need.gradients_bytes / giga,
      need.optimizer_bytes / giga, need.activations_bytes / giga);
  const std::string expected = fmt::format(
      "at most the {:.1f} GB of HBM of {}, {:.1f} GB less; {}", capacity / giga, experiment.chip.id,
      (need.total() - capacity) / giga,
      changes.empty()
          ? "no single change of recompute, sharding or micro_batch makes it fit: use more chips"
          : fmt::format("these would fit: {}", fmt::join(changes, ", ")));
  throw InputError(experiment.plan_at, "plan", found, expected);
}

}  // namespace headroom
