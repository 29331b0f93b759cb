// The dialect of Python's configparser.
#include "sim/scalesim/ini.h"

#include "tests/sim/scalesim/support.h"

namespace headroom::scalesim {
namespace {

IniFile parse(const std::string& text) { return parse_ini(split_lines(text, "a.cfg"), "a.cfg"); }

std::string value(const IniFile& file, const char* section, const char* key) {
  const IniSection* found = file.find(section);
  const IniEntry* entry = found == nullptr ? nullptr : found->find(key);
  return entry == nullptr ? "missing" : entry->value.text;
}

TEST(Ini, ReadsBothDelimitersAnySpacingAndAnyCaseOfKeys) {
  const IniFile file = parse(
      "\xEF\xBB\xBF[general]\r\nrun_name = a=b:c \r\n\r\n[x]\r\n  KeY :\t7\r\nempty=\r\n");
  EXPECT_EQ(value(file, "general", "run_name"), "a=b:c");
  EXPECT_EQ(value(file, "x", "key"), "7");
  EXPECT_EQ(value(file, "x", "empty"), "");
  EXPECT_EQ(value(file, "X", "key"), "missing");  // sections keep their case
}

TEST(Ini, CommentsAreWholeLines) {
  const IniFile file = parse("# one\n[a]\n ; two\nkey = 1 # not one\n");
  EXPECT_EQ(value(file, "a", "key"), "1 # not one");
}

TEST(Ini, ValuesGoOnInDeeperLines) {
  const IniFile file = parse("[a]\nlist = 1,\n   2,\n\n   3\nnext = 4\n");
  EXPECT_EQ(value(file, "a", "list"), "1,\n2,\n3");
  EXPECT_EQ(value(file, "a", "next"), "4");
}

TEST(Ini, KnowsWhereThingsStand) {
  const IniFile file = parse("[a]\n  key =  value\n");
  const IniEntry& entry = file.sections[0].entries[0];
  EXPECT_EQ(entry.key.at.line, 2);
  EXPECT_EQ(entry.key.at.column, 3);
  EXPECT_EQ(entry.value.at.column, 10);
}

TEST(Ini, RefusesWhatConfigparserRefuses) {
  const auto message = [](const std::string& text) { return message_of([&] { parse(text); }); };
  EXPECT_EQ(message("key = 1\n"),
            "a.cfg:1:1: document: found 'key = 1' before any section; expected a section such as "
            "[general] first");
  EXPECT_EQ(message("[a]\nkey\n"),
            "a.cfg:2:1: a: found 'key'; expected a line 'key = value', 'key : value' or "
            "'[section]'");
  EXPECT_EQ(message("[a]\n = 1\n"),
            "a.cfg:2:2: a: found '= 1'; expected a line 'key = value', 'key : value' or "
            "'[section]'");
  EXPECT_EQ(message("[a]\nkey = 1\n KEY: 2\n"), "");  // deeper: more of the value
  EXPECT_EQ(message("[a]\nkey = 1\nKEY: 2\n"),
            "a.cfg:3:1: a.KEY: found a second key 'KEY' (the first is in line 2); expected each "
            "key once");
  EXPECT_EQ(message("[a]\n[b]\n[a]\n"),
            "a.cfg:3:1: a: found a second section [a] (the first is in line 1); expected each "
            "section once");
  EXPECT_EQ(
      message("[a\n"), "a.cfg:1:1: document: found '[a'; expected a section such as [general]");
}

TEST(Ini, FilesThatAreNone) {
  EXPECT_EQ(message_of([] { static_cast<void>(read_lines("no/such.cfg")); }),
            "no/such.cfg:1:1: document: found no file; expected a file of SCALE-Sim");
  EXPECT_EQ(message_of([] { static_cast<void>(read_lines("/")); }),
            "/:1:1: document: found a directory; expected a file of SCALE-Sim");
  EXPECT_EQ(message_of([] { static_cast<void>(split_lines(std::string("a\nb\0c", 5), "a.cfg")); }),
            "a.cfg:2:2: document: found a NUL character; expected a text file in UTF-8");
}

}  // namespace
}  // namespace headroom::scalesim
