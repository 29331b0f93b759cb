// Which points of a sweep no other one beats.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/sweep/store.h"

namespace headroom::sweep {

enum class Goal { least, most };
inline constexpr std::array<std::string_view, 2> goal_names{"least", "most"};

// A quantity to compare by: an axis, or a number of the results by its path.
struct Objective {
  std::string path;
  Goal goal = Goal::most;
};

struct Candidate {
  double x = 0, y = 0;
  Row row;  // without the result
};

struct Front {
  std::vector<Candidate> points;  // by x, the best first; equal ones once each
  std::int64_t compared = 0;      // rows that have both numbers
  std::int64_t without = 0;       // results where one is null or missing
};

// A point is on the front where no other is at least as good in both and better in one.
[[nodiscard]] Front pareto(Store& store, const Objective& x, const Objective& y);

// Of candidates in any order, those on the front.
[[nodiscard]] std::vector<Candidate> front_of(std::vector<Candidate> candidates, Goal x, Goal y);

}  // namespace headroom::sweep
