#include "sim/sweep/pareto.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "sim/sweep/export.h"

namespace headroom::sweep {
namespace {

std::optional<double> value_of(const Row& row, const Store& store, const std::string& path) {
  const auto axis = std::find(store.axes().begin(), store.axes().end(), path);
  if (axis == store.axes().end()) return number_at(row.result, path);
  const Cell& cell = row.cells[static_cast<std::size_t>(axis - store.axes().begin())];
  const double* number = std::get_if<double>(&cell);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

}  // namespace

std::vector<Candidate> front_of(std::vector<Candidate> candidates, Goal x, Goal y) {
  const auto less = [](Goal goal, double value) { return goal == Goal::least ? value : -value; };
  std::stable_sort(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
    return std::pair(less(x, a.x), less(y, a.y)) < std::pair(less(x, b.x), less(y, b.y));
  });
  std::vector<Candidate> front;
  double best = std::numeric_limits<double>::infinity();
  for (Candidate& candidate : candidates) {
    const bool is_equal = !front.empty() && front.back().x == candidate.x &&
                          front.back().y == candidate.y;
    if (less(y, candidate.y) >= best && !is_equal) continue;
    best = less(y, candidate.y);
    front.push_back(std::move(candidate));
  }
  return front;
}

Front pareto(Store& store, const Objective& x, const Objective& y) {
  Front front;
  std::vector<Candidate> candidates;
  store.each([&](const Row& row) {
    if (row.status != Status::ok) return;
    const auto at_x = value_of(row, store, x.path), at_y = value_of(row, store, y.path);
    if (!at_x || !at_y) {
      ++front.without;
      return;
    }
    candidates.push_back({*at_x, *at_y, row});
    candidates.back().row.result.clear();
  });
  front.compared = static_cast<std::int64_t>(candidates.size());
  front.points = front_of(std::move(candidates), x.goal, y.goal);
  return front;
}

}  // namespace headroom::sweep
