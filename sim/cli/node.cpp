// headroom node: a process node with the source of each value, and what follows from them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <string>
#include <vector>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/config/datum.h"
#include "sim/config/process_node.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

using config::Datum;
using Json = nlohmann::ordered_json;
using technology::ProcessNode;
using technology::Scaling;

struct Options {
  std::string node, json;
  std::vector<std::string> config_paths;
};

Json optional(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

// What the values of the file and of those that its claims stand on give.
Json derived(const Scaling& nodes, const ProcessNode& node) {
  const technology::Claims& claims = node.claims;
  Json result{
      {"chain", nodes.chain(node.id)},
      {"reference", nodes.reference()},
      {"energy_over_reference", optional(nodes.energy(node.id))},
      {"capacitance_over_reference", optional(nodes.capacitance(node.id))},
      {"claimed_energy_of_chain", optional(nodes.claimed_energy(node.id))},
      {"speed_at_minimum", relative_speed(node.supply, node.supply.minimum_v)},
      {"speed_at_maximum", relative_speed(node.supply, node.supply.maximum_v)},
      {"leakage_at_maximum_w_m2",
       leakage_density(node, node.supply.maximum_v, node.leakage.temperature_k)}};
  result["implied_speed_gain"] = claims.power_saving
                                     ? Json(implied_speed_gain(node.supply, *claims.power_saving))
                                     : Json();
  result["headline_density_ratio"] = claims.from.empty()
                                         ? Json()
                                         : Json(node.logic_density /
                                                nodes.node(claims.from).logic_density);
  return result;
}

std::string share(const Json& value) {
  return value.is_null() ? "not known" : fmt::format("{:.3g} %", value.get<double>() * 100);
}

std::string number(const Json& value) {
  return value.is_null() ? "not known" : fmt::format("{:.4g}", value.get<double>());
}

std::string value_line(const Datum& datum) {
  std::string text = fmt::format(
      "  {:<26} {:<18} {}", datum.key, datum.value.empty() ? "not known" : datum.value,
      datum.meaning);
  if (!datum.low.empty()) text += fmt::format("; {} to {}", datum.low, datum.high);
  if (datum.derived) text += "; derived";
  if (!datum.source.empty()) text += fmt::format("\n  {:<26} source: {}", "", datum.source);
  return text + '\n';
}

std::string table(const ProcessNode& node, const std::vector<Datum>& data, const Json& d) {
  std::string text = fmt::format("{} ({})\n", node.name, node.id);
  for (const Datum& datum : data)
    if (datum.key != "name" && datum.key != "foundry" && datum.key != "claims.from")
      text += value_line(datum);
  text += "\nWhat follows\n";
  const auto row = [&](const char* name, const std::string& value) {
    text += fmt::format("  {:<26} {}\n", name, value);
  };
  const std::string reference = d["reference"];
  row("chain of claims",
      fmt::format("{}", fmt::join(d["chain"].get<std::vector<std::string>>(), " <- ")));
  row("energy of an operation",
      fmt::format("{} of {}'s, both at their nominal voltage", number(d["energy_over_reference"]),
                  reference));
  row("capacitance-like part", number(d["capacitance_over_reference"]) + " of " + reference + "'s");
  row("energy by claims alone",
      number(d["claimed_energy_of_chain"]) + " of that at the chain's start");
  row("clock at lowest voltage", number(d["speed_at_minimum"]) + " of that at nominal");
  row("clock at highest voltage", number(d["speed_at_maximum"]) + " of that at nominal");
  row("leakage at highest voltage",
      fmt::format("{:.3g} mW/mm^2", d["leakage_at_maximum_w_m2"].get<double>() * 1e-3));
  row("speed gain, same power",
      share(d["implied_speed_gain"]) +
          " by the alpha-power law out of the power claim; compare "
          "claims.speed_gain");
  row("headline density",
      number(d["headline_density_ratio"]) + " of the earlier node's; compare claims.density");
  return text;
}

Json to_json(const ProcessNode& node, const std::vector<Datum>& data, const Json& derived_values) {
  Json values = Json::object();
  for (const Datum& datum : data) {
    Json& entry = values[datum.key];
    entry = {{"value", datum.value.empty() ? Json() : Json(datum.value)},
             {"si", datum.si},
             {"meaning", datum.meaning}};
    if (!datum.low.empty()) entry["range"] = {datum.low, datum.high};
    if (datum.derived) entry["derived"] = true;
    if (!datum.source.empty()) entry["source"] = datum.source;
  }
  return {{"schema", "headroom.node/1"},
          {"node", node.id},
          {"values", values},
          {"derived", derived_values}};
}

void show(const Options& options) {
  using config::Node;
  const config::ConfigPaths paths({options.config_paths.begin(), options.config_paths.end()});
  const bool is_path = options.node.find_first_of("/.") != std::string::npos;
  if (const std::string wrong = one_of(paths.names("nodes")).complaint()(options.node);
      !is_path && !wrong.empty())
    throw OptionError("NODE", wrong);
  const auto file = paths.resolve(Node::parse('"' + options.node + '"', "NODE"), "nodes", "node");
  const Node document = Node::load(file);
  const ProcessNode node = config::read_process_node(document, file.stem().string());
  const Scaling known = config::load_process_nodes(paths);
  std::map<std::string, ProcessNode> nodes = known.nodes();
  nodes[node.id] = node;  // a file elsewhere counts as one of them
  const Scaling scaling(nodes);
  const auto& record = config::process_node_record();
  const std::vector<Datum> data = data_of(document, record, record.write(node));
  const Json follows = derived(scaling, node);
  Output output(options.json.empty() ? "-" : options.json);
  if (options.json.empty())
    output.stream() << table(node, data, follows);
  else
    output.stream() << to_json(node, data, follows).dump(2) << '\n';
  output.commit();
}

}  // namespace

void add_node_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "node", "Print a process node: density, voltages, leakage, energy, prices, with sources");
  command->add_option("NODE", options->node, "A file of configs/nodes, by name or path")
      ->required();
  add_json_option(*command, options->json);
  add_config_path_option(*command, options->config_paths);
  command->footer("Example:\n  headroom node n3e\n  headroom node a16 --json");
  command->callback([options] { show(*options); });
}

}  // namespace headroom
