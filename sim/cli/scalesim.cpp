// headroom scalesim: SCALE-Sim's configuration and topology in, its reports out.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/fidelity.h"
#include "models/matrix_engine/matrix_engine.h"
#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/report/numbers.h"
#include "sim/report/output.h"
#include "sim/scalesim/evaluate.h"
#include "sim/scalesim/report.h"

namespace headroom {
namespace {

using scalesim::Access;
using scalesim::Configuration;
using scalesim::Layer;
using scalesim::LayerResult;
using scalesim::PerMemory;

constexpr std::array<std::string_view, 2> row_kinds{"conv", "gemm"};  // in the order of Rows

struct Options {
  std::string configuration, topology, path,
      rows = "conv", layout, traces = "N", fidelity = "cycle", json;
};

struct Run {
  Configuration configuration;
  std::vector<Layer> layers;
  std::vector<LayerResult> results;
  std::string folder;  // of the reports
  double seconds = 0;  // from the first byte read to the last report written
};

struct Totals {
  std::int64_t cycles = 0, stalls = 0, macs = 0;
  double utilization = 0;
};

// Layers run one after another, so their cycles add up.
Totals totals(const Run& run) {
  Totals sum;
  for (const LayerResult& layer : run.results) {
    sum.cycles += layer.total_cycles;
    sum.stalls += layer.stall_cycles;
    sum.macs += layer.macs;
  }
  const double elements = static_cast<double>(run.configuration.rows) * run.configuration.columns;
  sum.utilization = static_cast<double>(sum.macs) /
                    (static_cast<double>(std::max<std::int64_t>(1, sum.cycles)) * elements);
  return sum;
}

std::string where_stalls_come_from(const Configuration& configuration) {
  if (!configuration.user_bandwidth)
    return "none: InterfaceBandwidth is CALC, so DRAM is as fast as it takes";
  const PerMemory<std::int64_t>& rate = configuration.bandwidth;
  return fmt::format(
      "of Headroom's own memory model (docs/scalesim.md): each SRAM is a double buffer that DRAM "
      "fills "
      "or drains at {} words/cycle for IFMAP, {} for Filter, {} for OFMAP ({})",
      rate.ifmap, rate.filter, rate.ofmap, configuration.bandwidth_source);
}

nlohmann::ordered_json to_json(const PerMemory<Access>& accesses) {
  const auto access = [](const Access& a) {
    return nlohmann::ordered_json{
        {"start_cycle", a.start}, {"stop_cycle", a.stop}, {"words", a.words}};
  };
  return {{"ifmap", access(accesses.ifmap)},
          {"filter", access(accesses.filter)},
          {"ofmap", access(accesses.ofmap)}};
}

nlohmann::ordered_json to_json(const Layer& layer, const LayerResult& result) {
  const matrix_engine::Product product = layer.product();
  return {
      {"name", layer.name},
      {"m", product.m},
      {"n", product.n},
      {"k", product.k},
      {"folds", result.folds},
      {"macs", result.macs},
      {"total_cycles", result.total_cycles},
      {"stall_cycles", result.stall_cycles},
      {"cycles_with_prefetch", result.cycles_with_prefetch},
      {"overall_utilization", result.overall_utilization},
      {"mapping_efficiency", result.mapping_efficiency},
      {"compute_utilization", result.compute_utilization},
      {"sram", to_json(result.sram)},
      {"dram", to_json(result.dram)}};
}

nlohmann::ordered_json to_json(const Options& options, const Run& run) {
  const Configuration& configuration = run.configuration;
  const Totals sum = totals(run);
  nlohmann::ordered_json document{
      {"schema", "headroom.scalesim/1"},
      {"configuration", options.configuration},
      {"topology", options.topology},
      {"rows", options.rows},
      {"run_name", configuration.run_name},
      {"array", fmt::format("{}x{}", configuration.rows, configuration.columns)},
      {"dataflow", scalesim::short_name(configuration.dataflow)},
      {"fidelity", options.fidelity},
      {"interface_bandwidth", configuration.user_bandwidth ? "USER" : "CALC"},
      {"stalls", where_stalls_come_from(configuration)},
      {"reports", run.folder},
      {"total_cycles", sum.cycles},
      {"stall_cycles", sum.stalls},
      {"macs", sum.macs},
      {"overall_utilization", sum.utilization},
      {"seconds", run.seconds},
      {"layers", nlohmann::ordered_json::array()}};
  for (std::size_t i = 0; i < run.layers.size(); ++i)
    document["layers"].push_back(to_json(run.layers[i], run.results[i]));
  return document;
}

// `text` padded or cut to `width` columns.
std::string cell(const std::string& text, std::size_t width) {
  return fmt::format("{:<{}.{}}", text, width, width);
}

std::string table(const Options& options, const Run& run) {
  const Configuration& configuration = run.configuration;
  constexpr std::size_t widest_name = 28;
  std::size_t width = 5;
  for (const Layer& layer : run.layers)
    width = std::min(widest_name, std::max(width, columns(layer.name)));
  std::string text = fmt::format(
      "{}: {} {} on one {}x{} array, {}, fidelity {}\n", options.topology, run.layers.size(),
      run.layers.size() == 1 ? "layer" : "layers", configuration.rows, configuration.columns,
      scalesim::short_name(configuration.dataflow), options.fidelity);
  const auto row = [&](const std::string& name, const std::string& shape, std::int64_t cycles,
                       std::int64_t stalls, double utilization) {
    text += fmt::format(
        "  {}  {:>22}  {:>16}  {:>16}  {:>8}\n", cell(name, width), shape,
        grouped(static_cast<double>(cycles)), grouped(static_cast<double>(stalls)),
        percent(utilization));
  };
  text += fmt::format(
      "  {}  {:>22}  {:>16}  {:>16}  {:>8}\n", cell("layer", width), "m x n x k", "total cycles",
      "stall cycles", "in use");
  for (std::size_t i = 0; i < run.layers.size(); ++i) {
    const matrix_engine::Product product = run.layers[i].product();
    const LayerResult& result = run.results[i];
    row(run.layers[i].name, fmt::format("{} x {} x {}", product.m, product.n, product.k),
        result.total_cycles, result.stall_cycles, result.overall_utilization);
  }
  const Totals sum = totals(run);
  row("total", "", sum.cycles, sum.stalls, sum.utilization);
  text += wrapped("Stalls: ", where_stalls_come_from(configuration), 100);
  return text + fmt::format("Reports in {}\nRead, evaluated and written in {}\n", run.folder,
                            seconds_text(run.seconds));
}

void warn(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) spdlog::warn("headroom: warning: {}", note);
}

std::vector<LayerResult> evaluate(
    const Options& options, const Configuration& configuration, const std::vector<Layer>& layers) {
  const auto name = std::find(fidelity_names.begin(), fidelity_names.end(), options.fidelity);
  const auto engine = matrix_engine::make_matrix_engine(
      static_cast<Fidelity>(name - fidelity_names.begin()), array_of(configuration));
  std::vector<LayerResult> results;
  results.reserve(layers.size());
  for (const Layer& layer : layers)
    results.push_back(scalesim::evaluate(configuration, layer, *engine));
  return results;
}

void scalesim_command(const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  Run run;
  run.configuration = scalesim::read_configuration(options.configuration);
  scalesim::Topology topology = scalesim::read_topology(
      options.topology, options.rows == "gemm" ? scalesim::Rows::gemm : scalesim::Rows::conv);
  warn(run.configuration.notes);
  warn(topology.notes);
  if (!options.layout.empty()) warn({options.layout + ": layouts are not modelled; not read"});
  if (options.traces == "Y") warn({"-s Y: traces of single words are not written"});
  run.layers = std::move(topology.layers);
  run.results = evaluate(options, run.configuration, run.layers);
  run.folder = (std::filesystem::path(options.path) / run.configuration.run_name).string();
  Output output(options.json.empty() ? "-" : options.json);
  scalesim::write_reports(run.folder, run.results);
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (options.json.empty())
    output.stream() << table(options, run);
  else  // names may hold any bytes
    output.stream() << to_json(options, run)
                           .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
                    << '\n';
  output.commit();
}

}  // namespace

