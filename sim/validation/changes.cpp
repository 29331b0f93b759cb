#include "sim/validation/changes.h"

#include <algorithm>

namespace headroom::validation {

Changes changes_to(const Constant& constant, const std::string& value,
                   const Experiment& experiment) {
  const std::string assignment = constant.key + "=" + value;
  Changes changes;
  if (constant.file == "chips/" + experiment.chip.id) changes.chip.push_back(assignment);
  if (constant.file == "clusters/" + experiment.cluster.id) changes.cluster.push_back(assignment);
  if (constant.file == "stacks/" + experiment.stack.id) changes.stack.push_back(assignment);
  if (constant.file == "links/" + experiment.chip.scale_up.kind)
    changes.chip.push_back("links.scale_up." + assignment);
  if (constant.file == "links/" + experiment.cluster.scale_out.kind)
    changes.cluster.push_back("scale_out." + assignment);
  return changes;
}

bool is_empty(const Changes& changes) {
  return changes.chip.empty() && changes.cluster.empty() && changes.stack.empty();
}

Changes operator+(Changes first, const Changes& second) {
  const auto append = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  append(first.chip, second.chip);
  append(first.cluster, second.cluster);
  append(first.stack, second.stack);
  return first;
}

bool has_own_value(const ResolvedRun& resolved, const std::string& key) {
  return std::any_of(resolved.chip_changes.begin(), resolved.chip_changes.end(),
                     [&](const std::string& change) { return change.rfind(key + "=", 0) == 0; });
}

}  // namespace headroom::validation
