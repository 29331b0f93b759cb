// headroom energy: what operations of a format cost on a node, and from which publication.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "models/numerics/format.h"
#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/config/process_node.h"
#include "sim/power/activity.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;
using technology::OperationEnergy;
using technology::PublishedEnergy;
using technology::Scaling;

struct Options {
  std::string node, format, json;
  std::vector<std::string> config_paths;
};

struct Row {
  std::string operation, format;
  std::optional<OperationEnergy> energy;
};

const std::vector<std::string> memories{"sram_read_8kib", "sram_read_32kib", "sram_read_1mib"};

std::vector<std::string> formats(const std::vector<PublishedEnergy>& published) {
  std::set<std::string> names(format_names.begin(), format_names.end());
  for (const PublishedEnergy& figure : published)
    if (figure.kind != "memory") names.insert(figure.format);
  return {names.begin(), names.end()};
}

// What products of the format are summed in.
std::string accumulator(const std::string& format) {
  return format == "int8" || format == "int4" ? "int32" : "fp32";
}

// A product and its sum where nobody published the two as one: a bound from above, for arrays share
// rounding and normalisation.
std::optional<OperationEnergy> sum_of(
    const std::optional<OperationEnergy>& multiply, const std::optional<OperationEnergy>& add) {
  if (!multiply || !add || multiply->from.node != add->from.node) return std::nullopt;
  OperationEnergy sum = *multiply;
  sum.energy += add->energy, sum.low += add->low, sum.high += add->high;
  sum.from.energy += add->from.energy;
  sum.from.kind = "sum of multiply and add above, a bound from above";
  return sum;
}

// Where nobody published a format: bf16's, times what our RTL switches for the format over bf16.
std::optional<OperationEnergy> from_rtl(
    const ActivityTable& activity, const std::optional<OperationEnergy>& bf16, Format format) {
  constexpr int longest_built = 4;  // dot product of our elements
  const auto over = activity.over_bf16({format, "output_stationary", longest_built});
  if (!bf16 || !over) return std::nullopt;
  OperationEnergy energy = *bf16;
  energy.energy *= *over, energy.low *= *over, energy.high *= *over;
  energy.scale *= *over;
  energy.from.kind = fmt::format(
      "bf16's multiply_add, times the {:.3f} that our RTL switches of it "
      "(configs/technology/activity.csv)",
      *over);
  return energy;
}

struct Figures {
  std::vector<PublishedEnergy> published;
  ActivityTable activity;
};

std::optional<OperationEnergy> multiply_add(
    const Figures& figures, const Scaling& nodes, const std::string& node,
    const std::string& format) {
  const auto find = [&](const std::string& operation, const std::string& of) {
    return energy_of(figures.published, nodes, operation, of, node);
  };
  if (auto published = find("multiply_add", format)) return published;
  if (auto sum = sum_of(find("multiply", format), find("add", accumulator(format)))) return sum;
  const auto* found = std::find(format_names.begin(), format_names.end(), format);
  if (found == format_names.end()) return std::nullopt;
  return from_rtl(figures.activity, sum_of(find("multiply", "bf16"), find("add", "fp32")),
                  static_cast<Format>(found - format_names.begin()));
}

std::vector<Row> rows_of(const Figures& figures, const Scaling& nodes, const std::string& node,
                         const std::string& format) {
  std::vector<Row> rows;
  const auto add = [&](const std::string& operation, const std::string& of) {
    rows.push_back({operation, of, energy_of(figures.published, nodes, operation, of, node)});
  };
  add("multiply", format);
  add("add", format);
  if (accumulator(format) != format) add("add", accumulator(format));
  rows.push_back({"multiply_add", format, multiply_add(figures, nodes, node, format)});
  for (const std::string& memory : memories) add(memory, "bit");
  return rows;
}

std::string picojoules(Joules energy) { return fmt::format("{:.3g}", energy.si() * 1e12); }