void add_scalesim_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "scalesim", "Run a topology of SCALE-Sim on the matrix engine; writes its three reports");
  command->add_option("-c", options->configuration, "Configuration file of SCALE-Sim (.cfg)")
      ->required()
      ->type_name("FILE");
  command->add_option("-t", options->topology, "Topology file of SCALE-Sim (.csv)")
      ->required()
      ->type_name("FILE");
  command->add_option("-p", options->path, "Reports go to DIR/run_name; those there are replaced")
      ->required()
      ->type_name("DIR");
  command->add_option("-i", options->rows, "Rows of the topology: conv, or gemm (M, N, K)")
      ->check(one_of(row_kinds))
      ->type_name("KIND")
      ->capture_default_str();
  command->add_option("-l", options->layout, "Layout file of SCALE-Sim; taken, not read")
      ->type_name("FILE");
  command->add_option("-s", options->traces, "Traces of SCALE-Sim (Y, N); taken, none are written")
      ->check(one_of(std::vector<std::string>{"Y", "N"}))
      ->type_name("Y|N");
  command->add_option("--fidelity", options->fidelity, "Of the fold's time: analytic, cycle or rtl")
      ->check(one_of(fidelity_names))
      ->type_name("FIDELITY")
      ->capture_default_str();
  add_json_option(*command, options->json);
  command->footer(
      "Example:\n  headroom scalesim -c configs/scalesim/128x128_ws.cfg -t "
      "configs/scalesim/resnet50.csv -p out");
  command->callback([options] { scalesim_command(*options); });
}

}  // namespace headroom
