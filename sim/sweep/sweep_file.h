// A sweep as its file describes it (docs/sweeps.md).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/quantity.h"
#include "sim/config/paths.h"
#include "sim/sweep/axis.h"
#include "sim/sweep/condition.h"

namespace headroom::sweep {

// What is done at a point: the step under the plan of the experiment, or under the fastest one that
// fits (sim/search).
enum class PlanChoice { fixed, best };
inline constexpr std::array<std::string_view, 2> plan_choice_names{"fixed", "best"};

enum class Method { random, latin_hypercube };
inline constexpr std::array<std::string_view, 2> method_names{"random", "latin_hypercube"};

struct Sample {
  Method method = Method::latin_hypercube;
  std::int64_t count = 0;
  std::int64_t seed = 1;
};

// For each process that works on points.
struct Limits {
  Seconds time{600};  // of one point
  Bytes memory{4e9};  // of the process
};

struct Sweep {
  std::string name;  // of the file
  std::filesystem::path base;
  std::vector<config::Assignment> fixed;  // laid over the base at every point
  // Axes of one group take their values together, groups are crossed, the last one varies fastest.
  std::vector<std::vector<Axis>> groups;
  std::vector<Condition> where;
  std::optional<Sample> sample;
  PlanChoice plan = PlanChoice::fixed;
  Limits limits;
  std::optional<Position> axes_at;

  // In the order of the file.
  [[nodiscard]] std::vector<std::string> columns() const;
};

// Reads and checks a sweep; the base experiment is read with it. Throws InputError at the place of
// a mistake.
[[nodiscard]] Sweep load_sweep(const std::filesystem::path& file, const config::ConfigPaths& paths);

}  // namespace headroom::sweep
