// A systolic array at gate level, fed with the beats of matrix products as the matrix engine feeds
// it: double-buffered, without stalls (rtl/matrix_engine/matrix_engine.sv states the cycles).
#pragma once

#include <string>

#include "examples/rtl_energy/data.h"
#include "models/numerics/dot.h"
#include "sim/netlist/activity.h"

namespace headroom::rtl_energy {

enum class Dataflow { weight_stationary, output_stationary, input_stationary };

inline constexpr std::array<const char*, 3> dataflow_names{
    "weight_stationary", "output_stationary", "input_stationary"};

// Parts of the array. What lies outside of the elements is the skew at the edges, of which a large
// array has little.
enum Part : std::size_t { edge, operand_registers, sum_registers, products, sums };

[[nodiscard]] std::size_t part_of(
    const std::string& cell, const std::vector<std::string>& driven_net);

struct ArrayShape {
  int rows = 4, columns = 4, dot_length = 1;
};

// As the ports of a systolic_array have it.
[[nodiscard]] ArrayShape shape_of(const netlist::Netlist& netlist, int dot_length);

// Per multiply-add, all elements together; capacitances in inputs of an inverter.
struct Cost {
  double toggles = 0;  // transitions of nets that elements drive
  double clock = 0;    // switched in clocking the registers that were enabled
  double operand_registers = 0, sum_registers = 0, products = 0, sums = 0;  // switched by data

  [[nodiscard]] double total() const {
    return clock + operand_registers + sum_registers + products + sums;
  }
};

// Products of one kind of data, 64 streams at once. Throws std::logic_error where a sum differs
// from models/numerics.
[[nodiscard]] Cost measure(const netlist::Netlist& netlist, const ArrayShape& shape, Format format,
                           Dataflow dataflow, const Data& data, std::uint64_t seed, int stage);

// What measure() runs, in words.
[[nodiscard]] std::string describe_streams();

}  // namespace headroom::rtl_energy
