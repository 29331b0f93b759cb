// What one simulated chip reaches in single matrix products, one line each. The smallest use of the
// models: a chip's file, a mapping, its SystemC blocks.
//
//   product_rates CHIP FORMAT MxNxK[/CALLS] ...
//
// Without CALLS each product follows another one, a kernel gap between them. With it, the time is
// what a host measures that waits for the chip after so many calls, as benchmarks in PyTorch do.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "examples/in_simulation.h"
#include "models/chip/chip.h"
#include "sim/config/load_chip.h"
#include "sim/engine/product.h"

namespace headroom {
namespace {

// Dispatch, launch and synchronisation around one call: github:PrincetonUniversity/LLMCompass
// hardware_model/compute_module.py states it for its A100 (a 1 x 1 x 1 product timed by the host).
constexpr Seconds call_overhead(21e-6);

struct Request {
  std::string text;
  Product product;
  int calls = 0;  // 0: never waited for
};

Request request_named(const std::string& text) {
  long long m = 0, n = 0, k = 0;
  int calls = 0;
  const int read = std::sscanf(text.c_str(), "%lldx%lldx%lld/%d", &m, &n, &k, &calls);
  if (read < 3 || std::min({m, n, k}) < 1 || (read == 4 && calls < 1))
    throw std::invalid_argument(
        "not a shape, such as 1024x1024x1024 or 1024x1024x1024/30: " + text);
  return {text.substr(0, text.find('/')), {m, n, k}, calls};
}

Format format_named(const std::string& name) {
  const auto* found = std::find(format_names.begin(), format_names.end(), name);
  if (found == format_names.end()) throw std::invalid_argument("no such format: " + name);
  return static_cast<Format>(found - format_names.begin());
}

// Between calls that nobody waits for lies the gap, in front of the first of them the overhead.
Seconds measured(const ChipDescription& chip, Seconds queued, int calls) {
  if (calls == 0) return queued;
  const double each = 1.0 / calls;
  return queued - chip.kernel_gap * each + call_overhead * each;
}

void print_rates(const std::vector<std::string>& arguments) {
  const ChipDescription chip = load_chip(arguments.at(0), config::ConfigPaths());
  const Format format = format_named(arguments.at(1));
  if (chip.peak(format) == 0) throw std::invalid_argument(chip.name + " lacks this format");
  std::vector<Request> requests;
  for (std::size_t i = 2; i < arguments.size(); ++i)
    requests.push_back(request_named(arguments[i]));

  set_time_resolution();
  // One stream of collectives, unused: the ports to the links must be bound.
  Chip model("chip", chip, {}, {}, {"collectives"});
  const InSimulation simulation("simulation", [&] {
    for (const Request& request : requests) {
      const ProductWork work(request.product, operand_bytes(format), result_bytes(format));
      ProductRun run = map_product(chip, format, work, {}, Fidelity::cycle);
      time_on(model, chip, run);
      const ProductFigures f = figures(chip, format, run);
      const Seconds time = measured(chip, f.time, request.calls);
      const double rate = work.flops() / time.si();
      fmt::print("{:<18} {:8.1f} TFLOP/s {:6.1f} % of peak {:9.2f} us  tiles of {} x {}, {}\n",
                 request.text, rate / 1e12, 100 * rate / chip.peak(format), time.si() * 1e6,
                 run.tiling.tile_m, run.tiling.tile_n, f.bound_by);
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
      throw std::invalid_argument("usage: product_rates CHIP FORMAT MxNxK[/CALLS] ...");
    headroom::print_rates(arguments);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "product_rates: {}\n", error.what());
    return 2;
  }
}
