// From constants of the technology and of a chip to the coefficients of its power.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/power/accounting.h"
#include "models/power/chip_power.h"
#include "models/technology/operation_energy.h"

namespace headroom::power {

// Constants that all chips share (configs/technology/power.yaml).
struct Constants {
  double regulator_efficiency = 1;
  // Multiply-adds: published arithmetic x glitch + accumulator traffic, all x scale.
  double glitch = 1;  // transitions of real gates over those without delays, of logic alone
  double scale = 1;   // of the anchor chip
  std::string anchor;
  Joules engine_clock;          // of a multiply-add slot and cycle, on the reference node
  double clock_j_m2 = 0;        // of the clock tree elsewhere, by area and cycle, the same
  double scratchpad_m = 0;      // wires between a scratchpad and its engines
  double movement_fixed = 0;    // of bytes in SRAM and on wires, what zeros cost too
  double controller_j_bit = 0;  // of memory controllers, on the reference node
  double memory_distance = 0;   // from HBM's PHY to the chip-wide memory, over the die's side
  Bytes stream_bytes{1};        // that a lane loads or stores for an instruction
  double router = 1;            // energy of a network on chip over that of its wires alone
  Joules vector_operation;      // with its instruction and registers, on the reference node
  double link_idle_share = 0;   // of a link's full power that it draws when trained and silent
  // By device of configs/memories.
  std::map<std::string, double> hbm_j_byte;
  std::map<std::string, Watts> hbm_idle;  // of a stack
  // By kind of configs/links.
  std::map<std::string, double> link_j_byte;
};

// What of a chip's description counts.
struct Parts {
  std::string node;               // id of its process node
  double slots = 0;               // multiply-adds of bf16 a cycle, all engines
  double dot_length = 1;          // products summed before an accumulator is touched
  bool systolic = false;          // accumulators move between elements, not through a register file
  std::map<Format, double> rate;  // slots of a format over those of bf16
  std::map<Format, double> relative_energy;  // of its product over bf16's, where RTL tells;
                                             // formats that are published need none
  std::string memory;
  int stacks = 0;
  std::string link;
  double link_bytes_s = 0;  // both directions of all links at full rate
};

// Throws std::invalid_argument where the node lacks a value that is needed, or where an energy is
// not known: the message names it. Formats without a known energy are left out.
[[nodiscard]] Coefficients resolve(
    const Constants& constants, const ChipPower& chip, const Parts& parts,
    const technology::Scaling& nodes, const std::vector<technology::PublishedEnergy>& published);

}  // namespace headroom::power
