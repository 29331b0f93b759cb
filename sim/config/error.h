// What a user reads when an input is wrong, in one shape everywhere:
// "file:line:column: key.path: found …; expected …" and, where a valid name is close, "; did you
// mean 'x'?".
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace headroom {

// Where a value was written; line and column count from 1. A value of the command line has the
// option as its file: where it is wrong as a whole the text names the option alone. Line 0: of the
// whole file, or of what has a name and no file.
struct Position {
  std::string file;
  int line = 1;
  int column = 1;
};

// A mistake in an input, never one of ours: the program ends with exit code 2 and prints what().
class InputError : public std::runtime_error {
 public:
  // An empty `path` stands for the whole document; an empty `near_name` leaves the suggestion out.
  InputError(Position position, std::string path, std::string_view found, std::string_view expected,
             std::string_view near_name = "");

  [[nodiscard]] const Position& position() const { return position_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Position position_;
  std::string path_;
};

// The name in `names` that `word` most likely meant, "" where none is close.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& names);

}  // namespace headroom
