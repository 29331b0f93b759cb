// headroom die: area, yield and cost of a chip's dies, published or derived from an area.
#include "sim/config/die.h"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/config/chip.h"
#include "sim/config/cost.h"
#include "sim/config/derive_chip.h"
#include "sim/die/describe.h"
#include "sim/die/fit.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

using config::Node;
using Json = nlohmann::ordered_json;

struct Options {
  std::string chip = "h100-sxm", area, node, sram_share, json;
  int dies = 1;
  bool wafer_scale = false, fit = false;
  std::vector<std::string> assignments, config_paths;
};

double mm2(SquareMetres area) { return area.si() * 1e6; }

// What the options change of the chip, as --set would write it.
Node changes_of(const Options& options) {
  const Node none = Node::parse("{}", "--set");
  Node changes = none["no changes"];
  const auto change = [&](const std::string& assignment) {
    changes = set(changes.exists() ? changes : none, assignment);
  };
  if (!options.area.empty()) {
    const bool bare_number = options.area.find_first_not_of("0123456789.") == std::string::npos;
    change("die.area=" + options.area + (bare_number ? " mm^2" : ""));
    change(fmt::format("die.dies={}", options.dies));
    if (!options.sram_share.empty()) change("die.sram_share=" + options.sram_share);
  }
  if (!options.node.empty()) change("node=" + options.node);
  for (const std::string& assignment : options.assignments) change(assignment);
  return changes;
}

struct Shown {
  ChipDescription chip;
  DieUse use;
  DieReport report;
};

Shown look(const Options& options, const config::ConfigPaths& paths) {
  const auto file = paths.resolve(
      Node::parse('"' + options.chip + '"', "--chip " + options.chip), "chips", "chip");
  const Node document = Node::load(file);
  const Node changes = changes_of(options);
  Shown shown;
  if (options.wafer_scale) {
    shown.chip = config::read_chip(document, document["no changes"], paths);
    shown.use = config::read_die_use(document, changes, paths);
    shown.use.wafer_scale = true;
    static_cast<void>(
        derive_chip(shown.chip, overlay(document, changes), changes, paths, shown.use));
    // The same share of cores is spare; no HBM, no links.
    const auto own = config::load_die_design(shown.use.design, paths).main();
    const double enabled = shown.chip.cores / (own.counts.cores * own.count);
    const int cores = static_cast<int>(shown.use.counts.cores * enabled);
    shown.chip.matrix.count = shown.chip.matrix.count / shown.chip.cores * cores;
    shown.chip.cores = cores;
    shown.chip.scale_up.count = shown.chip.hbm.device.organisation.stacks = 0;
    shown.chip.hbm.capacity = Bytes(0);
    shown.chip.hbm.bandwidth = BytesPerSecond(0);
    shown.chip.power_cap *= mm2(shown.use.area) /
                            mm2(config::load_die_design(shown.use.design, paths).published);
  } else {
    shown.chip = config::read_chip(document, changes, paths, shown.use);
  }
  shown.chip.id = file.stem().string();
  if (shown.use.design.empty())
    document.fail(shown.chip.id + " without die.design", "a chip whose dies are published");
  const CostUse cost = config::read_cost_use(
      document["no cost"], config::load_cost_constants(paths), shown.chip.id,
      shown.chip.hbm.device.id);
  shown.report = describe_die(shown.chip, shown.use, cost, paths);
  return shown;
}

Json to_json(const Shown& shown) {
  const DieReport& report = shown.report;
  const ChipDescription& chip = shown.chip;
  Json parts = Json::array();
  for (const auto& part : report.parts)
    parts.push_back({{"name", part.name}, {"mm2", mm2(part.area)}});
  return {
      {"schema", "headroom.die/1"},
      {"chip", chip.id},
      {"design", report.design},
      {"dies", report.dies},
      {"area_mm2", mm2(report.area)},
      {"published_area_mm2", report.published ? Json(mm2(*report.published)) : Json()},
      {"parts", parts},
      {"dies_per_wafer", report.dies_per_wafer},
      {"yield", report.yield},
      {"die_cost_usd", report.die_cost.si()},
      {"package_cost_usd", report.package.total().si()},
      {"package_cost",
       {{"dies_usd", report.package.dies.si()},
        {"hbm_usd", report.package.hbm.si()},
        {"package_usd", report.package.package.si()},
        {"test_usd", report.package.test.si()}}},
      {"list_price_usd", report.list_price.si()},
      {"list_price_published", report.price_published},
      {"cores", chip.cores},
      {"matrix_engines", chip.matrix.count},
      {"peak_bf16_tflops", chip.peak(Format::bf16) * 1e-12},
      {"hbm_stacks", chip.hbm.device.organisation.stacks},
      {"hbm_bandwidth_tb_s", chip.hbm.bandwidth.si() * 1e-12},
      {"links", chip.scale_up.count},
      {"power_cap_w", chip.power_cap.si()}};
}

