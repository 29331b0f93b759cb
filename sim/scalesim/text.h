// Text files as SCALE-Sim's readers see them: lines, pieces of lines, whole numbers; each with its
// place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/config/error.h"

namespace headroom::scalesim {

// A part of one line of a file, and where it begins.
struct Piece {
  std::string text;
  Position at;
};

// The lines of a file without their ends (\n, \r\n, \r) and without a byte order mark. Throws
// InputError for a file that cannot be read, is longer than 16 MiB or holds a NUL.
[[nodiscard]] std::vector<Piece> read_lines(const std::string& path);

// The same of a text in memory; `name` stands in the positions.
[[nodiscard]] std::vector<Piece> split_lines(std::string_view text, const std::string& name);

// Without white space at both ends (no-break spaces count, as they do for Python); `at` moves to
// the first character left.
[[nodiscard]] Piece trimmed(const Piece& piece);

// The part of `piece` from `begin`, at most `length` bytes.
[[nodiscard]] Piece part(
    const Piece& piece, std::size_t begin, std::size_t length = std::string::npos);

// Cut at every comma; one piece more than there are commas, untrimmed.
[[nodiscard]] std::vector<Piece> split_at_commas(const Piece& line);

// The words of a message for what stands in `word`: 'text' in quotes, or "nothing".
[[nodiscard]] std::string quoted(const Piece& word);

// "-12" or "+3" with nothing around it.
[[nodiscard]] bool is_whole_number(std::string_view text);

// The number in `piece`, which may have white space around it. Throws InputError that names `what`
// unless it is a whole number from `least` to `most`.
[[nodiscard]] std::int64_t whole_number(
    const Piece& piece, const std::string& what, std::int64_t least, std::int64_t most);

}  // namespace headroom::scalesim
