// The store: what is written stays, once; what is not ours is left alone.
#include "sim/sweep/store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "sim/sweep/export.h"
#include "tests/sim/sweep/files.h"

namespace headroom::sweep {
namespace {

const std::vector<std::string> axes{"plan.tensor", "cluster.chip"};

Row row(int number, const std::string& chip = "h100-sxm") {
  Row row;
  row.key = "key of " + std::to_string(number) + chip;
  row.cells = {static_cast<double>(number), chip};
  row.result = R"({"a":{"b":)" + std::to_string(number) + R"(,"c":null,"d":"x,y"},"e":[1]})";
  row.wall_s = 0.5;
  return row;
}

std::string jsonl(Store& store) {
  std::ostringstream out;
  write_jsonl(store, out);
  return out.str();
}

std::string complaint_about_opening(
    const std::string& file, const std::vector<std::string>& names) {
  try {
    Store::create(file, names);
  } catch (const InputError& error) {
    return std::string(error.what()).substr(file.size());
  }
  return "";
}

std::string content(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Store, KeepsRowsInTheOrderOfAxes) {
  const std::string file = fresh("out");
  {
    Store store = Store::create(file, axes);
    store.begin("s", "test", "v");
    EXPECT_EQ(store.add({row(10), row(2, "b200"), row(2)}), 3U);
    EXPECT_EQ(store.add({row(10), row(3)}), 1U) << "a row is counted once";
  }
  Store store = Store::open(file);
  std::vector<std::string> order;
  store.each([&](const Row& one) {
    order.push_back(to_text(one.cells[0]) + to_text(one.cells[1]));
  });
  EXPECT_EQ(order, (std::vector<std::string>{"2b200", "2h100-sxm", "3h100-sxm", "10h100-sxm"}));
  EXPECT_EQ(store.counts()[0], 4);
  EXPECT_EQ(summary(store), "4 points: 4 ok");
}

TEST(Store, ExportsTheLatestSetting) {
  Store store = Store::create(fresh("out"), axes);
  store.begin("older", "test", "v");
  store.add({row(1)});
  store.begin("newer", "test", "v");
  Row failed = row(2);
  failed.status = Status::timeout;
  failed.reason = "took \"long\"";
  failed.result.clear();
  store.add({failed});
  EXPECT_EQ(jsonl(store),
            "{\"axes\":{\"plan.tensor\":2.0,\"cluster.chip\":\"h100-sxm\"},\"status\":\"timeout\","
            "\"reason\":\"took \\\"long\\\"\",\"result\":null}\n");
  EXPECT_EQ(store.outdated(), 1);
  EXPECT_EQ(store.forget_interrupted(), 1U);
  EXPECT_EQ(jsonl(store), "");
  EXPECT_EQ(store.outdated(), 1) << "only rows of this setting are forgotten";
}

TEST(Store, CsvHasOneColumnForEveryScalar) {
  Store store = Store::create(fresh("out"), axes);
  store.begin("s", "test", "v");
  store.add({row(1)});
  std::ostringstream out;
  write_csv(store, out);
  EXPECT_EQ(
      out.str(), "plan.tensor,cluster.chip,status,reason,a.b,a.c,a.d\n1,h100-sxm,ok,,1,,\"x,y\"\n");
}

TEST(Store, FindsNumbersByTheirPath) {
  const std::string result = row(7).result;
  EXPECT_EQ(number_at(result, "a.b"), 7);
  for (const char* path : {"a.c", "a.d", "a", "x", "a.b.c", ""})
    EXPECT_EQ(number_at(result, path), std::nullopt) << path;
}

TEST(Store, LeavesForeignFilesAlone) {
  const std::string text = written(
      "not a database, but longer than a header of SQLite is: "
      "0123456789012345678901234567890123456789012345678901234567890");
  const std::string before = content(text);
  EXPECT_EQ(
      complaint_about_opening(text, axes),
      ":1:1: document: found a file that no sweep wrote; expected the results of a sweep, or a "
      "new file");
  EXPECT_EQ(content(text), before);

  const std::string other = fresh("other");
  sqlite3* database = nullptr;
  sqlite3_open(other.c_str(), &database);
  sqlite3_exec(
      database, "CREATE TABLE mine (x); INSERT INTO mine VALUES (1)", nullptr, nullptr, nullptr);
  sqlite3_close(database);
  const std::string database_before = content(other);
  EXPECT_NE(
      complaint_about_opening(other, axes).find("a file that no sweep wrote"), std::string::npos);
  EXPECT_EQ(content(other), database_before);

  EXPECT_NE(complaint_about_opening(testing::TempDir(), axes).find("found a directory"),
            std::string::npos);
  EXPECT_NE(complaint_about_opening("/no/such/folder/out", axes).find("cannot be opened"),
            std::string::npos);
  EXPECT_THROW(Store::open(fresh("nothing")), InputError);
}

TEST(Store, RefusesOtherSchemasAndAxes) {
  const std::string file = fresh("out");
  { Store store = Store::create(file, axes); }
  EXPECT_EQ(complaint_about_opening(file, {"plan.data"}),
            ":1:1: document: found results over the axes plan.tensor, cluster.chip; expected "
            "plan.data, the axes of this sweep, or a new file");
  sqlite3* database = nullptr;
  sqlite3_open(file.c_str(), &database);
  sqlite3_exec(database, "PRAGMA user_version = 99", nullptr, nullptr, nullptr);
  sqlite3_close(database);
  EXPECT_NE(
      complaint_about_opening(file, axes).find("results of schema version 99; expected version 1"),
      std::string::npos);
}

// Several processes make one file and write the same rows: each is there once.
TEST(Store, TakesSeveralWritersAtOnce) {
  const std::string file = fresh("out");
  constexpr int writers = 4, rows = 200;
  for (int writer = 0; writer < writers; ++writer)
    if (fork() == 0) {
      try {
        Store store = Store::create(file, axes);
        store.begin("s", "test", "v");
        for (int i = 0; i < rows; i += 10) {
          std::vector<Row> ten;
          for (int k = i; k < i + 10; ++k) ten.push_back(row(k));
          store.add(ten);
        }
      } catch (...) {
        _exit(1);
      }
      _exit(0);
    }
  for (int writer = 0; writer < writers; ++writer) {
    int status = 0;
    wait(&status);
    EXPECT_EQ(status, 0);
  }
  Store store = Store::open(file);
  EXPECT_EQ(store.counts()[0], rows);
}

// A file that may not grow is what a full disk looks like: the write fails, and says so, and what
// was there before is whole.
TEST(Store, AFullDiskLosesNothing) {
  const std::string file = fresh("out");
  {
    Store store = Store::create(file, axes);
    store.begin("s", "test", "v");
    store.add({row(1), row(2)});
  }
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit small{256 * 1024, 256 * 1024};
    setrlimit(RLIMIT_FSIZE, &small);
    bool failed = false;
    try {
      Store store = Store::create(file, axes);
      store.begin("s", "test", "v");
      Row large = row(3);
      large.result = '"' + std::string(50'000, 'x') + '"';
      for (int i = 0; i < 50; ++i) {
        large.key = "large " + std::to_string(i);
        store.add({large});
      }
    } catch (const StoreError&) {
      failed = true;
    }
    _exit(failed ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0) << "the disk did not fill, or another error came";
  Store store = Store::open(file);
  store.begin("s", "test", "v");
  EXPECT_GE(store.counts()[0], 2);
  EXPECT_EQ(store.add({row(1), row(4)}), 1U) << "space again: the sweep goes on";
}

}  // namespace
}  // namespace headroom::sweep
