// A flat gate-level netlist as Yosys writes it (write_json), in the gates of cells.h.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <string>
#include <vector>

#include "sim/netlist/cells.h"

namespace headroom::netlist {

// Nets 0 and 1 are the constants; an undefined bit counts as 0.
using Net = std::uint32_t;

// A design may be divided into so many parts, by numbers.
inline constexpr std::size_t parts = 8;

struct Gate {
  CellKind kind;
  std::uint8_t part;
  const CellTraits* traits;
  std::array<Net, 3> inputs;  // flip-flop: data, enable
  Net output;
};

struct Netlist {
  std::size_t nets = 2;
  std::vector<Gate> gates;       // combinational, each behind those that drive it
  std::vector<Gate> flip_flops;  // all clocked by the one clock
  std::map<std::string, std::vector<Net>> ports;
  std::map<std::string, std::vector<Net>> names;  // of nets, but for those that Yosys invented
  // What a transition of the net charges or discharges in each part of the design, in inputs of an
  // inverter: pins count where they are, outputs where they are driven.
  std::vector<std::array<double, parts>> capacitance;

  [[nodiscard]] double gate_equivalents() const;  // combinational gates and flip-flops
  [[nodiscard]] int depth() const;                // most gates between flip-flops or ports
};

// What part of the design a cell belongs to, by its name and by the names of the net it drives.
using PartOf = std::function<std::size_t(
    const std::string& cell, const std::vector<std::string>& driven)>;

// Reads the only module. Throws std::runtime_error with a sentence: not such a file, a cell that is
// not in cells.h, a loop without flip-flop, a net with two drivers.
[[nodiscard]] Netlist read_netlist(std::istream& json, const PartOf& part_of);

}  // namespace headroom::netlist
