// Rows of a task, and chunks of points.
#include "sim/sweep/part.h"

#include <gtest/gtest.h>

#include "sim/sweep/slurm.h"
#include "tests/sim/sweep/files.h"

namespace headroom::sweep {
namespace {

Row row(int number) {
  Row row;
  row.key = std::to_string(number);
  row.cells = {static_cast<double>(number), std::string("a word")};
  row.status = number == 2 ? Status::misfit : Status::ok;
  row.reason = number == 2 ? "too\nlarge" : "";
  row.result = number == 2 ? "" : "{\"x\":0.1}";
  return row;
}

std::vector<Row> read(const std::string& file, const std::string& setting, std::uint64_t from = 0) {
  std::vector<Row> all;
  read_part(file, setting, from, [&](std::vector<Row>& rows) {
    all.insert(all.end(), rows.begin(), rows.end());
  });
  return all;
}

TEST(Part, ReadsWhatWasWritten) {
  const std::string file = fresh("part.jsonl");
  { PartWriter(file, "s").add({row(1), row(2)}); }
  const std::vector<Row> rows = read(file, "s");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].cells, row(2).cells);
  EXPECT_EQ(rows[1].status, Status::misfit);
  EXPECT_EQ(rows[1].reason, "too\nlarge");
  EXPECT_EQ(rows[0].result, "{\"x\":0.1}");
  EXPECT_TRUE(read(file, "another setting").empty());
  EXPECT_TRUE(read(fresh("nothing"), "s").empty());
}

// Cut off at every byte: whole lines are read, and the next attempt adds to them.
TEST(Part, ATornLineIsNoRow) {
  const std::string file = fresh("part.jsonl");
  { PartWriter(file, "s").add({row(1), row(2)}); }
  const auto whole = std::filesystem::file_size(file);
  const std::size_t first = read(file, "s").size();
  ASSERT_EQ(first, 2U);
  for (std::uintmax_t size = whole - 1; size > 0; size -= 7 < size ? 7 : size) {
    std::filesystem::resize_file(file, size);
    EXPECT_LE(read(file, "s").size(), 1U);
  }
  std::filesystem::resize_file(file, 10);
  { PartWriter(file, "s").add({row(3)}); }
  const std::vector<Row> rows = read(file, "s");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].key, "3");
}

TEST(Part, GoesOnBehindWhatWasRead) {
  const std::string file = fresh("part.jsonl");
  PartWriter writer(file, "s");
  writer.add({row(1)});
  const std::uint64_t offset = read_part(file, "s", 0, [](std::vector<Row>&) {});
  EXPECT_EQ(offset, std::filesystem::file_size(file));
  writer.add({row(2)});
  EXPECT_EQ(read(file, "s", offset).size(), 1U);
}

TEST(Chunks, CutAndJoinRanges) {
  const auto chunks = chunks_of({{0, 5}, {10, 12}, {20, 21}}, 3);
  std::string text;
  for (const auto& chunk : chunks) {
    for (const IndexRange& range : chunk)
      text += std::to_string(range.begin) + "-" + std::to_string(range.end) + " ";
    text += "| ";
  }
  EXPECT_EQ(text, "0-3 | 3-5 10-11 | 11-12 20-21 | ");
}

}  // namespace
}  // namespace headroom::sweep
