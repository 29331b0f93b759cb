// The result as the table that `headroom run` prints: at most 100 columns, understood at a glance.
#pragma once

#include <string>

#include "sim/report/result.h"

namespace headroom {

struct TableStyle {
  bool color = false;    // escape sequences for emphasis
  bool unicode = false;  // block elements in bars; without it the table is ASCII but for names out
                         // of files
};

[[nodiscard]] std::string table(const Result& result, TableStyle style);

}  // namespace headroom
