// Options that several commands take, with one spelling and one check each.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace headroom {

// Adds "--config-path DIR", which may be repeated.
void add_config_path_option(CLI::App& command, std::vector<std::string>& folders);

// Accepts one of `names`; anything else is answered with all of them and the nearest.
[[nodiscard]] CLI::Validator one_of(const std::vector<std::string>& names);

template <class Names>
[[nodiscard]] CLI::Validator one_of(const Names& names) {
  return one_of(std::vector<std::string>(names.begin(), names.end()));
}

}  // namespace headroom
