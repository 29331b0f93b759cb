// Commands as CSV: written and read back, and exactly what is said of a line that is none.
#include "sim/memory/command_csv.h"

#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "tests/sim/config/support.h"
#include "tests/support/seed.h"

namespace headroom {
namespace {

using hbm::Command;
using hbm::CommandKind;

const std::string header(hbm::command_csv_header);

std::string written(const std::vector<Command>& commands) {
  std::ostringstream text;
  {
    CommandCsvWriter writer(text);
    for (const Command& command : commands) writer.write(command);
  }
  return text.str();
}

class CommandCsv : public ::testing::Test {
 protected:
  std::vector<Command> read(const std::string& text) {
    std::vector<Command> commands;
    read_commands(
        folder_.write("c.csv", text).string(), [&](const Command& command, std::int64_t line) {
          commands.push_back(command);
          EXPECT_EQ(line, static_cast<std::int64_t>(commands.size()) + 1);
        });
    return commands;
  }
  std::string complaint(const std::string& text) {
    return config::replaced(
        config::message_of([&] { read(text); }), (folder_.path() / "c.csv").string(), "c.csv");
  }

  config::TemporaryFolder folder_;
};

TEST_F(CommandCsv, LeavesBlankWhatACommandDoesNotUse) {
  Command act{1250, CommandKind::act, 0, 3, 1, 1, 2, 0, 517};
  Command wra{5000, CommandKind::wra, 0, 3, 1, 1, 2, 0};
  wra.column = 31;
  const Command pre{9000, CommandKind::pre, 0, 3, 1, 1, 2, 0};
  const Command refab{9'000'000'000'000, CommandKind::refab, 4, 15, 0, 0};
  const std::string text = header +
                           "\n1250,0,3,1,1,2,0,ACT,517,\n5000,0,3,1,1,2,0,WRA,,31\n"
                           "9000,0,3,1,1,2,0,PRE,,\n9000000000000,4,15,0,0,,,REFab,,\n";
  EXPECT_EQ(written({act, wra, pre, refab}), text);
  EXPECT_EQ(written(read(text)), text);
}

TEST_F(CommandCsv, ReadsBackWhatItWrote) {
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  const auto field = [&] { return static_cast<std::int32_t>(random() % 100) - 1; };
  const auto used = [&] { return static_cast<std::int32_t>(random() >> 33); };
  std::vector<Command> commands(50'000);
  for (Command& c : commands) {
    c.time_ps = static_cast<std::int64_t>(random() >> 1);
    c.kind = static_cast<CommandKind>(random() % hbm::command_names.size());
    c.stack = used(), c.channel = used(), c.pseudo_channel = used(), c.stack_id = used();
    c.bank_group = field(), c.bank = field(), c.row = field(), c.column = field();
  }
  const std::vector<Command> back = read(written(commands));
  ASSERT_EQ(back.size(), commands.size());
  for (std::size_t i = 0; i < back.size(); ++i) {
    const Command &a = commands[i], &b = back[i];
    EXPECT_TRUE(
        a.time_ps == b.time_ps && a.kind == b.kind && a.stack == b.stack &&
        a.channel == b.channel && a.pseudo_channel == b.pseudo_channel &&
        a.stack_id == b.stack_id && a.bank_group == b.bank_group && a.bank == b.bank &&
        a.row == b.row && a.column == b.column)
        << i;
  }
}

TEST_F(CommandCsv, SaysWhatIsNoCommand) {
  const std::string good = "0,0,0,0,0,0,0,ACT,0,\n";
  EXPECT_EQ(complaint(header + "\n" + good), "no error");
  EXPECT_EQ(complaint(header + "\r\n0,0,0,0,0,0,0,PRE,,\r\n"), "no error");
  EXPECT_EQ(complaint(header), "no error") << "no command at all";
  EXPECT_EQ(
      complaint(good),
      "c.csv:1:1: document: found '0,0,0,0,0,0,0,ACT,0,'; expected the header "
      "'time_ps,stack,channel,pseudo_channel,stack_id,bank_group,bank,command,"
      "row,column'");
  EXPECT_EQ(
      complaint(""),
      "c.csv:1:1: document: found nothing; expected the header "
      "'time_ps,stack,channel,pseudo_channel,stack_id,bank_group,bank,command,"
      "row,column'");
  const auto second = [&](const std::string& line) {
    return complaint(header + "\n" + good + line);
  };
  EXPECT_EQ(second("0,0,0,0,0,0,0,ACT,0\n"),
            "c.csv:3:1: document: found 9 fields; expected the 10 fields "
            "time_ps,stack,channel,pseudo_channel,stack_id,bank_group,bank,command,row,column");
  EXPECT_EQ(
      second("0,0,0,0,0,0,0,ACT,0,,\n").substr(0, 36), "c.csv:3:1: document: found 11 fields");
  EXPECT_EQ(second("\n").substr(0, 40), "c.csv:3:1: document: found an empty line");
  EXPECT_EQ(second("12.5,0,0,0,0,0,0,ACT,0,\n"),
            "c.csv:3:1: time_ps: found '12.5'; expected a whole number of at least 0");
  EXPECT_EQ(second("-625,0,0,0,0,0,0,ACT,0,\n"),
            "c.csv:3:1: time_ps: found '-625'; expected a whole number of at least 0");
  EXPECT_EQ(second("625,0,,0,0,0,0,ACT,0,\n"),
            "c.csv:3:7: channel: found nothing; expected a whole number from 0 to 2147483647");
  EXPECT_EQ(second("625,0,2147483648,0,0,0,0,ACT,0,\n"),
            "c.csv:3:7: channel: found '2147483648'; expected a whole number from 0 to 2147483647");
  EXPECT_EQ(second("625,0,1,0,0,0,x,ACT,0,\n"),
            "c.csv:3:15: bank: found 'x'; expected a whole number from 0 to 2147483647");
  EXPECT_EQ(second("625,0,1,0,0,0,0,REFAB,0,\n"),
            "c.csv:3:17: command: found 'REFAB'; expected one of ACT, RD, WR, RDA, WRA, PRE, PREA, "
            "REFab, REFpb; did you mean 'REFab'?");
  EXPECT_EQ(second("625,0,1,0,0,0,0,RD,0, 7\n"),
            "c.csv:3:22: column: found ' 7'; expected a whole number from 0 to 2147483647");
}

}  // namespace
}  // namespace headroom
