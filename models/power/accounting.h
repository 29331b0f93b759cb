// Where the watts of a chip go: energies of what its blocks do at the voltage of its clock, and
// what it draws whatever they do.
#pragma once

#include <map>

#include "models/base/quantity.h"
#include "models/numerics/format.h"
#include "models/technology/process_node.h"

namespace headroom::power {

// A chip as power sees it. Energies on the die hold at the node's nominal voltage and follow V^2.
struct Coefficients {
  technology::ProcessNode node;
  Hertz nominal_clock;  // that the chip's logic reaches at the nominal voltage
  SquareMetres area;    // of all its dies: leaks and carries the clock

  Joules clock;                       // of the clock tree outside of the engines, a cycle
  Joules engine_clock;                // of the registers of all engines, a cycle in which they work
  std::map<Format, Joules> products;  // of a multiply-add on normal random data, less its clock

  double sram_j_byte = 0;     // through a scratchpad's port
  double network_j_byte = 0;  // between the chip-wide memory and a core
  double fill_j_byte = 0;     // between HBM and the chip-wide memory
  double stream_j_byte = 0;   // that vector instructions load or store: inside of a core
  double movement_fixed = 0;  // of the four, what zeros cost too: address, word lines, clocks; [0,
                              // 1]
  double operation_j = 0;     // of a vector operation

  // Outside of the die's supply.
  double regulator_efficiency = 1;  // of those that feed the die and HBM, (0, 1]
  double hbm_j_byte = 0;            // DRAM, both PHYs and the controller
  Watts hbm_idle;                   // refresh, standby, all stacks
  double link_j_byte = 0;           // of all links, a byte sent
  Watts links_idle;                 // lanes that are trained and silent
  Watts fixed;                      // the rest of the board

  double thermal_resistance_k_w = 0;  // junction over coolant, for a watt of the board
  double coolant_k = 0;
};

// What is done in `time`.
struct Work {
  Seconds time;
  double cycles = 0;         // of the chip's clock
  double engine_cycles = 0;  // of them, with all engines multiplying
  std::map<Format, double> products;
  double relative_toggles = 1;  // of a multiply-add, over those of normal random data, >= 0
  double operations = 0;        // of vector units
  Bytes sram;                   // through scratchpads to engines
  Bytes network;                // between the chip-wide memory and cores
  Bytes streamed;               // that vector instructions load and store
  Bytes hbm, links;
};

// Mean watts by part. Those of the die and of HBM include what their regulators lose. sram: all
// that cores' scratchpads, caches and register files move; network_on_chip: chip-wide memory and
// wires.
struct Breakdown {
  Watts clock, matrix, vector, sram, network_on_chip, hbm, links, leakage, fixed;
  double volts = 0;
  double kelvin = 0;  // junction

  [[nodiscard]] Watts total() const {
    return clock + matrix + vector + sram + network_on_chip + hbm + links + leakage + fixed;
  }
};

// The supply at which the chip runs `clock`: at least the node's minimum.
[[nodiscard]] double volts_at(const Coefficients& chip, Hertz clock);

// Highest clock: that of the node's maximum voltage.
[[nodiscard]] Hertz highest_clock(const Coefficients& chip);

// Mean power while `work` repeats at `clock`. Junction temperature and leakage depend on each other
// and are settled; where leakage runs away (thermal resistance x leakage slope above 1) the
// temperature stops at 500 K.
[[nodiscard]] Breakdown power(const Coefficients& chip, const Work& work, Hertz clock);

}  // namespace headroom::power
