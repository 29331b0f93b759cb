#include "sim/sweep/sweep_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "sim/config/load.h"
#include "sim/config/record.h"
#include "sim/sweep/key.h"

namespace headroom::sweep {

using config::Assignment;
using config::Node;
using config::Record;

namespace {

const Record<Sample>& sample_record() {
  constexpr std::int64_t most_points = 10'000'000;
  static const auto
      record = Record<Sample>("points drawn from the axes instead of all of them")
                   .optional("method", &Sample::method, config::word_of<Method>(method_names),
                             "latin_hypercube", "how they are drawn")
                   .required("count", &Sample::count, config::integer(1, most_points), "points")
                   .optional("seed", &Sample::seed, config::integer(0), "1",
                             "the same seed, the same points");
  return record;
}

const Record<Limits>& limits_record() {
  static const auto
      record = Record<Limits>("of a process that works on points")
                   .optional(
                       "time", &Limits::time, config::quantity<Seconds>(), "10 min", "of one point")
                   .optional("memory", &Limits::memory, config::quantity<Bytes>(), "4 GB",
                             "of the process");
  return record;
}

std::vector<Assignment> read_fixed(const Node& set) {
  std::vector<Assignment> fixed;
  if (!set.exists()) return fixed;
  for (const auto& [path, value] : set.entries()) {
    const Position at = set.key_position(path);
    check_key(path, at);
    fixed.push_back(Assignment::of(path, value, at));
  }
  return fixed;
}

// The blocks that have the fidelity.
void set_fidelity(const Node& fidelity, std::vector<Assignment>& fixed) {
  if (!fidelity.exists()) return;
  static_cast<void>(config::read_word(fidelity, {"analytic", "cycle"}));
  for (const char* block : {"matrix_engine", "hbm", "link"})
    fixed.push_back(
        Assignment::of(std::string("fidelity.") + block, fidelity, fidelity.position()));
}

void refuse_repeated(const std::vector<Axis>& axes) {
  std::set<std::vector<Cell>> seen;
  for (std::size_t i = 0; !axes.empty() && i < axes.front().values.size(); ++i) {
    std::vector<Cell> cells;
    for (const Axis& axis : axes) cells.push_back(cell_of(axis.values[i]));
    const Node& value = axes.front().values[i];
    if (!seen.insert(std::move(cells)).second)
      value.fail(value.found() + " a second time", "every value of an axis once");
  }
}

std::vector<Axis> read_group(const Node& group) {
  std::vector<Axis> axes;
  for (const auto& [path, values] : group.entries()) {
    axes.push_back(read_axis(path, values, group.key_position(path)));
    const Axis &first = axes.front(), &axis = axes.back();
    if (first.range.has_value() != axis.range.has_value() &&
        (first.has_no_steps || axis.has_no_steps))
      values.fail("a list beside a range without steps", "axes of one kind in a group");
    if (axis.values.size() != first.values.size())
      values.fail(
          fmt::format("{} values", axis.values.size()),
          fmt::format("{}, as many as {} has, which moves together with it", first.values.size(),
                      first.path));
  }
  refuse_repeated(axes);
  if (axes.empty()) group.fail("no axis", "one axis, or several that move together");
  return axes;
}

void refuse_second_axis(const Sweep& sweep) {
  std::vector<std::string> met;
  for (const Assignment& assignment : sweep.fixed) met.push_back(assignment.path);
  for (const auto& group : sweep.groups)
    for (const Axis& axis : group) {
      for (const std::string& other : met) {
        const bool same = axis.path == other || axis.path.rfind(other + '.', 0) == 0 ||
                          other.rfind(axis.path + '.', 0) == 0;
        // A chip's name and then its keys: the keys lie below `chip`, not below `cluster.chip`.
        if (same)
          throw InputError(axis.at, axis.path, fmt::format("a second value beside '{}'", other),
                           "every key once");
      }
      met.push_back(axis.path);
    }
}

// A value that is wrong whatever the other axes are is a mistake of the file; one that does not go
// with others is the result of its points.
void check_values(const Sweep& sweep, const config::ConfigPaths& paths) {
  ExperimentReader reader(sweep.base, paths);
  static_cast<void>(reader.read({}));
  static_cast<void>(reader.document(sweep.fixed));
  for (const auto& group : sweep.groups) {
    const std::size_t count = group.front().values.size();
    // What lies between the ends of ranges is as right as they are.
    const bool ranges = std::all_of(group.begin(), group.end(), [](const Axis& axis) {
      return axis.range.has_value();
    });
    for (std::size_t i = 0; i < count; i += ranges && i == 0 && count > 2 ? count - 1 : 1) {
      std::vector<Assignment> assignments = sweep.fixed;
      for (const Axis& axis : group) assignments.push_back(axis.assignment(axis.values[i]));
      try {
        reader.check_values(assignments);
      } catch (const InputError& error) {
        const bool is_here = std::any_of(group.begin(), group.end(), [&](const Axis& axis) {
          return error.path().rfind(axis.path, 0) == 0;
        });
        if (is_here) throw;
      }
    }
  }
}

}  // namespace

std::vector<std::string> Sweep::columns() const {
  std::vector<std::string> columns;
  for (const auto& group : groups)
    for (const Axis& axis : group) columns.push_back(axis.path);
  return columns;
}

Sweep load_sweep(const std::filesystem::path& file, const config::ConfigPaths& paths) {
  const Node document = Node::load(file);
  if (!document.is_mapping()) document.expected("a sweep: a mapping with base and axes");
  document.refuse_unknown_keys(
      {"base", "set", "fidelity", "plan", "axes", "where", "sample", "limits"},
      config::provenance_keys());
  Sweep sweep;
  sweep.name = file.stem().string();
  sweep.base = paths.resolve(
      document.at("base", "an experiment, by name or path"), "experiments", "experiment");
  set_fidelity(document["fidelity"], sweep.fixed);
  for (Assignment& assignment : read_fixed(document["set"]))
    sweep.fixed.push_back(std::move(assignment));
  const Node axes = document.at("axes", "a list of axes");
  sweep.axes_at = axes.position();
  for (const Node& group : axes.elements()) sweep.groups.push_back(read_group(group));
  if (sweep.groups.empty()) axes.fail("no axis", "at least one: - plan.tensor: [1, 2, 4]");
  refuse_second_axis(sweep);
  if (const Node where = document["where"]; where.exists())
    for (const Node& condition : where.elements()) sweep.where.emplace_back(condition);
  if (const Node sample = document["sample"]; sample.exists())
    sweep.sample = sample_record().read(sample);
  for (const auto& group : sweep.groups)
    if (group.front().has_no_steps && !sweep.sample)
      throw InputError(*group.front().has_no_steps, group.front().path, "a range without steps",
                       "step or count, or a sample of points");
  if (const Node plan = document["plan"]; plan.exists())
    sweep.plan = config::word_of<PlanChoice>(plan_choice_names).read(plan);
  sweep.limits = limits_record().read(document["limits"]);
  check_values(sweep, paths);
  return sweep;
}

}  // namespace headroom::sweep
