#include "sim/validation/csv.h"

#include <gtest/gtest.h>

namespace headroom::validation {
namespace {

std::string complaint(const std::string& text) {
  try {
    static_cast<void>(parse_csv(text, "runs.csv"));
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

TEST(Csv, CellsKnowWhereTheyWereWritten) {
  const CsvTable table = parse_csv(
      "\xEF\xBB\xBF"
      "a,b,c\r\n1,\"x, \"\"y\"\"\nz\",3\r\n\r\n4,,6",
      "runs.csv");
  ASSERT_EQ(table.header.size(), 3U);
  EXPECT_EQ(table.header[1].column, 3);
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0][1].text, "x, \"y\"\nz");
  EXPECT_EQ(table.rows[0][1].line, 2);
  EXPECT_EQ(table.rows[0][2].line, 3);
  EXPECT_EQ(table.rows[0][2].column, 4);
  EXPECT_EQ(table.rows[1][0].line, 5);
  EXPECT_EQ(table.rows[1][1].text, "");
  EXPECT_EQ(table.rows[1][2].text, "6");
}

TEST(Csv, ColumnsCountCharacters) {
  const CsvTable table = parse_csv("ä,b\n", "runs.csv");
  EXPECT_EQ(table.header[1].column, 3);
}

TEST(Csv, SaysWhereItIsNone) {
  EXPECT_EQ(complaint(""),
            "runs.csv:1:1: document: found no header; expected a table of comma-separated values");
  EXPECT_EQ(complaint("a,b\n1,2,3\n"),
            "runs.csv:2:1: document: found 3 cells; expected 2, as many as the header has");
  EXPECT_EQ(
      complaint("a,a\n"),
      "runs.csv:1:3: document: found column 'a' again; expected a name of its own for each column");
  EXPECT_EQ(
      complaint("a,b\n1,\"2\n"),
      "runs.csv:2:3: document: found a cell that does not end; expected a closing quotation mark");
  EXPECT_EQ(
      complaint("a,b\n1,2\"3\"\n"),
      "runs.csv:2:4: document: found a quotation mark inside of a cell; expected the whole cell "
      "in quotation marks");
  EXPECT_EQ(
      complaint("a,b\n\"1\"2,3\n"),
      "runs.csv:2:4: document: found text behind a quoted cell; expected a comma or the end of "
      "the line");
}

TEST(Csv, WrittenCellsReadBack) {
  for (const std::string text : {"plain", "a, b", "a \"b\"", "two\nlines", ""}) {
    const CsvTable table = parse_csv(csv_cell(text) + ",x\n", "runs.csv");
    EXPECT_EQ(table.header[0].text, text);
  }
}

}  // namespace
}  // namespace headroom::validation
