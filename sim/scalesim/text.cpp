#include "sim/scalesim/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/config/text_file.h"

namespace headroom::scalesim {
namespace {

constexpr std::size_t max_file_bytes = std::size_t{16} << 20;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view no_break_space = "\xC2\xA0";
constexpr std::string_view blanks = " \t\v\f\r\n";

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Bytes of white space that `text` begins with.
std::size_t leading_blanks(std::string_view text) {
  std::size_t count = 0;
  for (;;) {
    const std::string_view rest = text.substr(count);
    if (!rest.empty() && blanks.find(rest.front()) != std::string_view::npos)
      ++count;
    else if (starts_with(rest, no_break_space))
      count += no_break_space.size();
    else
      return count;
  }
}

std::string_view without_trailing_blanks(std::string_view text) {
  for (;;) {
    if (!text.empty() && blanks.find(text.back()) != std::string_view::npos)
      text.remove_suffix(1);
    else if (ends_with(text, no_break_space))
      text.remove_suffix(no_break_space.size());
    else
      return text;
  }
}

}  // namespace

std::vector<Piece> read_lines(const std::string& path) {
  return split_lines(config::read_text_file(path, max_file_bytes, "a file of SCALE-Sim"), path);
}

std::vector<Piece> split_lines(std::string_view text, const std::string& name) {
  if (starts_with(text, byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  std::vector<Piece> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const Position at{name, static_cast<int>(lines.size()) + 1, 1};
    const std::string_view line = text.substr(0, end);
    if (const std::size_t nul = line.find('\0'); nul != std::string_view::npos)
      throw InputError({name, at.line, static_cast<int>(nul) + 1}, "", "a NUL character",
                       "a text file in UTF-8");
    lines.push_back({std::string(line), at});
    text.remove_prefix(end);
    text.remove_prefix(starts_with(text, "\r\n") ? 2 : text.empty() ? 0 : 1);
  }
  return lines;
}

Piece part(const Piece& piece, std::size_t begin, std::size_t length) {
  Piece result{piece.text.substr(begin, length), piece.at};
  result.at.column += static_cast<int>(begin);
  return result;
}

Piece trimmed(const Piece& piece) {
  Piece result = part(piece, leading_blanks(piece.text));
  result.text.resize(without_trailing_blanks(result.text).size());
  return result;
}

std::vector<Piece> split_at_commas(const Piece& line) {
  std::vector<Piece> pieces;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t comma = line.text.find(',', begin);
    pieces.push_back(part(line, begin, comma - begin));
    if (comma == std::string::npos) return pieces;
    begin = comma + 1;
  }
}

std::string quoted(const Piece& word) {
  if (word.text.empty()) return "nothing";
  std::string text = word.text;
  std::replace(text.begin(), text.end(), '\n', ' ');  // of a value over several lines
  return fmt::format("'{}'", text);
}

bool is_whole_number(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::int64_t whole_number(
    const Piece& piece, const std::string& what, std::int64_t least, std::int64_t most) {
  const Piece word = trimmed(piece);
  std::string_view digits = word.text;
  if (is_whole_number(digits) && digits.front() == '+') digits.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || value < least || value > most)
    throw InputError(
        word.at, what, quoted(word), fmt::format("a whole number from {} to {}", least, most));
  return value;
}

}  // namespace headroom::scalesim
