// headroom collective: one collective operation on a cluster, or the table of nccl-tests over
// sizes.
#include "sim/engine/collective.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/config/load_cluster.h"
#include "sim/config/units.h"
#include "sim/report/numbers.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;
using network::Request;

struct Options {
  std::string cluster, chip, operation = "all_reduce", bytes, algorithm = "auto", json;
  std::string symmetry = "on", library;
  std::int64_t chips = 0, group = 0, stride = 1;
  double skew = 1;
  bool sweep = false;
  std::vector<std::string> config_paths;
};

constexpr double largest_payload = 1e18;
constexpr std::int64_t most_chips = 10'000'000;

[[noreturn]] void wrong(const char* option, const std::string& text) {
  throw OptionError(option, text);
}

// A size that was written on the command line.
double read_bytes(const std::string& text) {
  try {
    const auto node = config::Node::parse("bytes: " + text, "--bytes");
    return config::read_quantity(
        node["bytes"], config::Dimension::data, {1, largest_payload, false});
  } catch (const InputError&) {
    wrong("--bytes",
          fmt::format("found '{}'; expected a size from 1 B to 1 EB such as 1GiB, or "
                      "SMALLEST:LARGEST such as 1KiB:8GiB",
                      text));
  }
}

// Sizes of a sweep: every power of two times the smallest.
std::vector<double> sizes_of(const Options& options) {
  const std::size_t colon = options.bytes.find(':');
  if (colon == std::string::npos) {
    if (!options.sweep) return {read_bytes(options.bytes)};
    wrong("--bytes",
          fmt::format("found '{}' beside --sweep; expected SMALLEST:LARGEST such as 1KiB:8GiB",
                      options.bytes));
  }
  const double low = read_bytes(options.bytes.substr(0, colon)),
               high = read_bytes(options.bytes.substr(colon + 1));
  if (high < low)
    wrong("--bytes", fmt::format("found '{}'; expected the smaller size first", options.bytes));
  std::vector<double> sizes;
  for (double size = low; size <= high; size *= 2) sizes.push_back(size);
  return sizes;
}

void check_group(const Options& options, const ClusterDescription& cluster) {
  if (options.group > cluster.chips)
    wrong("--group", fmt::format("found {}; expected at most the {} chips of the cluster",
                                 options.group, cluster.chips));
  if (options.group > 1 && options.stride > cluster.chips / options.group)
    wrong("--stride",
          fmt::format("found {}; expected at most {}: {} ranks must fit on the {} chips of the "
                      "cluster",
                      options.stride, cluster.chips / options.group, options.group, cluster.chips));
}

void check_algorithm(const Options& options, const CollectiveRunner& runner,
                     const Request& request) {
  const network::Team team = runner.team(request);
  if (options.algorithm == "auto" || team.ranks == 1) return;
  const network::Algorithm& algorithm = *network::find_algorithm(options.algorithm);
  if (const std::string text = algorithm.complaint(request.operation, team); !text.empty())
    wrong(
        "--algorithm",
        fmt::format("found '{}', which {}; expected auto or one that fits {} of {} ranks here: {}",
                    options.algorithm, text, options.operation, team.ranks,
                    fmt::join(network::fitting(request.operation, team), ", ")));
}

Json to_json(const CollectiveResult& result) {
  Json links = Json::array();
  for (const LinkUse& link : result.links)
    links.push_back(
        {{"name", link.name}, {"utilization", link.utilization}, {"alike", link.alike}});
  return {
      {"bytes", result.bytes},
      {"time_s", result.time_s},
      {"algorithm_bandwidth_gb_s", result.algorithm_bandwidth_gb_s},
      {"bus_bandwidth_gb_s", result.bus_bandwidth_gb_s},
      {"algorithm", result.algorithm},
      {"protocol", result.protocol},
      {"bottleneck_link", result.bottleneck_link},
      {"time_parts_s",
       {{"start", result.start_s},
        {"steps", result.steps_s},
        {"fill", result.fill_s},
        {"transfer", result.transfer_s}}},
      {"hbm_read_bytes", result.hbm_bytes},
      {"hbm_write_bytes", result.hbm_bytes},
      {"hbm_share", result.hbm_share},
      {"compute_share", result.compute_share},
      {"links", links},
      {"assumed", result.assumed},
      {"events", result.events},
      {"seconds", result.seconds}};
}

