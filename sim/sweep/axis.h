// Axes of a sweep: a key of the experiment and the values that it takes.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sim/config/node.h"

namespace headroom::sweep {

// A value in a table: a number (quantities in SI) or a word.
using Cell = std::variant<double, std::string>;

// What a scalar of a file is in a table; lists and mappings are their JSON.
[[nodiscard]] Cell cell_of(const config::Node& value);
// Numbers by shortest round trip.
[[nodiscard]] std::string to_text(const Cell& cell);

// From one end to the other, both included; evenly or by equal factors.
struct Range {
  double low = 0, high = 0;  // as written, in `unit`
  std::string unit;          // "" of a bare number
  bool logarithmic = false;
  bool whole = false;  // values are rounded to whole numbers

  // At `share` (0 to 1) of the way, as a file would say it: "3.35 TB/s".
  [[nodiscard]] std::string at(double share) const;
};

struct Axis {
  std::string path;                      // "chip.hbm.bandwidth"
  Position at;                           // of the path in the file
  std::vector<config::Node> values;      // listed, or the steps of the range
  std::optional<Range> range;            // of an axis that is given by its ends
  std::optional<Position> has_no_steps;  // where they would stand: such a range can only be sampled

  [[nodiscard]] config::Assignment assignment(const config::Node& value) const {
    return config::Assignment::of(path, value, at);
  }
};

// Reads `path: [1, 2, 4]` or `path: {from: 1 TB/s, to: 8 TB/s, step: 1 TB/s}` (or count: 8, with
// log: true by equal factors). Whether the path names a key of an experiment is checked against its
// schema. Throws InputError: no such key, no or repeated values, ends of different dimensions, a
// range that never ends or has more than a million steps.
[[nodiscard]] Axis read_axis(const std::string& path, const config::Node& values, Position at);

}  // namespace headroom::sweep
