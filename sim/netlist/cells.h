// The generic gates that Yosys maps to, as static CMOS: how many transistors each is made of, and
// what its pins and its output weigh as capacitances.
//
// Transistors: as `stat -tech cmos` of Yosys 0.23 counts them, four to a gate equivalent (a NAND of
// two inputs). An enabled or reset flip-flop counts as one without: an enable is a clock gate that
// a word shares.
//
// Capacitance, in inputs of a smallest inverter, all transistors alike: a transistor's gate counts
// 1/2, and so does each drain or source that a net connects, which makes the parasitic delay of an
// inverter 1, as logical effort has it (Sutherland, Sproull, Harris, "Logical Effort", 1999,
// section 1.2 and table 1.2). Nodes inside of a cell that switch with a pin (the complements of an
// exclusive or, of a selector) or with the output (between a NAND and its inverter) are added to
// that pin or output. The wire is not known before placement: it is taken as proportional to the
// rest, which leaves ratios as they are.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace headroom::netlist {

enum class CellKind {
  inverter,
  nand_gate,
  nor_gate,
  and_gate,
  or_gate,
  xor_gate,
  xnor_gate,
  and_or_invert,  // not ((a and b) or c)
  or_and_invert,  // not ((a or b) and c)
  selector,       // c ? b : a
  flip_flop       // a: data, b: enable
};

struct CellTraits {
  std::string_view name;  // in the netlist
  CellKind kind;
  int inputs;
  int transistors;
  std::array<double, 3> pins;
  double output;
};

// A flip-flop is two latches of a pass gate, an inverter and a clocked feedback inverter each, and
// an inverter for its clock. A change of its output is one of four nodes: 9 inside, 2 at the
// output. An edge of its clock drives the inverter and, true or complemented, 8 transistors.
inline constexpr double clock_edge_capacitance = 6;

inline constexpr std::array<CellTraits, 14> cells{{
    {"$_NOT_", CellKind::inverter, 1, 2, {1, 0, 0}, 1},
    {"$_NAND_", CellKind::nand_gate, 2, 4, {1, 1, 0}, 1.5},
    {"$_NOR_", CellKind::nor_gate, 2, 4, {1, 1, 0}, 1.5},
    {"$_AND_", CellKind::and_gate, 2, 6, {1, 1, 0}, 3.5},
    {"$_OR_", CellKind::or_gate, 2, 6, {1, 1, 0}, 3.5},
    {"$_XOR_", CellKind::xor_gate, 2, 12, {4, 4, 0}, 2},
    {"$_XNOR_", CellKind::xnor_gate, 2, 12, {4, 4, 0}, 2},
    {"$_AOI3_", CellKind::and_or_invert, 3, 6, {1, 1, 1}, 1.5},
    {"$_OAI3_", CellKind::or_and_invert, 3, 6, {1, 1, 1}, 1.5},
    {"$_MUX_", CellKind::selector, 3, 12, {1, 1, 4}, 4},
    {"$_DFF_P_", CellKind::flip_flop, 1, 16, {1, 0, 0}, 11},
    {"$_DFF_PN0_", CellKind::flip_flop, 1, 16, {1, 0, 0}, 11},
    {"$_DFFE_PP_", CellKind::flip_flop, 2, 16, {1, 0, 0}, 11},
    {"$_DFFE_PN0P_", CellKind::flip_flop, 2, 16, {1, 0, 0}, 11},
}};

inline constexpr double transistors_per_gate_equivalent = 4;

}  // namespace headroom::netlist
