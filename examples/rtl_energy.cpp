// Area and switching activity of gate-level netlists of our processing elements, for
// scripts/mac_area and scripts/mac_activity, which synthesise them.
//
//   rtl_energy area NETLIST                          gate equivalents, flip-flops, depth
//   rtl_energy activity NETLIST FORMAT DOT SEED SET  rows of a table; SET: workload, patterns
//   rtl_energy glitches NETLIST FORMAT DOT SEED      by gates of a stage: data's switching, that of
//                                                    the products alone, zeros against normal
//   rtl_energy toggles NETLIST CYCLES SEED           transitions of each named bit, random inputs
//   rtl_energy streams                               what activity runs, in words
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "examples/rtl_energy/stream.h"
#include "examples/rtl_energy/training.h"

namespace headroom::rtl_energy {
namespace {

netlist::Netlist read(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  return netlist::read_netlist(file, part_of);
}

// The transitions of each named bit under random inputs, one draw a bit, ports in order of their
// names: for a comparison with another simulator.
void print_toggles(const std::string& path, int cycles, std::uint64_t seed) {
  const netlist::Netlist netlist = read(path);
  netlist::Activity activity(netlist);
  activity.set_all("rst_ni", 1);
  Random random(seed);
  const auto is_input = [](const std::string& name) {
    return name.size() > 2 && name.compare(name.size() - 2, 2, "_i") == 0 && name != "clk_i";
  };
  for (int cycle = 0; cycle < cycles; ++cycle) {
    for (const auto& [name, nets] : netlist.ports) {
      if (!is_input(name)) continue;
      for (const netlist::Net net : nets) activity.set(net, (random.bits() & 1U) != 0 ? ~0ULL : 0);
    }
    activity.clock();
  }
  for (const auto& [name, nets] : netlist.names)
    for (std::size_t i = 0; i < nets.size(); ++i)
      fmt::print("{}{} {}\n", name, nets.size() > 1 ? fmt::format("[{}]", i) : "",
                 activity.transitions(nets[i]) / netlist::Activity::streams);
}

void print_area(const std::string& path) {
  const netlist::Netlist netlist = read(path);
  fmt::print("{},{},{}\n", netlist.gate_equivalents(), netlist.flip_flops.size(), netlist.depth());
}

Format format_named(const std::string& name) {
  const auto* found = std::find(format_names.begin(), format_names.end(), name);
  if (found == format_names.end()) throw std::runtime_error("unknown format '" + name + "'");
  return static_cast<Format>(found - format_names.begin());
}

// Gates between registers, for glitches.
constexpr int stage = 16;

using Dataset = std::pair<std::string, const TensorProduct*>;

void print_rows(const netlist::Netlist& netlist, Format format, int dot_length, Dataflow dataflow,
                std::uint64_t seed, const std::vector<Dataset>& datasets) {
  const ArrayShape shape = shape_of(netlist, dot_length);
  const auto measured = [&](const Dataset& dataset, int gates) {
    return measure(
        netlist, shape, format, dataflow, Data(dataset.first, dataset.second), seed, gates);
  };
  const double normal = measured({"normal", nullptr}, 0).total();
  const double normal_with_glitches = measured({"normal", nullptr}, stage).total();
  for (const Dataset& dataset : datasets) {
    const Cost cost = measured(dataset, 0);
    const double with_glitches = measured(dataset, stage).total();
    fmt::print(
        "{},{},{},{:.2f},{:.2f},{:.4f},{},{:.2f},{:.2f},{:.2f},{:.2f},{:.2f},{:.2f},{:.4f}\n",
        to_string(format), dataflow_names[static_cast<std::size_t>(dataflow)], dataset.first,
        cost.toggles, cost.total(), cost.total() / normal, dot_length, cost.clock,
        cost.operand_registers, cost.sum_registers, cost.products, cost.sums, with_glitches,
        with_glitches / normal_with_glitches);
  }
}

void print_activity(const std::string& path, Format format, int dot_length, std::uint64_t seed,
                    const std::string& set) {
  const netlist::Netlist netlist = read(path);
  const bool patterns = set == "patterns";
  std::vector<Dataset> datasets;
  for (const std::string& name : patterns ? pattern_data() : workload_data())
    datasets.emplace_back(name, nullptr);
  if (patterns) {
    print_rows(netlist, format, dot_length, Dataflow::output_stationary, seed, datasets);
    return;
  }
  const TrainingRun run = train(seed);
  for (const auto& [name, product] : run.products) datasets.emplace_back(name, &product);
  for (const Dataflow dataflow :
       {Dataflow::weight_stationary, Dataflow::output_stationary, Dataflow::input_stationary})
    print_rows(netlist, format, dot_length, dataflow, seed, datasets);
}

// How glitches grow with the gates of a stage.
void print_glitches(const std::string& path, Format format, int dot_length, std::uint64_t seed) {
  const netlist::Netlist netlist = read(path);
  for (const Dataflow dataflow : {Dataflow::weight_stationary, Dataflow::output_stationary}) {
    const auto measured = [&](const char* data, int gates) {
      return measure(
          netlist, shape_of(netlist, dot_length), format, dataflow, Data(data), seed, gates);
    };
    const Cost still = measured("normal", 0);
    for (const int gates : {0, 8, 16, 32, 1000}) {
      const Cost cost = measured("normal", gates);
      fmt::print(
          "{},{},{},{:.2f},{:.2f},{:.4f}\n", to_string(format),
          dataflow_names[static_cast<std::size_t>(dataflow)], gates,
          (cost.total() - cost.clock) / (still.total() - still.clock),
          cost.products / still.products, measured("zeros", gates).total() / cost.total());
    }
  }
}

}  // namespace
}  // namespace headroom::rtl_energy

int main(int argc, char** argv) {
  using namespace headroom::rtl_energy;
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() == 2 && arguments[0] == "area") {
      print_area(arguments[1]);
      return 0;
    }
    if (arguments.size() == 1 && arguments[0] == "streams") {
      fmt::print("{}; glitches: stages of {} gates\n", describe_streams(), stage);
      return 0;
    }
    if (arguments.size() == 6 && arguments[0] == "activity") {
      print_activity(arguments[1], format_named(arguments[2]), std::stoi(arguments[3]),
                     std::stoull(arguments[4]), arguments[5]);
      return 0;
    }
    if (arguments.size() == 4 && arguments[0] == "toggles") {
      print_toggles(arguments[1], std::stoi(arguments[2]), std::stoull(arguments[3]));
      return 0;
    }
    if (arguments.size() == 5 && arguments[0] == "glitches") {
      print_glitches(arguments[1], format_named(arguments[2]), std::stoi(arguments[3]),
                     std::stoull(arguments[4]));
      return 0;
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "rtl_energy: {}\n", error.what());
    return 1;
  }
  fmt::print(
      stderr,
      "usage: rtl_energy area NETLIST | activity NETLIST FORMAT DOT SEED SET |\n"
      "                  glitches NETLIST FORMAT DOT SEED | toggles NETLIST CYCLES SEED | "
      "streams\n");
  return 2;
}
