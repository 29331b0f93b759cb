// Options that several commands take, with one spelling and one check each.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cli/command.h"

namespace headroom {

// Adds "--config-path DIR", which may be repeated.
void add_config_path_option(Command& command, std::vector<std::string>& folders);

// Adds "--json [FILE]"; `file` is "-", standard output, where none is named.
Option* add_json_option(Command& command, std::string& file);

// Accepts one of `names`; anything else is answered with all of them and the nearest.
[[nodiscard]] Check one_of(const std::vector<std::string>& names);

template <class Names>
[[nodiscard]] Check one_of(const Names& names) {
  return one_of(std::vector<std::string>(names.begin(), names.end()));
}

// The enumerator whose name is `word`, which the option has checked.
template <class Enum, std::size_t N>
[[nodiscard]] Enum enumerator(const std::array<std::string_view, N>& names, std::string_view word) {
  return static_cast<Enum>(std::find(names.begin(), names.end(), word) - names.begin());
}

// Reads "16x32" into `rows` and `columns`; false, and no more, if that is not what it is.
bool read_array(std::string_view text, int& rows, int& columns);

// For --array: "" or what is wrong.
[[nodiscard]] std::string complaint_about_array(const std::string& text);

}  // namespace headroom
