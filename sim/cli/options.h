// Options that several commands take, with one spelling and one check each.
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
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

// Accepts the size of an array, such as 16x32: rows x columns, each from 1 to 4096.
[[nodiscard]] CLI::Validator array_size();
// Reads what array_size() has accepted; false for anything else.
bool read_array_size(std::string_view text, int& rows, int& columns);

// The enumerator whose name is `word`, which one_of() has checked.
template <class Enum, std::size_t N>
[[nodiscard]] Enum enumerator(const std::array<std::string_view, N>& names, std::string_view word) {
  return static_cast<Enum>(std::find(names.begin(), names.end(), word) - names.begin());
}

}  // namespace headroom
