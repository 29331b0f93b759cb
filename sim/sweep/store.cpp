#include "sim/sweep/store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "sim/config/error.h"
#include "sim/report/numbers.h"
#include "sim/sweep/statement.h"

namespace headroom::sweep {

namespace {

constexpr int application = 0x48647277;  // "Hdrw", PRAGMA application_id
constexpr int schema = 1;                // PRAGMA user_version
constexpr int patience_ms = 60'000;      // for other writers

}  // namespace

Store::Store(std::string file) : file_(std::move(file)) {}

Store::Store(Store&& other) noexcept
    : file_(std::move(other.file_)),
      database_(std::exchange(other.database_, nullptr)),
      axes_(std::move(other.axes_)),
      setting_(std::move(other.setting_)),
      insert_(std::move(other.insert_)) {}

Store::~Store() {
  insert_.reset();
  sqlite3_close(database_);
}

void Store::fail(const std::string& doing) const {
  throw StoreError(fmt::format(
      "cannot {} {}: {}; what was stored before is kept", doing, file_,
      database_ == nullptr ? "no file" : sqlite3_errmsg(database_)));
}

void Store::refuse(const std::string& found, const std::string& expected) const {
  throw InputError({file_, 1, 1}, "", found, expected);
}

void Store::run(const std::string& sql) {
  if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail("write");
}

void Store::connect(bool may_create) {
  namespace fs = std::filesystem;
  std::error_code error;
  constexpr const char* expected = "a file of results that can be written";
  if (fs::is_directory(file_, error)) refuse("a directory", expected);
  if (!may_create && !fs::exists(file_, error)) refuse("no file", "the results of a sweep");
  const int mode = may_create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
  if (sqlite3_open_v2(file_.c_str(), &database_, mode, nullptr) != SQLITE_OK)
    refuse(fmt::format("a path that cannot be opened ({})", sqlite3_errmsg(database_)), expected);
  if (may_create && sqlite3_db_readonly(database_, "main") == 1)
    refuse("a file that cannot be written", expected);
  sqlite3_extended_result_codes(database_, 1);
  sqlite3_busy_timeout(database_, patience_ms);
}

// Reads only, so that what is not ours stays as it is.
void Store::check_kind() {
  constexpr const char* expected = "the results of a sweep, or a new file";
  try {
    const auto number = [&](const char* pragma) {
      Statement statement(database_, pragma);
      return statement.step() ? statement.integer(0) : 0;
    };
    if (number("PRAGMA application_id") != application)
      refuse("a file that no sweep wrote", expected);
    if (const auto version = number("PRAGMA user_version"); version != schema)
      refuse(fmt::format("results of schema version {}", version),
             fmt::format("version {}, which this program writes: another file, or the program that "
                         "wrote it",
                         schema));
  } catch (const StoreError&) {
    refuse("a file that no sweep wrote", expected);
  }
}

void Store::read_axes() {
  Statement statement(database_, "SELECT path FROM axes ORDER BY place");
  while (statement.step()) axes_.push_back(statement.text(0));
}

void Store::make_tables(const std::vector<std::string>& axes) {
  run(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application, schema));
  std::string columns;
  for (const std::string& axis : axes) columns += fmt::format(", {}", quoted(axis));
  run("CREATE TABLE axes (place INTEGER PRIMARY KEY, path TEXT NOT NULL);"
      "CREATE TABLE sweeps (place INTEGER PRIMARY KEY, setting TEXT NOT NULL UNIQUE, name TEXT, "
      "version TEXT);"
      "CREATE TABLE points (key TEXT PRIMARY KEY NOT NULL, setting TEXT NOT NULL, status TEXT NOT "
      "NULL, reason TEXT, wall_s REAL, result TEXT" +
      columns + ")");
  Statement statement(database_, "INSERT INTO axes (path) VALUES (?)");
  for (const std::string& axis : axes) {
    statement.bind(1, axis);
    statement.step();
    statement.reset();
  }
}

// Changing the journal does not wait for others that do the same.
void Store::write_ahead() {
  for (int attempt = 0;; ++attempt) {
    if (sqlite3_exec(database_, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr) ==
        SQLITE_OK)
      return;
    constexpr int attempts = 500, pause_ms = 20;
    if (attempt == attempts || (sqlite3_errcode(database_) & 0xff) != SQLITE_BUSY) fail("write");
    sqlite3_sleep(pause_ms);
  }
}

Store Store::create(const std::string& file, const std::vector<std::string>& axes) {
  Store store(file);
  store.connect(true);
  // Nothing is written before it is known to be ours or empty; another sweep may be making it now.
  const auto is_empty = [&] {
    try {
      Statement tables(store.database_, "SELECT count(*) FROM sqlite_master");
      Statement id(store.database_, "PRAGMA application_id");
      return tables.step() && tables.integer(0) == 0 && id.step() && id.integer(0) == 0;
    } catch (const StoreError&) {
      return false;  // no database at all: check_kind() says so
    }
  };
  if (is_empty()) {
    store.write_ahead();
    store.run("BEGIN IMMEDIATE");
    if (is_empty()) store.make_tables(axes);
    store.run("COMMIT");
  }
  store.check_kind();
  store.read_axes();
  if (store.axes_ != axes)
    store.refuse(fmt::format("results over the axes {}", fmt::join(store.axes_, ", ")),
                 fmt::format("{}, the axes of this sweep, or a new file", fmt::join(axes, ", ")));
  // A process that is killed loses nothing; a power cut may take the last seconds.
  store.run("PRAGMA synchronous = NORMAL");
  return store;
}

