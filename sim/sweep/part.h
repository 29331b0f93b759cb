// Rows of one task of a cluster, a file of lines on shared storage. A task that is killed leaves at
// most its last line torn, and only whole lines are read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "sim/sweep/row.h"

namespace headroom::sweep {

class PartWriter {
 public:
  // Adds to what an earlier attempt of the task left. Throws StoreError.
  PartWriter(std::filesystem::path file, std::string setting);
  PartWriter(const PartWriter&) = delete;
  PartWriter& operator=(const PartWriter&) = delete;
  ~PartWriter();

  // Returns when the rows are on the storage.
  void add(const std::vector<Row>& rows);

 private:
  std::filesystem::path path_;
  std::string setting_;
  int file_ = -1;
};

// Hands out the whole lines from `offset` on that belong to `setting`; the offset behind them.
// Nothing where there is no such file.
std::uint64_t read_part(const std::filesystem::path& file, const std::string& setting,
                        std::uint64_t offset, const std::function<void(std::vector<Row>&)>& take);

}  // namespace headroom::sweep
