// What a chip's board draws while it only moves data, or does nothing: the smallest use of the
// power model.
//
//   board_power CHIP CLOCK_MHZ HBM_TB_S [L2_TB_S [OPERATIONS_T_S]]
//
// L2_TB_S: what vector instructions load and store, as much as HBM if it is left out;
// OPERATIONS_T_S: of lanes, on these data.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <systemc>

#include "sim/config/load_chip.h"
#include "sim/power/model.h"

namespace headroom {
namespace {

void print_power(const std::string& name, double clock_hz, double hbm_bytes_s,
                 double streamed_bytes_s, double operations_s) {
  const config::ConfigPaths paths;
  const ChipDescription chip = load_chip(name, paths);
  const ChipPowerModel model = power_model(chip, paths);
  power::Work work;
  work.time = Seconds(1);
  work.cycles = clock_hz;
  work.hbm = Bytes(hbm_bytes_s);
  work.network = work.streamed = Bytes(streamed_bytes_s);
  work.operations = operations_s;
  const power::Breakdown parts = power::power(model.coefficients, work, Hertz(clock_hz));
  fmt::print("{} {:.0f} W at {:.0f} MHz and {:.2f} TB/s\n", chip.id, parts.total().si(),
             clock_hz * 1e-6, hbm_bytes_s * 1e-12);
}

}  // namespace
}  // namespace headroom

int sc_main(int argc, char** argv) {
  try {
    if (argc < 4 || argc > 6)
      throw std::invalid_argument("expected CHIP CLOCK_MHZ HBM_TB_S [L2_TB_S [OPERATIONS_T_S]]");
    const auto figure = [&](int i) { return std::stod(argv[i]); };
    const double hbm = figure(3) * 1e12;
    headroom::print_power(
        argv[1], figure(2) * 1e6, hbm, argc > 4 ? figure(4) * 1e12 : hbm,
        argc > 5 ? figure(5) * 1e12 : 0);
  } catch (const std::exception& error) {
    fmt::print(stderr, "board_power: {}\n", error.what());
    return 2;
  }
  return 0;
}