Json inputs(const Options& options, const ClusterDescription& cluster) {
  return {
      {"cluster", cluster.id},          {"chip", options.chip},         {"chips", cluster.chips},
      {"op", options.operation},        {"group", options.group},       {"stride", options.stride},
      {"algorithm", options.algorithm}, {"symmetry", options.symmetry}, {"skew", options.skew}};
}

// The columns of nccl-tests, fp32 elements.
std::string sweep_table(const Options& options, const std::vector<CollectiveResult>& results) {
  const bool reduces = options.operation == "all_reduce" || options.operation == "reduce_scatter";
  std::string text =
      "#                                                              out-of-place\n"
      "#       size         count      type   redop    root     time   algbw   busbw\n"
      "#        (B)    (elements)                               (us)  (GB/s)  (GB/s)\n";
  double sum = 0;
  for (const CollectiveResult& r : results) {
    const double us = r.time_s * 1e6;
    text += fmt::format(
        "{:>12.0f}  {:>12.0f}  {:>8}  {:>6}  {:>6}  {:>7}  {:>6.2f}  {:>6.2f}\n", r.bytes,
        r.bytes / 4, "float", reduces ? "sum" : "none",
        options.operation == "broadcast" ? "0" : "-1",
        us < 1e4 ? fmt::format("{:.2f}", us) : fmt::format("{:.0f}", us),
        r.algorithm_bandwidth_gb_s, r.bus_bandwidth_gb_s);
    sum += r.bus_bandwidth_gb_s;
  }
  text += fmt::format("# Avg bus bandwidth    : {:g}\n", sum / static_cast<double>(results.size()));
  for (const std::string& assumed : results.front().assumed) text += "# assumed: " + assumed + "\n";
  return text;
}

std::string table(const Options& options, const ClusterDescription& cluster,
                  const CollectiveResult& result) {
  std::string text = fmt::format(
      "{} of {} bytes, groups of {} ranks {} apart on {} chips of {}\n", options.operation,
      grouped(result.bytes), options.group, options.stride,
      grouped(static_cast<double>(cluster.chips)), cluster.id);
  const auto row = [&text](const char* name, const std::string& value) {
    text += fmt::format("  {:<12}  {}\n", name, value);
  };
  row("time",
      fmt::format("{}: {} start, {} steps, {} fill, {} transfer", seconds_text(result.time_s),
                  seconds_text(result.start_s), seconds_text(result.steps_s),
                  seconds_text(result.fill_s), seconds_text(result.transfer_s)));
  row("algorithm", result.algorithm + (result.protocol.empty() ? "" : ", " + result.protocol));
  row("bandwidth", fmt::format("{:.1f} GB/s algorithm, {:.1f} GB/s bus",
                               result.algorithm_bandwidth_gb_s, result.bus_bandwidth_gb_s));
  row("bottleneck", result.bottleneck_link);
  row("HBM", fmt::format("{} GB read and written, {} of its time", gigabytes(result.hbm_bytes),
                         percent(result.hbm_share)));
  row("compute", percent(result.compute_share) + " of the cores while it runs");
  constexpr std::size_t most = 8;
  for (std::size_t i = 0; i < std::min(most, result.links.size()); ++i)
    row(i == 0 ? "links" : "",
        fmt::format(
            "{:>7}  {}{}", percent(result.links[i].utilization), result.links[i].name,
            result.links[i].alike > 1 ? fmt::format(" and {} alike", result.links[i].alike - 1)
                                      : ""));
  if (result.links.size() > most)
    row("", fmt::format("and {} more (--json lists all)", result.links.size() - most));
  for (const std::string& assumed : result.assumed) row("assumed", assumed);
  return text +
         fmt::format("Simulated with {} events in {}\n",
                     grouped(static_cast<double>(result.events)), seconds_text(result.seconds));
}

