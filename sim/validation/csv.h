// Tables of comma-separated values (RFC 4180) that remember where each cell was written.
//
// Debian's libraries for CSV (libcsv, libfccp) give no positions, which every message needs.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/config/error.h"

namespace headroom::validation {

struct Cell {
  std::string text;
  int line = 1, column = 1;  // of its first character, quotation mark included
};

struct CsvTable {
  std::string file;
  std::vector<Cell> header;
  std::vector<std::vector<Cell>> rows;  // each as wide as the header; empty lines are left out

  [[nodiscard]] Position at(const Cell& cell) const { return {file, cell.line, cell.column}; }
};

// Quoted cells may hold commas, line ends and doubled quotation marks; lines end in LF or CR LF.
// What is not such a table, and a header that repeats a name, is an InputError at its place.
[[nodiscard]] CsvTable read_csv(const std::filesystem::path& file);
// The same from text; `origin` stands where the file's name would stand.
[[nodiscard]] CsvTable parse_csv(std::string_view text, const std::string& origin);

// A cell as it is written to such a table: quoted where it has to be.
[[nodiscard]] std::string csv_cell(const std::string& text);

}  // namespace headroom::validation
