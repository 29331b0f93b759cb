// A prepared statement of SQLite.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>

#include "sim/sweep/store.h"

namespace headroom::sweep {

// `name` as SQL writes the name of a column.
[[nodiscard]] inline std::string quoted(const std::string& name) {
  std::string result = "\"";
  for (const char c : name) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + '"';
}

// Parameters count from 1, columns from 0. Every failure throws StoreError.
class Store::Statement {
 public:
  Statement(sqlite3* database, const std::string& sql) : database_(database) {
    require(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement_, nullptr) == SQLITE_OK);
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  // What is bound must live until the statement is reset.
  void bind(int place, const std::string& text) {
    require(sqlite3_bind_text64(statement_, place, text.data(), text.size(), SQLITE_TRANSIENT,
                                SQLITE_UTF8) == SQLITE_OK);
  }
  void bind(int place, double number) {
    require(sqlite3_bind_double(statement_, place, number) == SQLITE_OK);
  }
  void bind(int place, const Cell& cell) {
    if (const double* number = std::get_if<double>(&cell))
      bind(place, *number);
    else
      bind(place, std::get<std::string>(cell));
  }
  // Whether there is a row.
  bool step() {
    const int code = sqlite3_step(statement_);
    require(code == SQLITE_ROW || code == SQLITE_DONE);
    return code == SQLITE_ROW;
  }
  void reset() { sqlite3_reset(statement_); }

  [[nodiscard]] std::string text(int column) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return bytes == nullptr ? "" : std::string(bytes, size);
  }
  [[nodiscard]] double number(int column) { return sqlite3_column_double(statement_, column); }
  [[nodiscard]] std::int64_t integer(int column) {
    return sqlite3_column_int64(statement_, column);
  }
  [[nodiscard]] Cell cell(int column) {
    if (sqlite3_column_type(statement_, column) == SQLITE_FLOAT) return number(column);
    return text(column);
  }

 private:
  void require(bool ok) const {
    if (!ok) throw StoreError(std::string("SQLite: ") + sqlite3_errmsg(database_));
  }

  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace headroom::sweep