void run(Options& options) {
  const config::ConfigPaths paths({options.config_paths.begin(), options.config_paths.end()});
  const std::vector<double> sizes = sizes_of(options);
  ClusterUse use = load_cluster(options.cluster, options.chip, options.chips, options.group, paths);
  if (!options.library.empty()) use.cluster.library = load_library(options.library, paths);
  options.chip = use.chip.id;
  if (options.group == 0) options.group = use.cluster.chips;
  check_group(options, use.cluster);
  Request request;
  request.operation = enumerator<Collective>(collective_names, options.operation);
  if (options.skew != 1 && request.operation != Collective::all_to_all)
    wrong("--skew", fmt::format("found {} beside --op {}; expected --op all_to_all", options.skew,
                                options.operation));
  request.ranks = options.group;
  request.stride = options.stride;
  request.skew = options.skew;
  request.algorithm = options.algorithm;
  CollectiveRunner runner(use.chip, use.cluster);
  check_algorithm(options, runner, request);

  Output output(options.json.empty() ? "-" : options.json);
  std::vector<CollectiveResult> results;
  for (const double size : sizes) {
    request.payload = Bytes(size);
    try {
      results.push_back(options.symmetry == "on" ? runner.run(request) : runner.simulate(request));
    } catch (const network::TooLarge& refusal) {
      wrong("--group",
            fmt::format("found {}; expected fewer ranks: {}", options.group, refusal.what()));
    }
  }
  const bool many = options.bytes.find(':') != std::string::npos;
  if (options.json.empty()) {
    output.stream()
        << (many ? sweep_table(options, results) : table(options, use.cluster, results.front()));
  } else {
    Json document{{"schema", "headroom.collective/1"}, {"inputs", inputs(options, use.cluster)}};
    if (many)
      for (const CollectiveResult& result : results) document["sizes"].push_back(to_json(result));
    else
      document.update(to_json(results.front()));
    output.stream() << document.dump(2) << '\n';
  }
  output.commit();
}

}  // namespace

void add_collective_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "collective", "Time a collective operation on a cluster, one size or a sweep");
  command
      ->add_option("--cluster", options->cluster,
                   "A cluster of configs/clusters, an experiment, or the path of a file")
      ->required()
      ->type_name("CLUSTER");
  command
      ->add_option("--chip", options->chip,
                   "A chip of configs/chips; default: the experiment's, or the cluster's usual one")
      ->type_name("CHIP");
  const auto count = in_range(std::int64_t{1}, most_chips);
  command
      ->add_option("--chips", options->chips, "Chips of the cluster; default: what the group needs")
      ->check(count)
      ->type_name("INT");
  command->add_option("--op", options->operation, "Operation")
      ->check(one_of(collective_names))
      ->type_name("OP")
      ->capture_default_str();
  command
      ->add_option("--bytes", options->bytes,
                   "Whole tensor of a rank, 1GiB; or a sweep over powers of two, 1KiB:8GiB")
      ->required()
      ->type_name("SIZE");
  command->add_flag("--sweep", options->sweep, "Insist on a sweep: the table of nccl-tests");
  command->add_option("--group", options->group, "Ranks of a group; default: all chips")
      ->check(count)
      ->type_name("INT");
  command->add_option("--stride", options->stride, "Chips from one rank to the next")
      ->check(count)
      ->type_name("INT")
      ->capture_default_str();
  std::vector<std::string> algorithms = network::algorithm_names();
  algorithms.insert(algorithms.begin(), "auto");
  command
      ->add_option(
          "--algorithm", options->algorithm,
          "auto takes the fastest that the library has; a name runs it, on the links as they "
          "are where the library has not")
      ->check(one_of(algorithms))
      ->type_name("ALGORITHM")
      ->capture_default_str();
  command
      ->add_option("--library", options->library,
                   "A library of configs/libraries instead of the cluster's, or none: steps then "
                   "take the latency of the links, and auto has every algorithm")
      ->type_name("LIBRARY");
  command
      ->add_option("--skew", options->skew,
                   "Of all_to_all: what rank 0 of each group receives, times what others do")
      ->check(in_range(1.0, 1e6))
      ->type_name("FACTOR")
      ->capture_default_str();
  command
      ->add_option("--symmetry", options->symmetry,
                   "off: simulate every transfer of every rank, up to 1,024 chips")
      ->check(one_of(std::vector<std::string>{"on", "off"}))
      ->type_name("on|off")
      ->capture_default_str();
  add_json_option(*command, options->json);
  add_config_path_option(*command, options->config_paths);
  command->footer(
      "Examples:\n  headroom collective --cluster dgx-h100 --op all_reduce --bytes 1GiB --group "
      "16\n"
      "  headroom collective --cluster dgx-a100 --bytes 1KiB:8GiB --group 8\n"
      "  headroom collective --cluster tpu-v5p-pod --chips 512 --bytes 1GiB --algorithm torus "
      "--json");
  command->callback([options] { run(*options); });
}

}  // namespace headroom
