// headroom pareto: the points of a sweep that no other one beats.
#include "sim/sweep/pareto.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

struct Options {
  std::string out, x, y, x_goal = "least", y_goal = "most", json;
};

nlohmann::ordered_json to_json(
    const sweep::Front& front, const sweep::Store& store, const Options& options) {
  nlohmann::ordered_json points = nlohmann::ordered_json::array();
  for (const sweep::Candidate& point : front.points) {
    nlohmann::ordered_json axes = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < point.row.cells.size(); ++i)
      std::visit([&](const auto& cell) { axes[store.axes()[i]] = cell; }, point.row.cells[i]);
    points.push_back({{"axes", axes}, {"x", point.x}, {"y", point.y}});
  }
  return {
      {"schema", "headroom.pareto/1"},
      {"x", {{"path", options.x}, {"goal", options.x_goal}}},
      {"y", {{"path", options.y}, {"goal", options.y_goal}}},
      {"compared", front.compared},
      {"without", front.without},
      {"points", points}};
}

std::string text(const sweep::Front& front, const sweep::Store& store, const Options& options) {
  std::vector<std::vector<std::string>> table{{options.x, options.y}};
  table.front().insert(table.front().end(), store.axes().begin(), store.axes().end());
  for (const sweep::Candidate& point : front.points) {
    std::vector<std::string> line{fmt::format("{:.6g}", point.x), fmt::format("{:.6g}", point.y)};
    for (const sweep::Cell& cell : point.row.cells) line.push_back(sweep::to_text(cell));
    table.push_back(std::move(line));
  }
  std::vector<std::size_t> widths(table.front().size());
  for (const auto& line : table)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  std::string text = fmt::format(
      "{} of {} points are on the front: {} {}, {} {}\n\n", front.points.size(), front.compared,
      options.x_goal, options.x, options.y_goal, options.y);
  for (const auto& line : table) {
    for (std::size_t i = 0; i < line.size(); ++i)
      text += fmt::format("  {:>{}}", line[i], widths[i]);
    text += '\n';
  }
  if (front.without > 0)
    text += fmt::format("\n{} more results lack one of the two\n", front.without);
  return text;
}

void run(const Options& options) {
  sweep::Store store = sweep::Store::open(options.out);
  const auto goal = [](const std::string& word) {
    return enumerator<sweep::Goal>(sweep::goal_names, word);
  };
  const sweep::Front front = sweep::pareto(
      store, {options.x, goal(options.x_goal)}, {options.y, goal(options.y_goal)});
  if (front.compared == 0)
    throw std::runtime_error(fmt::format(
        "no result of {} has both {} and {}: a key that is null is not modelled yet, or there is "
        "no such key (headroom export {} shows them)",
        options.out, options.x, options.y, options.out));
  Output output(options.json.empty() ? "-" : options.json);
  output.stream() << (options.json.empty() ? text(front, store, options)
                                           : to_json(front, store, options).dump(2) + "\n");
  output.commit();
}

}  // namespace

void add_pareto_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "pareto", "Show the points of a sweep that no other one beats");
  command->add_option("OUT", options->out, "Results of headroom sweep")->required();
  command->add_option("--x", options->x, "An axis, or a number of the results by its path")
      ->type_name("PATH")
      ->required();
  command->add_option("--y", options->y, "The other one")->type_name("PATH")->required();
  command->add_option("--x-goal", options->x_goal, "What is better")
      ->check(one_of(sweep::goal_names))
      ->type_name("WORD")
      ->capture_default_str();
  command->add_option("--y-goal", options->y_goal, "The same of the other one")
      ->check(one_of(sweep::goal_names))
      ->type_name("WORD")
      ->capture_default_str();
  add_json_option(*command, options->json);
  command->footer(
      "Example:\n  headroom pareto out/sweep.sqlite --x cost.usd_per_million_tokens --y "
      "throughput.tokens_per_s");
  command->callback([options] { run(*options); });
}

}  // namespace headroom
