// What a chip's board draws while it only moves data, or does nothing: the smallest use of the
// power model.
//
//   board_power CHIP CLOCK_MHZ HBM_TB_S
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

void print_power(const std::string& name, double clock_hz, double hbm_bytes_s) {
  const config::ConfigPaths paths;
  const ChipDescription chip = load_chip(name, paths);
  const ChipPowerModel model = power_model(chip, paths);
  power::Work work;
  work.time = Seconds(1);
  work.cycles = clock_hz;
  work.hbm = Bytes(hbm_bytes_s);
  const power::Breakdown parts = power::power(model.coefficients, work, Hertz(clock_hz));
  fmt::print("{} {:.0f} W at {:.0f} MHz and {:.2f} TB/s\n", chip.id, parts.total().si(),
             clock_hz * 1e-6, hbm_bytes_s * 1e-12);
}

}  // namespace
}  // namespace headroom

int sc_main(int argc, char** argv) {
  try {
    if (argc != 4) throw std::invalid_argument("expected CHIP CLOCK_MHZ HBM_TB_S");
    headroom::print_power(argv[1], std::stod(argv[2]) * 1e6, std::stod(argv[3]) * 1e12);
  } catch (const std::exception& error) {
    fmt::print(stderr, "board_power: {}\n", error.what());
    return 2;
  }
  return 0;
}
