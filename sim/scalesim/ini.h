// Configuration files in the dialect of Python's configparser with its default settings, which
// SCALE-Sim reads: [sections] by exact name, keys without regard to case, '=' or ':' between key
// and value, whole lines of comment behind '#' or ';' (none behind a value), values that go on in
// lines that are indented deeper than their key. What configparser rejects is an InputError here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/scalesim/text.h"

namespace headroom::scalesim {

struct IniEntry {
  Piece key;    // as written
  Piece value;  // lines of a value are joined with '\n'
};

struct IniSection {
  Piece name;
  std::vector<IniEntry> entries;

  // The entry whose key is `key` in any case, or nullptr.
  [[nodiscard]] const IniEntry* find(std::string_view key) const;
};

struct IniFile {
  Position end;  // behind the last line, where what is missing could stand
  std::vector<IniSection> sections;

  [[nodiscard]] const IniSection* find(std::string_view name) const;
};

[[nodiscard]] IniFile parse_ini(const std::vector<Piece>& lines, const std::string& name);

}  // namespace headroom::scalesim
