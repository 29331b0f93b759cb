#include "sim/sweep/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/config/kind.h"
#include "sim/config/units.h"
#include "sim/sweep/key.h"

namespace headroom::sweep {

using config::Measure;
using config::Node;

namespace {

constexpr double most_steps = 1'000'000;

// A number with or without unit; another dimension than that of `like` is an error.
Measure read_end(const Node& node, const Measure* like) {
  const auto measure = node.is_scalar() ? config::measure_of(node.text()) : std::nullopt;
  if (!measure) node.expected("a number or a quantity such as 3.35 TB/s");
  if (like != nullptr && measure->dimension != like->dimension)
    node.expected(
        like->dimension ? config::example_of(*like->dimension) : "a number without a unit");
  return *measure;
}

// `measure` in the unit of `like`, which has that dimension.
double in_unit_of(const Measure& measure, const Measure& like) {
  if (measure.unit == like.unit) return measure.number;
  const double unit = config::measure_of("1 " + like.unit)->si;
  return measure.si / unit;
}

// How many values there are from end to end.
std::size_t count_steps(const Node& given, const Range& range, const Measure& from) {
  const Node step = given["step"], count = given["count"];
  if (step.exists() && count.exists()) step.fail("a step beside a count", "one of the two");
  if (count.exists()) {
    const auto number = count.integer(1, static_cast<std::int64_t>(most_steps));
    if (number == 1 && range.low != range.high)
      count.expected("at least 2 values, for two ends that differ");
    return static_cast<std::size_t>(number);
  }
  if (range.logarithmic) step.expected("no step: a range by equal factors has a count");
  const double by = in_unit_of(read_end(step, &from), from);
  const double steps = by == 0 ? INFINITY : (range.high - range.low) / by;
  if (!(steps >= 0) || steps > most_steps)
    step.fail(fmt::format("'{}', with which the range never ends", step.text()),
              fmt::format("a step that leads from {} to {} at most {:.0f} times", range.at(0),
                          range.at(1), most_steps));
  constexpr double rounding = 1e-9;
  return static_cast<std::size_t>(std::floor(steps * (1 + rounding) + rounding)) + 1;
}

void fill_from_range(const Node& given, Axis& axis) {
  given.refuse_unknown_keys({"from", "to", "step", "count", "log"});
  const Node from_at = given.at("from", "where the range begins"),
             to_at = given.at("to", "where it ends");
  const Measure from = read_end(from_at, nullptr), to = read_end(to_at, &from);
  Range range;
  range.low = from.number;
  range.high = in_unit_of(to, from);
  range.unit = from.unit;
  range.whole = is_whole(axis.path);
  if (const Node log = given["log"]; log.exists()) range.logarithmic = log.boolean();
  if (range.logarithmic && !(range.low > 0 && range.high > 0))
    (range.low > 0 ? to_at : from_at).expected("a value above 0, for a range by equal factors");
  axis.range = range;
  if (!given["step"].exists() && !given["count"].exists()) {
    axis.has_no_steps = given.position();
    return;
  }
  const std::size_t count = count_steps(given, range, from);
  const double by = given["step"].exists() ? in_unit_of(read_end(given["step"], &from), from) : 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double step = static_cast<double>(i);
    const double share = by != 0
                             ? (range.high == range.low ? 0 : step * by / (range.high - range.low))
                         : count > 1 ? step / static_cast<double>(count - 1)
                                     : 0;
    axis.values.push_back(Node::scalar(range.at(share), given.position()));
  }
}

}  // namespace

Cell cell_of(const Node& value) {
  const Node scalar = config::bare(value);
  if (!scalar.is_scalar()) return scalar.json().dump();
  if (!scalar.is_quoted())
    if (const auto measure = config::measure_of(scalar.text())) return measure->si;
  return scalar.text();
}

std::string to_text(const Cell& cell) {
  if (const double* number = std::get_if<double>(&cell)) return fmt::format("{}", *number);
  return std::get<std::string>(cell);
}

std::string Range::at(double share) const {
  double value = logarithmic ? low * std::pow(high / low, share) : low + (high - low) * share;
  if (share == 1) value = high;
  if (whole) value = std::round(value);
  // Twelve digits: steps such as 0.1 add up to what one would write.
  const std::string number = fmt::format("{:.12g}", value);
  return unit.empty() ? number : number + ' ' + unit;
}

Axis read_axis(const std::string& path, const Node& values, Position at) {
  check_key(path, at);
  Axis axis{path, std::move(at), {}, std::nullopt, std::nullopt};
  if (values.is_mapping())
    fill_from_range(values, axis);
  else if (values.is_sequence())
    axis.values = values.elements();
  else
    values.expected("a list of values, or a range: {from: …, to: …, step: …}");
  if (axis.values.empty() && !axis.has_no_steps)
    values.fail("an axis without values", "at least one");
  return axis;
}

}  // namespace headroom::sweep
