// Constants turned within their ranges until predictions lie closest to published runs.
//
// The measure is the mean absolute logarithm of predicted over published throughput, over the runs
// that are compared; a run counts by how far it is off, not by whether it is too fast or too slow.
// One constant after another goes to the least of it within its range (golden section; Press et
// al., Numerical Recipes, 10.2), and all of them once more. Analytic, and the same for the same
// files.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/validation/constants.h"
#include "sim/validation/resolve.h"

namespace headroom::validation {

struct Fitted {
  Constant constant;     // as its file has it
  std::string value;     // with the unit of the range
  std::size_t runs = 0;  // that are resolved with its file
};

struct Fit {
  std::vector<Fitted> constants;
  std::size_t runs = 0;  // that are compared
  // Mean absolute errors in per cent, of throughput, with the files' values and with those above.
  double before_pct = 0, after_pct = 0;
};

// "FILE:KEY", "stacks/megatron-deepspeed:launch", out of constants(). Throws std::invalid_argument
// that says what is wrong with the words: no such constant (with the nearest), or no range of two
// numbers in one unit.
[[nodiscard]] std::vector<Constant> constants_to_fit(
    const std::vector<std::string>& words, const std::vector<Constant>& all);

[[nodiscard]] Fit fit(
    const std::vector<PublishedRun>& runs, const Context& context,
    const std::vector<Constant>& constants,
    const std::function<void(std::size_t steps_left)>& progress = {});

[[nodiscard]] std::string text(const Fit& fit);

}  // namespace headroom::validation