Store Store::open(const std::string& file) {
  Store store(file);
  store.connect(false);
  store.check_kind();
  store.read_axes();
  Statement latest(store.database_, "SELECT setting FROM sweeps ORDER BY place DESC LIMIT 1");
  if (latest.step()) store.setting_ = latest.text(0);
  return store;
}

void Store::begin(const std::string& setting, const std::string& name, const std::string& version) {
  setting_ = setting;
  Statement statement(
      database_, "INSERT OR REPLACE INTO sweeps (setting, name, version) VALUES (?, ?, ?)");
  statement.bind(1, setting);
  statement.bind(2, name);
  statement.bind(3, version);
  statement.step();
}

std::size_t Store::add(const std::vector<Row>& rows) {
  if (!insert_) {
    std::string columns, marks;
    for (const std::string& axis : axes_) columns += ", " + quoted(axis), marks += ", ?";
    insert_ = std::make_unique<Statement>(
        database_, "INSERT OR IGNORE INTO points (key, setting, status, reason, wall_s, result" +
                       columns + ") VALUES (?, ?, ?, ?, ?, ?" + marks + ")");
  }
  run("BEGIN IMMEDIATE");
  const std::int64_t before = sqlite3_total_changes64(database_);
  try {
    for (const Row& row : rows) {
      insert_->bind(1, row.key);
      insert_->bind(2, setting_);
      insert_->bind(3, std::string(to_string(row.status)));
      insert_->bind(4, row.reason);
      insert_->bind(5, row.wall_s);
      insert_->bind(6, row.result);
      for (std::size_t i = 0; i < row.cells.size(); ++i)
        insert_->bind(static_cast<int>(i) + 7, row.cells[i]);
      insert_->step();
      insert_->reset();
    }
    run("COMMIT");
  } catch (const StoreError&) {
    insert_->reset();
    sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
  return static_cast<std::size_t>(sqlite3_total_changes64(database_) - before);
}

std::size_t Store::forget_interrupted() {
  Statement statement(
      database_,
      "DELETE FROM points WHERE setting = ? AND status IN ('crashed', 'timeout', 'memory')");
  statement.bind(1, setting_);
  statement.step();
  return static_cast<std::size_t>(sqlite3_changes(database_));
}

std::unordered_set<std::string> Store::keys() {
  std::unordered_set<std::string> keys;
  Statement statement(database_, "SELECT key FROM points WHERE setting = ?");
  statement.bind(1, setting_);
  while (statement.step()) keys.insert(statement.text(0));
  return keys;
}

void Store::each(const std::function<void(const Row&)>& take) {
  std::string columns, order;
  for (const std::string& axis : axes_)
    columns += ", " + quoted(axis), order += quoted(axis) + ", ";
  Statement statement(
      database_, "SELECT key, status, reason, wall_s, result" + columns +
                     " FROM points WHERE setting = ? ORDER BY " + order + "key");
  statement.bind(1, setting_);
  while (statement.step()) {
    Row row;
    row.key = statement.text(0);
    const std::string status = statement.text(1);
    row.status = static_cast<Status>(
        std::find(status_names.begin(), status_names.end(), status) - status_names.begin());
    row.reason = statement.text(2);
    row.wall_s = statement.number(3);
    row.result = statement.text(4);
    for (std::size_t i = 0; i < axes_.size(); ++i)
      row.cells.push_back(statement.cell(static_cast<int>(i) + 5));
    take(row);
  }
}

std::vector<std::int64_t> Store::counts() {
  std::vector<std::int64_t> counts(status_names.size());
  Statement statement(
      database_, "SELECT status, count(*) FROM points WHERE setting = ? GROUP BY status");
  statement.bind(1, setting_);
  while (statement.step()) {
    const auto place = std::find(status_names.begin(), status_names.end(), statement.text(0));
    if (place != status_names.end())
      counts[static_cast<std::size_t>(place - status_names.begin())] = statement.integer(1);
  }
  return counts;
}

std::int64_t Store::outdated() {
  Statement statement(database_, "SELECT count(*) FROM points WHERE setting <> ?");
  statement.bind(1, setting_);
  return statement.step() ? statement.integer(0) : 0;
}

std::string summary(Store& store) {
  const auto count = [](std::int64_t number) { return grouped(static_cast<double>(number)); };
  std::int64_t all = 0;
  std::string parts;
  const std::vector<std::int64_t> counts = store.counts();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    all += counts[i];
    if (counts[i] > 0)
      parts += fmt::format(
          "{}{} {}", parts.empty() ? ": " : ", ", count(counts[i]), status_names[i]);
  }
  std::string text = count(all) + (all == 1 ? " point" : " points") + parts;
  if (const std::int64_t old = store.outdated(); old > 0)
    text += fmt::format("; {} more of other inputs or another program", count(old));
  return text;
}

}  // namespace headroom::sweep
