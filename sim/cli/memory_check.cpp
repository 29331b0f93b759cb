#include "sim/cli/memory_check.h"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <vector>

#include "sim/memory/command_csv.h"
#include "sim/report/numbers.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;
using hbm::CommandChecker;
using hbm::CommandKind;

constexpr std::size_t most_shown = 10;  // violations; the counts hold all

struct Shown {
  std::int64_t line;
  std::string text;
};

Json to_json(const CommandChecker& checker, const hbm::Device& device, hbm::RefreshRule refresh,
             const std::vector<Shown>& shown, double seconds) {
  Json counts = Json::object(), rules = Json::object(), first = Json::array();
  for (std::size_t i = 0; i < hbm::command_names.size(); ++i)
    counts[std::string(hbm::command_names[i])] = checker.commands(static_cast<CommandKind>(i));
  for (const auto& [rule, count] : checker.by_rule()) rules[std::string(rule)] = count;
  for (const Shown& violation : shown)
    first.push_back({{"line", violation.line}, {"violation", violation.text}});
  return {
      {"schema", "headroom.memory_check/1"},
      {"device", device.id},
      {"refresh", hbm::refresh_rule_names[static_cast<std::size_t>(refresh)]},
      {"commands", checker.commands()},
      {"counts", std::move(counts)},
      {"last_ps", checker.last_ps()},
      {"violations", checker.violations()},
      {"rules", std::move(rules)},
      {"first", std::move(first)},
      {"seconds", seconds}};
}

std::string table(const CommandChecker& checker, const hbm::Device& device, const std::string& path,
                  const std::vector<Shown>& shown, double seconds) {
  const auto grouped_count = [](std::int64_t count) { return grouped(static_cast<double>(count)); };
  std::string text = fmt::format(
      "{} commands of {} x {} in {:.3f} us of memory time, checked in {}\n ",
      grouped_count(checker.commands()), device.organisation.stacks, device.name,
      static_cast<double>(checker.last_ps()) * 1e-6, seconds_text(seconds));
  for (std::size_t i = 0; i < hbm::command_names.size(); ++i)
    if (const auto count = checker.commands(static_cast<CommandKind>(i)); count > 0)
      text += fmt::format(" {} {}", hbm::command_names[i], grouped_count(count));
  text += '\n';
  if (checker.violations() == 0) return text + "No rule is violated.\n";
  text += fmt::format("{} violations:", grouped_count(checker.violations()));
  for (const auto& [rule, count] : checker.by_rule())
    text += fmt::format(" {} {}", rule, grouped_count(count));
  text += '\n';
  for (const Shown& violation : shown)
    text += violation.line == 0 ? fmt::format("{}: at the end: {}\n", path, violation.text)
                                : fmt::format("{}:{}: {}\n", path, violation.line, violation.text);
  if (checker.violations() > static_cast<std::int64_t>(shown.size()))
    text += fmt::format(
        "... and {} more\n",
        grouped_count(checker.violations() - static_cast<std::int64_t>(shown.size())));
  return text;
}

}  // namespace

CommandCheck check_commands(
    const std::string& path, const hbm::Device& device, hbm::RefreshRule refresh, bool json) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<Shown> shown;
  std::int64_t line = 0;
  CommandChecker checker(device, refresh, [&](const hbm::Violation& violation) {
    if (shown.size() < most_shown) shown.push_back({line, violation.text()});
  });
  read_commands(path, [&](const hbm::Command& command, std::int64_t number) {
    line = number;
    checker.check(command);
  });
  line = 0;
  checker.finish();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  CommandCheck result{checker.violations() == 0, ""};
  result.text = json ? to_json(checker, device, refresh, shown, took.count()).dump(2) + '\n'
                     : table(checker, device, path, shown, took.count());
  return result;
}

}  // namespace headroom
