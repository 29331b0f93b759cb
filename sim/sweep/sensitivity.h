// What each number of a chip and its cluster is worth: one at a time by 10 % and by 2.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/config/load.h"

namespace headroom::sweep {

inline constexpr std::array<double, 4> factors{0.9, 1.1, 0.5, 2};

// What a result is worth, over that of the experiment as it is; nothing where the model does not
// say.
struct Effect {
  std::optional<double> throughput;  // tokens/s
  std::optional<double> tokens_per_joule;
  std::optional<double> tokens_per_dollar;
  std::string reason;  // why there is no result, "" where there is one
};

struct Lever {
  std::string path;   // "chip.hbm.bandwidth"; of several that move together, what they share
  std::string value;  // in SI; "" of several
  std::array<Effect, factors.size()> effects;  // in the order of `factors`
  // d log(throughput) / d log(value) between 0.9 and 1.1: 1 where the step is proportional.
  double elasticity = 0;
};

struct Sensitivity {
  std::string experiment;
  double tokens_per_s = 0;
  std::optional<double> joules_per_token, usd_per_million_tokens;
  std::vector<Lever> levers;  // the largest elasticity first, by amount
};

// Levers are the numbers of the chip and of the cluster's network; whole numbers are none, since
// there is no chip with 10 % more rows. The clocks move together.
// Throws what load_experiment() and simulate() throw of the experiment as it is. `fidelity`:
// "analytic" or "cycle".
[[nodiscard]] Sensitivity sensitivity(
    const std::filesystem::path& file, const config::ConfigPaths& paths,
    const std::vector<std::string>& assignments, const std::string& fidelity);

}  // namespace headroom::sweep
