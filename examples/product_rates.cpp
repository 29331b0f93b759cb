// What one simulated chip reaches in single matrix products, one line each. The smallest use of the
// models: a chip's file, its tiling, its SystemC blocks.
//
//   product_rates CHIP FORMAT MxNxK ...
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "examples/in_simulation.h"
#include "models/chip/chip.h"
#include "models/matrix_engine/analytic.h"
#include "sim/config/chip.h"
#include "sim/mapping/array.h"
#include "sim/mapping/kernels.h"

namespace headroom {
namespace {

ChipDescription load_chip(const std::string& id) {
  const config::ConfigPaths paths;
  const auto name = config::Node::parse(id, "command line");
  return config::read_chip(
      config::Node::load(paths.resolve(name, "chips", "chip")), name["no changes"], paths);
}

Format format_named(const std::string& name) {
  const auto* found = std::find(format_names.begin(), format_names.end(), name);
  if (found == format_names.end()) throw std::invalid_argument("no such format: " + name);
  return static_cast<Format>(found - format_names.begin());
}

Product shape_named(const std::string& text) {
  long long m = 0, n = 0, k = 0;
  if (std::sscanf(text.c_str(), "%lldx%lldx%lld", &m, &n, &k) != 3 || std::min({m, n, k}) < 1)
    throw std::invalid_argument("not a shape, such as 1024x1024x1024: " + text);
  return {m, n, k};
}

void print_rates(const std::vector<std::string>& arguments) {
  const ChipDescription chip = load_chip(arguments.at(0));
  const Format format = format_named(arguments.at(1));
  if (chip.peak(format) == 0) throw std::invalid_argument(chip.name + " lacks this format");
  const ArrayCycles array = cost_of(
      std::make_shared<matrix_engine::AnalyticEngine>(array_of(chip, format)));
  const KernelMapper mapper(chip, format, array, array);

  set_time_resolution();
  // One stream of collectives, unused: the ports to the links must be bound.
  Chip model("chip", chip, {}, {}, {"collectives"});
  const InSimulation simulation("simulation", [&] {
    for (std::size_t i = 2; i < arguments.size(); ++i) {
      const Product product = shape_named(arguments[i]);
      const Kernel kernel = mapper.product(arguments[i], product);
      const KernelTime time = model.run(kernel);
      // Products that follow one another are a kernel gap apart.
      const double seconds = (time.duration + chip.kernel_gap).si();
      const double rate = kernel.model_flops / seconds;
      fmt::print("{:<18} {:8.1f} TFLOP/s {:6.1f} % of peak {:9.2f} us  memory stall {:4.1f} %\n",
                 arguments[i], rate / 1e12, 100 * rate / chip.peak(format), seconds * 1e6,
                 100 * time.memory.si() / seconds);
    }
  });
  InSimulation::run();
}

}  // namespace
}  // namespace headroom

int sc_main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() < 3)
      throw std::invalid_argument("usage: product_rates CHIP FORMAT MxNxK ...");
    headroom::print_rates(arguments);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "product_rates: {}\n", error.what());
    return 2;
  }
}
