// DRAM commands as CSV (hbm::command_csv_header): written by `headroom memory --commands`, read by
// --check-commands. Fields that a command does not use are blank.
#pragma once

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "models/hbm/command.h"

namespace headroom {

// Buffers; what it holds reaches the stream in finish() or the destructor.
class CommandCsvWriter {
 public:
  explicit CommandCsvWriter(std::ostream& stream);
  ~CommandCsvWriter();
  CommandCsvWriter(const CommandCsvWriter&) = delete;
  CommandCsvWriter& operator=(const CommandCsvWriter&) = delete;

  void write(const hbm::Command& command);
  void finish();

 private:
  std::ostream& stream_;
  std::vector<char> buffer_;
  std::size_t size_ = 0;
};

// Calls `take` with each command and the number of its line. A line that is not a command, or a
// file that does not begin with the header, is an InputError at its place. "-" is standard input.
void read_commands(const std::string& path,
                   const std::function<void(const hbm::Command&, std::int64_t line)>& take);

}  // namespace headroom
