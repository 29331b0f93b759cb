// Tables of configs/technology that scripts/mac_area and scripts/mac_activity wrote from our RTL:
// CSV below lines of comment.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/numerics/format.h"
#include "sim/config/paths.h"
#include "sim/validation/csv.h"

namespace headroom::rtl {

using validation::Cell;
using validation::CsvTable;

// The table of that name in configs/technology, rows of all formats or of some; none where no
// folder has it.
[[nodiscard]] std::optional<CsvTable> find_table(
    const config::ConfigPaths& paths, const std::string& name,
    const std::vector<Format>& formats = {});
[[nodiscard]] CsvTable parse_table(const std::string& text, const std::string& origin);

// The place of a column; InputError where the table has none of that name.
[[nodiscard]] std::size_t column(const CsvTable& table, const std::string& name);
// InputError at the cell where it is no number of at least 0.
[[nodiscard]] double number(const CsvTable& table, const Cell& cell);

}  // namespace headroom::rtl
