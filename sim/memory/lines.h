// Long text files line by line, without holding them in memory.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/config/error.h"

namespace headroom {

inline constexpr std::size_t longest_line = 4096;  // bytes; none of our formats comes near it

class LineReader {
 public:
  // "-" is standard input. A file that cannot be read is an InputError.
  explicit LineReader(const std::string& path);

  // The next line without its end (\n or \r\n) in `line`, valid until the next call; false after
  // the last. A line longer than longest_line is an InputError.
  [[nodiscard]] bool next(std::string_view& line);

  // Of the line that next() gave last, from 1.
  [[nodiscard]] std::int64_t number() const { return number_; }
  // Where byte `offset` of that line stands.
  [[nodiscard]] Position at(std::size_t offset) const;

 private:
  void fill();

  std::string name_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool at_end_ = false;
  std::int64_t number_ = 0;
};

}  // namespace headroom
