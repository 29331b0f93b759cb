// The results of a sweep: one SQLite file with a row for every point.
//
// Table `points`: key, setting, status, reason, wall_s, result (JSON), and a column for each axis,
// named as its path. Table `sweeps`: the settings under which points were computed, the latest
// last. A row is written once, in a transaction, by the key that is the digest of all that it
// depends on: writers may be killed at any moment, and several may write at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <vector>

#include "sim/sweep/row.h"

struct sqlite3;
struct sqlite3_stmt;

namespace headroom::sweep {

// Writing or reading failed: disk full, file damaged or locked for too long.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Store {
 public:
  // Opens the file, or makes it. Throws InputError, and leaves the file as it is, where it cannot
  // be written, is something else, or has another schema or other axes.
  static Store create(const std::string& file, const std::vector<std::string>& axes);
  // Opens what is there, for reading, and for adding rows where the file can be written.
  static Store open(const std::string& file);

  Store(Store&&) noexcept;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  Store& operator=(Store&&) = delete;
  ~Store();

  [[nodiscard]] const std::vector<std::string>& axes() const { return axes_; }

  // From now on, in every process, rows() are those of this setting. `name`: of the sweep.
  void begin(const std::string& setting, const std::string& name, const std::string& version);
  // All rows in one transaction, those excepted whose key is there; how many were new.
  std::size_t add(const std::vector<Row>& rows);
  // Points that were interrupted (is_interrupted) are no results any more; how many.
  std::size_t forget_interrupted();

  // Keys of the rows of the setting.
  [[nodiscard]] std::unordered_set<std::string> keys();
  // Rows of the latest setting in the order of their axes: numbers before words, ascending.
  void each(const std::function<void(const Row&)>& take);
  // How many of it have each status, in the order of status_names.
  [[nodiscard]] std::vector<std::int64_t> counts();
  // Rows of other settings: of an older program, or other inputs.
  [[nodiscard]] std::int64_t outdated();

 private:
  class Statement;

  explicit Store(std::string file);
  void connect(bool may_create);
  void check_kind();
  void make_tables(const std::vector<std::string>& axes);
  void read_axes();
  void write_ahead();
  void run(const std::string& sql);
  [[noreturn]] void fail(const std::string& doing) const;
  [[noreturn]] void refuse(const std::string& found, const std::string& expected) const;

  std::string file_;
  sqlite3* database_ = nullptr;
  std::vector<std::string> axes_;
  std::string setting_;
  std::unique_ptr<Statement> insert_;
};

// "5,000 points: 4,990 ok, 10 misfit".
[[nodiscard]] std::string summary(Store& store);

}  // namespace headroom::sweep
