#include "sim/memory/lines.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace headroom {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 20;

int keep_open(std::FILE*) { return 0; }

}  // namespace

LineReader::LineReader(const std::string& path)
    : name_(path == "-" ? "standard input" : path),
      file_(nullptr, std::fclose),
      buffer_(buffer_bytes) {
  const auto refuse = [&](const std::string& why) {
    throw InputError({name_, 1, 1}, "", why, "a file that can be read");
  };
  if (path == "-") {
    file_ = {stdin, keep_open};
    return;
  }
  if (std::filesystem::is_directory(path)) refuse("a folder");
  file_.reset(std::fopen(path.c_str(), "rb"));
  if (!file_) refuse(std::generic_category().message(errno));
}

void LineReader::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  const std::size_t got = std::fread(buffer_.data() + end_, 1, buffer_.size() - end_, file_.get());
  if (std::ferror(file_.get()) != 0)
    throw InputError(at(0), "", "a read error", "a file that can be read");
  end_ += got;
  at_end_ = got == 0;
}

bool LineReader::next(std::string_view& line) {
  for (;;) {
    const char* const start = buffer_.data() + begin_;
    const auto* const stop = static_cast<const char*>(std::memchr(start, '\n', end_ - begin_));
    const bool last = stop == nullptr && at_end_;
    if (stop != nullptr || (last && begin_ < end_)) {
      std::size_t length = stop != nullptr ? static_cast<std::size_t>(stop - start) : end_ - begin_;
      begin_ += length + (stop != nullptr ? 1 : 0);
      ++number_;
      if (length > longest_line)
        throw InputError(at(longest_line), "", "a line that goes on",
                         fmt::format("its end, after at most {} bytes", longest_line));
      if (length > 0 && start[length - 1] == '\r') --length;
      line = std::string_view(start, length);
      return true;
    }
    if (last) return false;
    if (end_ - begin_ > longest_line) {
      ++number_;
      throw InputError(at(longest_line), "", "a line that goes on",
                       fmt::format("its end, after at most {} bytes", longest_line));
    }
    fill();
  }
}

Position LineReader::at(std::size_t offset) const {
  return {name_, static_cast<int>(number_), static_cast<int>(offset) + 1};
}

}  // namespace headroom
