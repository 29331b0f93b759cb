#include "sim/cli/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "sim/cli/command.h"
#include "sim/config/error.h"

namespace headroom {
namespace {

constexpr int max_side = 4096;  // of an array; the largest built is 256

}  // namespace

void add_config_path_option(Command& command, std::vector<std::string>& folders) {
  command
      .add_option("--config-path", folders,
                  "Folder with chips/, models/ …, searched before the built-in ones; repeatable")
      ->type_name("DIR")
      ->allow_extra_args(false);
}

Option* add_json_option(Command& command, std::string& file) {
  return command
      .add_option(
          "--json", file,
          "Write a JSON document; to standard output, instead of the table, where no FILE is "
          "named")
      ->type_name("FILE")
      ->expected(0, 1)
      ->default_str("-");
}

Check one_of(const std::vector<std::string>& names) {
  const auto check = [names](const std::string& word) -> std::string {
    if (std::find(names.begin(), names.end(), word) != names.end()) return "";
    std::string text = fmt::format("found '{}'; expected one of {}", word, fmt::join(names, ", "));
    const std::string near = nearest(word, names);
    return near.empty() ? text : text + fmt::format("; did you mean '{}'?", near);
  };
  return Check(check);
}

bool read_array(std::string_view text, int& rows, int& columns) {
  const auto read_side = [](std::string_view digits, int& side) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), side);
    return error == std::errc{} && end == digits.data() + digits.size() && side >= 1 &&
           side <= max_side;
  };
  const auto cross = text.find('x');
  return cross != std::string_view::npos && read_side(text.substr(0, cross), rows) &&
         read_side(text.substr(cross + 1), columns);
}

std::string complaint_about_array(const std::string& text) {
  int rows = 0;
  int columns = 0;
  if (read_array(text, rows, columns)) return "";
  return fmt::format(
      "found '{}'; expected ROWSxCOLUMNS, each from 1 to {}, such as 16x16", text, max_side);
}

}  // namespace headroom