std::string table(const technology::ProcessNode& node, const std::vector<Row>& rows) {
  std::string text = fmt::format(
      "Energies on {} at {:g} V, pJ an operation (memories: a bit)\n", node.name,
      node.supply.nominal_v);
  text += fmt::format(
      "  {:<16} {:<12} {:>9}  {:<19} {}\n", "operation", "format", "pJ", "range", "from");
  for (const Row& row : rows) {
    text += fmt::format("  {:<16} {:<12} ", row.operation, row.format);
    if (!row.energy) {
      text += "not known: no publication\n";
      continue;
    }
    const OperationEnergy& e = *row.energy;
    const std::string range = e.low == e.high ? ""
                                              : picojoules(e.low) + " to " + picojoules(e.high);
    text += fmt::format(
        "{:>9}  {:<19} {} pJ on {} x {:.4g}, {}: {}\n", picojoules(e.energy), range,
        picojoules(e.from.energy),
        e.from.node + (e.between.empty() ? "" : " (between it and " + e.between + ")"), e.scale,
        e.from.kind, e.from.source);
  }
  if (node.wire_energy)
    text += fmt::format(
        "  {:<16} {:<12} {:>9}  a bit of random data and mm (headroom node {})\n", "wire", "bit",
        fmt::format("{:.3g}", *node.wire_energy * 1e9), node.id);
  return text;
}

Json to_json(const technology::ProcessNode& node, const std::string& format,
             const std::vector<Row>& rows) {
  Json list = Json::array();
  for (const Row& row : rows) {
    Json entry{{"operation", row.operation}, {"format", row.format}, {"energy_j", nullptr}};
    if (row.energy) {
      const OperationEnergy& e = *row.energy;
      entry["energy_j"] = e.energy.si();
      entry["range_j"] = {e.low.si(), e.high.si()};
      entry["scale"] = e.scale;
      entry["from"] = {
          {"node", e.from.node},
          {"energy_j", e.from.energy.si()},
          {"between", e.between.empty() ? Json() : Json(e.between)},
          {"kind", e.from.kind},
          {"source", e.from.source}};
    }
    list.push_back(std::move(entry));
  }
  return {
      {"schema", "headroom.energy/1"},
      {"node", node.id},
      {"format", format},
      {"voltage_v", node.supply.nominal_v},
      {"operations", list},
      {"wire_j_per_bit_m", node.wire_energy ? Json(*node.wire_energy) : Json()}};
}

void show(const Options& options) {
  const config::ConfigPaths paths({options.config_paths.begin(), options.config_paths.end()});
  const Scaling nodes = config::load_process_nodes(paths);
  std::vector<std::string> ids;
  for (const auto& [id, node] : nodes.nodes()) ids.push_back(id);
  const Figures figures{config::load_published_energies(paths, nodes), ActivityTable::load(paths)};
  if (const std::string wrong = one_of(ids).complaint()(options.node); !wrong.empty())
    throw OptionError("--node", wrong);
  if (const std::string wrong = one_of(formats(figures.published)).complaint()(options.format);
      !wrong.empty())
    throw OptionError("--format", wrong);
  const technology::ProcessNode& node = nodes.node(options.node);
  const std::vector<Row> rows = rows_of(figures, nodes, options.node, options.format);
  Output output(options.json.empty() ? "-" : options.json);
  if (options.json.empty())
    output.stream() << table(node, rows);
  else
    output.stream() << to_json(node, options.format, rows).dump(2) << '\n';
  output.commit();
}

}  // namespace

void add_energy_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "energy", "Print what operations of a format cost on a process node, with sources");
  command->add_option("--node", options->node, "A file of configs/nodes")
      ->required()
      ->type_name("NODE");
  command->add_option("--format", options->format, "Number format")
      ->required()
      ->type_name("FORMAT");
  add_json_option(*command, options->json);
  add_config_path_option(*command, options->config_paths);
  command->footer("Example:\n  headroom energy --node n5 --format bf16");
  command->callback([options] { show(*options); });
}

}  // namespace headroom
