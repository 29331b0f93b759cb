#include "sim/sweep/space.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "sim/config/load.h"
#include "sim/report/numbers.h"
#include "sim/sweep/draw.h"

namespace headroom::sweep {

using config::Node;

namespace {

constexpr std::uint64_t most_points = 1'000'000;
// Places of a grid that are looked at for points that meet the conditions.
constexpr std::uint64_t most_places = 100'000'000;

// Saturates: nobody counts further.
std::uint64_t product(const Sweep& sweep) {
  std::uint64_t points = 1;
  for (const auto& group : sweep.groups) {
    const std::uint64_t values = group.front().values.size();
    if (points > std::numeric_limits<std::uint64_t>::max() / values)
      return std::numeric_limits<std::uint64_t>::max();
    points *= values;
  }
  return points;
}

// The value of a key that is no axis.
Cell base_value(const Node& base, const std::string& key, const Condition& condition,
                const std::vector<std::string>& columns) {
  Node node = base;
  for (std::size_t begin = 0; begin <= key.size();) {
    const std::size_t end = std::min(key.find('.', begin), key.size());
    node = node.is_mapping() ? node[key.substr(begin, end - begin)] : base["no such key"];
    begin = end + 1;
  }
  if (!node.exists())
    condition.node().fail(
        config::in_quotes(key) + ", neither an axis nor a key that the base states",
        "an axis, such as " + columns.front(), nearest(key, columns));
  return cell_of(node);
}

}  // namespace

Space::Space(const Sweep& sweep, const config::ConfigPaths& paths,
             std::optional<std::int64_t> limit)
    : sweep_(sweep),
      base_(ExperimentReader(sweep.base, paths).document(sweep.fixed)),
      columns_(sweep.columns()) {
  if (sweep.sample)
    draw(limit);
  else
    list_grid(limit);
}

void Space::list_grid(std::optional<std::int64_t> limit) {
  const std::uint64_t all = product(sweep_);
  if (!limit && all > most_points)
    throw InputError(
        sweep_.axes_at.value_or(Position{sweep_.name, 1, 1}), "axes",
        fmt::format("{} points", grouped(static_cast<double>(all))),
        fmt::format("at most {}, or --limit N for the first N of them",
                    grouped(static_cast<double>(most_points))));
  const std::uint64_t wanted = limit ? static_cast<std::uint64_t>(*limit) : most_points;
  if (sweep_.where.empty()) {
    size_ = std::min(all, wanted);
    return;
  }
  for (std::uint64_t place = 0; place < std::min(all, most_places); ++place) {
    if (places_.size() == wanted) break;
    if (is_wanted(grid_point(place))) places_.push_back(place);
  }
  size_ = places_.size();
}

void Space::draw(std::optional<std::int64_t> limit) {
  const std::size_t groups = sweep_.groups.size();
  const std::vector<double> drawn = draw_shares(*sweep_.sample, groups);
  const std::size_t wanted = limit ? static_cast<std::size_t>(*limit) : drawn.size();
  for (std::size_t i = 0; i < drawn.size() / groups && size_ < wanted; ++i) {
    const auto first = drawn.begin() + static_cast<std::ptrdiff_t>(i * groups);
    shares_.insert(shares_.end(), first, first + static_cast<std::ptrdiff_t>(groups));
    if (sweep_.where.empty() || is_wanted(drawn_point(size_)))
      ++size_;
    else
      shares_.resize(size_ * groups);
  }
}

Point Space::operator[](std::size_t index) const {
  if (sweep_.sample) return drawn_point(index);
  return grid_point(sweep_.where.empty() ? index : places_[index]);
}

void Space::add(const Axis& axis, const Node& value, Point& point) const {
  point.assignments.push_back(axis.assignment(value));
  point.cells.push_back(cell_of(value));
}

Point Space::grid_point(std::uint64_t place) const {
  std::vector<std::size_t> digits(sweep_.groups.size());
  for (std::size_t g = digits.size(); g-- > 0;) {
    const std::uint64_t values = sweep_.groups[g].front().values.size();
    digits[g] = static_cast<std::size_t>(place % values);
    place /= values;
  }
  Point point;
  for (std::size_t g = 0; g < digits.size(); ++g)
    for (const Axis& axis : sweep_.groups[g]) add(axis, axis.values[digits[g]], point);
  return point;
}

Point Space::drawn_point(std::size_t draw) const {
  Point point;
  for (std::size_t g = 0; g < sweep_.groups.size(); ++g) {
    const double share = shares_[draw * sweep_.groups.size() + g];
    for (const Axis& axis : sweep_.groups[g]) {
      if (axis.range) {
        add(axis, Node::scalar(axis.range->at(share), axis.at), point);
        continue;
      }
      const auto count = static_cast<double>(axis.values.size());
      add(axis, axis.values[static_cast<std::size_t>(share * count)], point);
    }
  }
  return point;
}

bool Space::is_wanted(const Point& point) const {
  return std::all_of(sweep_.where.begin(), sweep_.where.end(), [&](const Condition& condition) {
    return condition.holds([&](const std::string& key) {
      const auto column = std::find(columns_.begin(), columns_.end(), key);
      if (column == columns_.end()) return base_value(base_, key, condition, columns_);
      return point.cells[static_cast<std::size_t>(column - columns_.begin())];
    });
  });
}

}  // namespace headroom::sweep
