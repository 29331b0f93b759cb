#include "sim/config/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <numeric>

namespace headroom {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// Levenshtein's distance: insertions, deletions and substitutions, one each.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitution});
    }
  }
  return row[b.size()];
}

std::string message(const Position& at, std::string_view path, std::string_view found,
                    std::string_view expected, std::string_view near_name) {
  // An option that is a value as a whole needs no place in it.
  const bool is_option = at.file.rfind("--", 0) == 0 && at.line == 1 && at.column == 1;
  std::string text = at.line > 0 && !is_option
                         ? fmt::format("{}:{}:{}: ", at.file, at.line, at.column)
                         : fmt::format("{}: ", at.file);
  if (!path.empty() || !is_option) text += fmt::format("{}: ", path.empty() ? "document" : path);
  text += fmt::format("found {}; expected {}", found, expected);
  if (!near_name.empty()) text += fmt::format("; did you mean '{}'?", near_name);
  return text;
}

}  // namespace

InputError::InputError(Position position, std::string path, std::string_view found,
                       std::string_view expected, std::string_view near_name)
    : std::runtime_error(message(position, path, found, expected, near_name)),
      position_(std::move(position)),
      path_(std::move(path)) {}

std::string nearest(std::string_view word, const std::vector<std::string>& names) {
  if (word.empty() || word.size() > 100)
    return "";  // the cost grows with the product of the lengths
  const std::string wanted = lower(word);
  // Case counts only between names that are equally close otherwise: KB is kB rather than KiB, TB/S
  // not Tb/s.
  std::pair<std::size_t, std::size_t> best{std::max<std::size_t>(1, wanted.size() / 3) + 1, 0};
  std::string result;
  for (const std::string& name : names) {
    const std::string candidate = lower(name);
    std::size_t apart = distance(wanted, candidate);
    // "h100" means "h100-sxm" although four letters are missing.
    if (wanted.size() >= 3 && candidate.compare(0, wanted.size(), wanted) == 0)
      apart = std::min<std::size_t>(apart, 1);
    const std::pair cost{apart, distance(word, name)};
    if (cost < best) {
      best = cost;
      result = name;
    }
  }
  return result;
}

}  // namespace headroom