std::string table(const Shown& shown) {
  const DieReport& r = shown.report;
  const ChipDescription& chip = shown.chip;
  std::string text = fmt::format("{}: {:.0f} x {}\n", chip.id, r.dies, r.design);
  for (const auto& part : r.parts)
    if (mm2(part.area) >= 0.05)
      text += fmt::format("  {:<28}{:>9.1f} mm^2\n", part.name, mm2(part.area));
  text += fmt::format("  {:<28}{:>9.1f} mm^2", "all", mm2(r.area));
  text += r.published ? fmt::format("; published {:.0f}, {:+.1f} %\n", mm2(*r.published),
                                    100 * (r.area / *r.published - 1))
                      : "\n";
  text += fmt::format(
      "\n  {} cores, {:.0f} TFLOP/s bf16, {} HBM stacks of {:.2f} TB/s in all, {} links, {:.0f} "
      "W\n",
      chip.cores, chip.peak(Format::bf16) * 1e-12, chip.hbm.device.organisation.stacks,
      chip.hbm.bandwidth.si() * 1e-12, chip.scale_up.count, chip.power_cap.si());
  text += fmt::format(
      "  {:.0f} dies a wafer, {:.0f} % of them sold: {:.0f} USD a die\n", r.dies_per_wafer,
      100 * r.yield, r.die_cost.si());
  text += fmt::format(
      "  chip: {:.0f} USD (dies {:.0f}, HBM {:.0f}, package {:.0f}, test {:.0f}), sold for "
      "{:.0f}{}\n",
      r.package.total().si(), r.package.dies.si(), r.package.hbm.si(), r.package.package.si(),
      r.package.test.si(), r.list_price.si(), r.price_published ? "" : " (by margin)");
  return text;
}

std::string fit_table(const AreaFit& fit) {
  const auto& c = fit.constants;
  std::string text = fmt::format(
      "matrix {:.4g}, registers {:.4g}, local {:.4g}, shared {:.4g}, memory_system {:.4g}\n\n",
      c.matrix, c.registers, c.local, c.shared, c.memory_system);
  text +=
      "| die | published, mm² | model, mm² | error | fitted again | left out "
      "|\n|---|---|---|---|---|---|\n";
  for (const FittedDie& die : fit.dies)
    text += fmt::format(
        "| {} | {:.0f} | {:.0f} | {:+.1f} % | {:+.1f} % | {} |\n", die.design.name,
        mm2(die.design.published), mm2(die.design.published) * (1 + die.error), 100 * die.error,
        100 * die.refit_error.value_or(0),
        die.left_out ? fmt::format("{:+.1f} %", 100 * *die.left_out) : "not fitted");
  return text;
}

Json fit_json(const AreaFit& fit) {
  const auto& c = fit.constants;
  Json dies = Json::array();
  for (const FittedDie& die : fit.dies)
    dies.push_back(
        {{"design", die.design.id},
         {"published_area_mm2", mm2(die.design.published)},
         {"error", die.error},
         {"left_out_error", die.left_out ? Json(*die.left_out) : Json()}});
  return {
      {"schema", "headroom.die_fit/1"},
      {"constants",
       {{"matrix", c.matrix},
        {"registers", c.registers},
        {"local", c.local},
        {"shared", c.shared},
        {"memory_system", c.memory_system}}},
      {"dies", dies}};
}

void show(const Options& options) {
  if (options.area.empty() &&
      (options.dies != 1 || options.wafer_scale || !options.sram_share.empty()))
    throw OptionError("--area", "is needed with --dies, --sram-share and --wafer-scale");
  const config::ConfigPaths paths({options.config_paths.begin(), options.config_paths.end()});
  Output output(options.json.empty() ? "-" : options.json);
  if (options.fit) {
    const AreaFit fit = fit_dies(
        config::load_die_designs(paths), config::load_die_constants(paths).area);
    output.stream() << (options.json.empty() ? fit_table(fit) : fit_json(fit).dump(2) + '\n');
    return output.commit();
  }
  const Shown shown = look(options, paths);
  output.stream() << (options.json.empty() ? table(shown) : to_json(shown).dump(2) + '\n');
  output.commit();
}

}  // namespace

void add_die_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "die", "Print area, yield and cost of a chip's dies, or of a chip derived from an area");
  command->add_option("--chip", options->chip, "A file of configs/chips, by name or path")
      ->capture_default_str();
  command->add_option("--area", options->area, "Area of one die: fill it as the chip's are");
  command->add_option("--dies", options->dies, "Dies of that area that act as one chip");
  command->add_option("--sram-share", options->sram_share, "Of the area, for shared memory");
  command->add_option("--node", options->node, "Process node of the derived die");
  command->add_flag("--wafer-scale", options->wafer_scale, "One die of a wafer, SRAM only");
  command->add_flag("--fit", options->fit, "Fit the constants of area on the published dies");
  command->add_option("--set", options->assignments, "Replace one value of the chip; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  add_json_option(*command, options->json);
  add_config_path_option(*command, options->config_paths);
  command->footer(
      "Example:\n  headroom die --chip h100-sxm --json\n  headroom die --area 800 --dies 2 --node "
      "n3e\n"
      "  headroom die --fit");
  command->callback([options] { show(*options); });
}

}  // namespace headroom
