#include "sim/memory/trace.h"

#include <fmt/format.h>

#include <charconv>

#include "sim/config/node.h"
#include "sim/memory/lines.h"

namespace headroom {
namespace {

constexpr std::string_view blanks = " \t";

// A word of a line and where it begins.
struct Word {
  std::string_view text;
  std::size_t offset = 0;
};

// The word at or after `from`; empty at the end of the line.
Word word_after(std::string_view line, std::size_t from) {
  const std::size_t begin = std::min(line.find_first_not_of(blanks, from), line.size());
  const std::size_t end = std::min(line.find_first_of(blanks, begin), line.size());
  return {line.substr(begin, end - begin), begin};
}

[[noreturn]] void refuse(const LineReader& reader, const Word& word, std::string_view path,
                         const std::string& expected, std::string_view near = "") {
  throw InputError(reader.at(word.offset), std::string(path),
                   word.text.empty() ? "nothing" : config::in_quotes(word.text), expected, near);
}

bool is_write(const LineReader& reader, const Word& word) {
  if (word.text == "LD") return false;
  if (word.text == "ST") return true;
  refuse(reader, word, "request", "LD 0xADDR or ST 0xADDR", nearest(word.text, {"LD", "ST"}));
}

std::uint64_t address_of(const LineReader& reader, const Word& word, std::uint64_t capacity) {
  const std::string_view text = word.text;
  std::uint64_t address = 0;
  const bool is_hexadecimal = text.size() > 2 && text[0] == '0' &&
                              (text[1] == 'x' || text[1] == 'X');
  const char* const end = text.data() + text.size();
  if (!is_hexadecimal) refuse(reader, word, "address", "a hexadecimal address such as 0x1f40");
  const auto result = std::from_chars(text.data() + 2, end, address, 16);
  if (result.ptr != end || result.ec == std::errc::invalid_argument)
    refuse(reader, word, "address", "a hexadecimal address such as 0x1f40");
  if (result.ec == std::errc::result_out_of_range || address >= capacity)
    refuse(reader, word, "address",
           fmt::format("an address below {:#x}, the end of the memory", capacity));
  return address / trace_request_bytes * trace_request_bytes;
}

}  // namespace

void read_trace(const std::string& path, Bytes capacity,
                const std::function<void(std::uint64_t address, bool write)>& take) {
  LineReader reader(path);
  const auto end = static_cast<std::uint64_t>(capacity.si());
  std::string_view line;
  while (reader.next(line)) {
    line = line.substr(0, line.find('#'));
    const Word request = word_after(line, 0);
    if (request.text.empty()) continue;
    const bool write = is_write(reader, request);
    const Word address = word_after(line, request.offset + request.text.size());
    const std::uint64_t at = address_of(reader, address, end);
    const Word rest = word_after(line, address.offset + address.text.size());
    if (!rest.text.empty()) refuse(reader, rest, "request", "the end of the line");
    take(at, write);
  }
}

}  // namespace headroom
