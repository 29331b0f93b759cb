// A made-up chip whose power the tests share.
#pragma once

#include "models/power/accounting.h"

namespace headroom::power {

inline Coefficients toy() {
  Coefficients chip;
  chip.node.supply = {0.5, 0.75, 1.05, 0.3, 1.3};
  chip.node.leakage = {5e4, 358, 36, 0.76};
  chip.nominal_clock = Hertz(1e9);
  chip.area = SquareMetres(8e-4);
  chip.clock = Joules(1e-9);
  chip.engine_clock = Joules(5e-8);
  chip.products[Format::bf16] = Joules(1e-12);
  chip.products[Format::fp8_e4m3] = Joules(0.5e-12);
  chip.sram_j_byte = 1e-12;
  chip.network_j_byte = 1e-11;
  chip.fill_j_byte = 5e-12;
  chip.stream_j_byte = 3e-12;
  chip.movement_fixed = 0.6;
  chip.operation_j = 1e-11;
  chip.regulator_efficiency = 0.9;
  chip.hbm_j_byte = 3e-11;
  chip.hbm_idle = Watts(15);
  chip.link_j_byte = 4e-11;
  chip.links_idle = Watts(10);
  chip.fixed = Watts(30);
  chip.thermal_resistance_k_w = 0.05;
  chip.coolant_k = 303;
  return chip;
}

// A second of a busy chip at `clock`.
inline Work busy(Hertz clock) {
  Work work;
  work.time = Seconds(1);
  work.cycles = clock.si();
  work.engine_cycles = 0.9 * clock.si();
  work.products[Format::bf16] = 2e5 * work.engine_cycles;
  work.operations = 1e10;
  work.sram = Bytes(1e13);
  work.network = Bytes(4e12);
  work.streamed = Bytes(2e12);
  work.hbm = Bytes(1e12);
  work.links = Bytes(1e11);
  return work;
}

}  // namespace headroom::power
