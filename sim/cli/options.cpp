#include "sim/cli/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "sim/config/error.h"

namespace headroom {

void add_config_path_option(CLI::App& command, std::vector<std::string>& folders) {
  command
      .add_option("--config-path", folders,
                  "Folder with chips/, models/ …, searched before the built-in ones; repeatable")
      ->type_name("DIR")
      ->allow_extra_args(false);
}

CLI::Validator one_of(const std::vector<std::string>& names) {
  const auto check = [names](const std::string& word) -> std::string {
    if (std::find(names.begin(), names.end(), word) != names.end()) return "";
    std::string text = fmt::format("found '{}'; expected one of {}", word, fmt::join(names, ", "));
    const std::string near = nearest(word, names);
    return near.empty() ? text : text + fmt::format("; did you mean '{}'?", near);
  };
  return CLI::Validator(check, "");
}

}  // namespace headroom
