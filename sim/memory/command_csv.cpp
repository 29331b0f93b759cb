#include "sim/memory/command_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <type_traits>

#include "sim/config/node.h"
#include "sim/memory/lines.h"

namespace headroom {
namespace {

using hbm::Command;

constexpr std::size_t buffer_bytes = std::size_t{1} << 18;
constexpr std::size_t longest_command = 160;  // ten numbers of 64 bits are shorter

constexpr std::array<std::string_view, 10> field_names{
    "time_ps", "stack",   "channel", "pseudo_channel", "stack_id", "bank_group",
    "bank",    "command", "row",     "column"};

char* put(char* to, char* end, std::int64_t value) { return std::to_chars(to, end, value).ptr; }

// The fields of one line, and complaints about them.
class Fields {
 public:
  Fields(std::string_view line, const LineReader& reader) : line_(line), reader_(reader) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const std::size_t comma = std::min(line.find(',', begin), line.size());
      const bool is_last = i + 1 == fields_.size();
      if ((comma == line.size()) != is_last) refuse_count();
      fields_[i] = line.substr(begin, comma - begin);
      begin = comma + 1;
    }
  }

  template <class I>
  [[nodiscard]] I number(std::size_t i) const {
    const std::string_view field = fields_[i];
    I value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc{} || end != field.data() + field.size() || value < 0)
      refuse(i, std::is_same_v<I, std::int32_t>
                    ? "a whole number from 0 to 2147483647"
                    : "a whole number of at least 0");
    return value;
  }
  [[nodiscard]] std::int32_t number_or_blank(std::size_t i) const {
    return fields_[i].empty() ? hbm::unused : number<std::int32_t>(i);
  }
  [[nodiscard]] hbm::CommandKind kind(std::size_t i) const {
    const auto found = std::find(hbm::command_names.begin(), hbm::command_names.end(), fields_[i]);
    if (found == hbm::command_names.end()) {
      const std::vector<std::string> names(hbm::command_names.begin(), hbm::command_names.end());
      refuse(i, fmt::format("one of {}", fmt::join(names, ", ")),
             nearest(std::string(fields_[i]), names));
    }
    return static_cast<hbm::CommandKind>(found - hbm::command_names.begin());
  }

 private:
  [[noreturn]] void refuse(
      std::size_t i, const std::string& expected, const std::string& near = "") const {
    const auto offset = static_cast<std::size_t>(fields_[i].data() - line_.data());
    throw InputError(
        reader_.at(offset), std::string(field_names[i]),
        fields_[i].empty() ? "nothing" : config::in_quotes(fields_[i]), expected, near);
  }
  [[noreturn]] void refuse_count() const {
    const auto count = std::count(line_.begin(), line_.end(), ',') + 1;
    throw InputError(
        reader_.at(0), "", line_.empty() ? "an empty line" : fmt::format("{} fields", count),
        fmt::format("the {} fields {}", field_names.size(), hbm::command_csv_header));
  }

  std::string_view line_;
  const LineReader& reader_;
  std::array<std::string_view, field_names.size()> fields_;
};

Command command_of(const Fields& fields) {
  Command command;
  command.time_ps = fields.number<std::int64_t>(0);
  command.stack = fields.number<std::int32_t>(1);
  command.channel = fields.number<std::int32_t>(2);
  command.pseudo_channel = fields.number<std::int32_t>(3);
  command.stack_id = fields.number<std::int32_t>(4);
  command.bank_group = fields.number_or_blank(5);
  command.bank = fields.number_or_blank(6);
  command.kind = fields.kind(7);
  command.row = fields.number_or_blank(8);
  command.column = fields.number_or_blank(9);
  return command;
}

}  // namespace

CommandCsvWriter::CommandCsvWriter(std::ostream& stream) : stream_(stream), buffer_(buffer_bytes) {
  stream_ << hbm::command_csv_header << '\n';
}

CommandCsvWriter::~CommandCsvWriter() { finish(); }

void CommandCsvWriter::finish() {
  stream_.write(buffer_.data(), static_cast<std::streamsize>(size_));
  size_ = 0;
}

void CommandCsvWriter::write(const Command& command) {
  if (buffer_.size() - size_ < longest_command) finish();
  char* to = buffer_.data() + size_;
  char* const end = buffer_.data() + buffer_.size();
  const auto field = [&](std::int64_t value) {
    if (value != hbm::unused) to = put(to, end, value);
    *to++ = ',';
  };
  for (const std::int64_t value :
       {command.time_ps, std::int64_t{command.stack}, std::int64_t{command.channel},
        std::int64_t{command.pseudo_channel}, std::int64_t{command.stack_id},
        std::int64_t{command.bank_group}, std::int64_t{command.bank}})
    field(value);
  const std::string_view name = hbm::command_names[static_cast<std::size_t>(command.kind)];
  to = std::copy(name.begin(), name.end(), to);
  *to++ = ',';
  field(command.row);
  if (command.column != hbm::unused) to = put(to, end, command.column);
  *to++ = '\n';
  size_ = static_cast<std::size_t>(to - buffer_.data());
}

void read_commands(const std::string& path,
                   const std::function<void(const Command&, std::int64_t line)>& take) {
  LineReader reader(path);
  std::string_view line;
  if (!reader.next(line) || line != hbm::command_csv_header)
    throw InputError(
        {reader.at(0).file, 1, 1}, "", line.empty() ? "nothing" : config::in_quotes(line),
        fmt::format("the header '{}'", hbm::command_csv_header));
  while (reader.next(line)) take(command_of(Fields(line, reader)), reader.number());
}

}  // namespace headroom
