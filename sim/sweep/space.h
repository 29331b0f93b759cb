// The points of a sweep, in order.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/sweep/sweep_file.h"

namespace headroom::sweep {

// One configuration: what it sets beside what is fixed, and the same as cells of a table.
struct Point {
  std::vector<config::Assignment> assignments;
  std::vector<Cell> cells;
};

// Points are made when they are asked for, so that a million of them take no memory to speak of.
class Space {
 public:
  // More points than a million without a `limit` are an InputError at the axes; with one there are
  // at most that many, the first that meet the conditions. `lookup` values of keys that are no axis
  // come from the base with what is fixed. A condition's mistakes are InputErrors.
  Space(const Sweep& sweep, const config::ConfigPaths& paths,
        std::optional<std::int64_t> limit = {});

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Point operator[](std::size_t index) const;

 private:
  [[nodiscard]] Point grid_point(std::uint64_t place) const;
  [[nodiscard]] Point drawn_point(std::size_t draw) const;
  [[nodiscard]] bool is_wanted(const Point& point) const;
  void add(const Axis& axis, const config::Node& value, Point& point) const;
  void list_grid(std::optional<std::int64_t> limit);
  void draw(std::optional<std::int64_t> limit);

  const Sweep& sweep_;
  config::Node base_;
  std::vector<std::string> columns_;
  // Of a grid with conditions: the places of its points. Of a sample: a share of each group's way,
  // point by point.
  std::vector<std::uint64_t> places_;
  std::vector<double> shares_;
  std::size_t size_ = 0;
};

// Digest of what every point's outcome depends on beside its experiment: the running program, what
// is done at a point, and the files of configs/ that simulations read by themselves.
[[nodiscard]] std::string setting_of(const Sweep& sweep, const config::ConfigPaths& paths);

}  // namespace headroom::sweep
