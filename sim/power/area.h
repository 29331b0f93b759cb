// How many gates a processing element of our RTL has by format: configs/technology/mac_area.csv.
#pragma once

#include <map>
#include <optional>

#include "models/numerics/format.h"
#include "sim/config/paths.h"

namespace headroom {

class AreaTable {
 public:
  // An empty table where no folder has the file; a wrong cell is an InputError.
  [[nodiscard]] static AreaTable load(const config::ConfigPaths& paths);

  // Gates of a multiply-add in `format` over those in bf16, both of the element with the longest
  // dot product of at most `dot_length`, its registers included; none where the table has no row.
  [[nodiscard]] std::optional<double> over_bf16(Format format, int dot_length) const;

 private:
  // Gate equivalents of a multiply-add by format and dot length.
  std::map<Format, std::map<int, double>> gates_;
};

}  // namespace headroom
