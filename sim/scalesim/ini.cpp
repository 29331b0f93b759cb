#include "sim/scalesim/ini.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace headroom::scalesim {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

void open_section(IniFile& file, const Piece& line) {
  const std::size_t bracket = line.text.rfind(']');
  if (bracket == std::string::npos || bracket == 1)
    throw InputError(line.at, "", fmt::format("'{}'", line.text), "a section such as [general]");
  Piece name = part(line, 1, bracket - 1);
  if (const IniSection* first = file.find(name.text))
    throw InputError(
        line.at, name.text,
        fmt::format(
            "a second section [{}] (the first is in line {})", name.text, first->name.at.line),
        "each section once");
  file.sections.push_back({std::move(name), {}});
}

void add_entry(IniSection& section, const Piece& line) {
  const std::size_t delimiter = line.text.find_first_of("=:");
  const Piece key = trimmed(part(line, 0, delimiter));
  if (delimiter == std::string::npos || key.text.empty())
    throw InputError(line.at, section.name.text, fmt::format("'{}'", line.text),
                     "a line 'key = value', 'key : value' or '[section]'");
  if (const IniEntry* first = section.find(key.text))
    throw InputError(
        line.at, section.name.text + "." + key.text,
        fmt::format("a second key '{}' (the first is in line {})", key.text, first->key.at.line),
        "each key once");
  section.entries.push_back({key, trimmed(part(line, delimiter + 1))});
}

}  // namespace

const IniEntry* IniSection::find(std::string_view key) const {
  const auto entry = std::find_if(entries.begin(), entries.end(), [&](const IniEntry& candidate) {
    return lower(candidate.key.text) == lower(key);
  });
  return entry == entries.end() ? nullptr : &*entry;
}

const IniSection* IniFile::find(std::string_view name) const {
  const auto section = std::find_if(sections.begin(), sections.end(), [&](const IniSection& s) {
    return s.name.text == name;
  });
  return section == sections.end() ? nullptr : &*section;
}

IniFile parse_ini(const std::vector<Piece>& lines, const std::string& name) {
  IniFile file{{name, static_cast<int>(lines.size()) + 1, 1}, {}};
  int key_column = 0;  // of the entry that a deeper line would go on with; 0: none
  for (const Piece& raw : lines) {
    const Piece line = trimmed(raw);
    if (line.text.empty() || line.text.front() == '#' || line.text.front() == ';') continue;
    if (key_column != 0 && line.at.column > key_column) {
      file.sections.back().entries.back().value.text += "\n" + line.text;
      continue;
    }
    key_column = 0;
    if (line.text.front() == '[') {
      open_section(file, line);
      continue;
    }
    if (file.sections.empty())
      throw InputError(line.at, "", fmt::format("'{}' before any section", line.text),
                       "a section such as [general] first");
    add_entry(file.sections.back(), line);
    key_column = line.at.column;
  }
  return file;
}

}  // namespace headroom::scalesim
