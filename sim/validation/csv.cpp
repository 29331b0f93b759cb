#include "sim/validation/csv.h"

#include <fmt/format.h>

#include <set>

#include "sim/config/text_file.h"

namespace headroom::validation {
namespace {

constexpr std::size_t most_bytes = 64u << 20;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

class Parser {
 public:
  Parser(std::string_view text, const std::string& origin) : text_(text) { table_.file = origin; }

  CsvTable table() {
    if (text_.substr(0, byte_order_mark.size()) == byte_order_mark) next_ = byte_order_mark.size();
    while (next_ < text_.size()) {
      std::vector<Cell> row = read_row();
      if (row.size() == 1 && row.front().text.empty()) continue;
      if (table_.header.empty())
        take_header(std::move(row));
      else
        take_row(std::move(row));
    }
    if (table_.header.empty())
      throw InputError({table_.file, 1, 1}, "", "no header", "a table of comma-separated values");
    return std::move(table_);
  }

 private:
  [[noreturn]] void fail(int line, int column, const std::string& found,
                         const std::string& expected) const {
    throw InputError({table_.file, line, column}, "", found, expected);
  }

  char take() {
    const char c = text_[next_++];
    if (c == '\n') {
      ++line_;
      column_ = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      ++column_;  // one per code point of UTF-8
    }
    return c;
  }

  [[nodiscard]] bool at_end_of_line() const {
    return next_ == text_.size() || text_[next_] == '\n' || text_.substr(next_, 2) == "\r\n";
  }

  std::vector<Cell> read_row() {
    std::vector<Cell> row;
    for (;;) {
      row.push_back(next_ < text_.size() && text_[next_] == '"' ? quoted() : plain());
      if (at_end_of_line()) break;
      take();  // the comma
    }
    while (next_ < text_.size() && take() != '\n') continue;
    return row;
  }

  Cell plain() {
    Cell cell{"", line_, column_};
    while (!at_end_of_line() && text_[next_] != ',') {
      if (text_[next_] == '"')
        fail(line_, column_, "a quotation mark inside of a cell",
             "the whole cell in quotation marks");
      cell.text += take();
    }
    return cell;
  }

  Cell quoted() {
    Cell cell{"", line_, column_};
    take();
    for (;;) {
      if (next_ == text_.size())
        fail(cell.line, cell.column, "a cell that does not end", "a closing quotation mark");
      const char c = take();
      if (c != '"') {
        cell.text += c;
      } else if (next_ < text_.size() && text_[next_] == '"') {
        cell.text += take();
      } else {
        break;
      }
    }
    if (!at_end_of_line() && text_[next_] != ',')
      fail(line_, column_, "text behind a quoted cell", "a comma or the end of the line");
    return cell;
  }

  void take_header(std::vector<Cell> row) {
    std::set<std::string> names;
    for (const Cell& cell : row)
      if (!names.insert(cell.text).second)
        fail(cell.line, cell.column, fmt::format("column '{}' again", cell.text),
             "a name of its own for each column");
    table_.header = std::move(row);
  }

  void take_row(std::vector<Cell> row) {
    if (row.size() != table_.header.size())
      fail(row.front().line, row.front().column, fmt::format("{} cells", row.size()),
           fmt::format("{}, as many as the header has", table_.header.size()));
    table_.rows.push_back(std::move(row));
  }

  std::string_view text_;
  std::size_t next_ = 0;
  int line_ = 1, column_ = 1;
  CsvTable table_;
};

}  // namespace

CsvTable parse_csv(std::string_view text, const std::string& origin) {
  return Parser(text, origin).table();
}

CsvTable read_csv(const std::filesystem::path& file) {
  return parse_csv(
      config::read_text_file(file, most_bytes, "a table of published runs (CSV)"), file.string());
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace headroom::validation
