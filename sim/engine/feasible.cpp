// Whether an experiment can run at all: its memory, with what would make it fit, and its RTL
// variants.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/config/error.h"
#include "sim/engine/array_cost.h"
#include "sim/engine/simulate.h"
#include "sim/mapping/memory.h"

namespace headroom {

namespace {

void check_memory(const Experiment& experiment) {
  constexpr double giga = 1e9;
  const MemoryNeed need = peak_memory(experiment);
  const double capacity = experiment.chip.hbm.capacity.si();
  if (need.total() <= capacity || experiment.allow_misfit) return;
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

void check_fidelity(const Experiment& experiment) {
  try {
    static_cast<void>(make_array(experiment, experiment.fidelity.matrix_engine));
  } catch (const UnavailableFidelity& error) {
    throw InputError(
        experiment.matrix_engine_at, "fidelity.matrix_engine",
        fmt::format("{} for the {} arrays of {}", to_string(experiment.fidelity.matrix_engine),
                    error.found(), experiment.chip.id),
        fmt::format("analytic or cycle; rtl is built for {}", error.available()));
  }
}

}  // namespace

void check_feasible(const Experiment& experiment) {
  check_memory(experiment);
  check_fidelity(experiment);
}

}  // namespace headroom
