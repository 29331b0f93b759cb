// Area of a die from its parts: what it holds physically, enabled or not, at the densities of its
// node.
#pragma once

#include <string>
#include <vector>

#include "models/base/quantity.h"
#include "models/technology/process_node.h"

namespace headroom::technology {

// What one die holds. Counts are physical: spare cores have area too.
struct DieCounts {
  double cores = 0;
  double slots = 0;           // multiply-add slots per core, at the rate of bf16
  Bytes registers;            // per core, many-ported
  Bytes local;                // per core: scratchpad, first-level cache
  Bytes shared;               // of the die: cache or memory that all cores reach
  BytesPerSecond memory;      // bandwidth of its HBM, what controllers and crossbar are built for
  double hbm_stacks = 0;      // PHYs
  double serdes_lanes = 0;    // of links to other packages
  BytesPerSecond die_to_die;  // both directions, to dies of the package
  bool host = true;           // has the interface to the host and what starts work: the fixed part
};

// One global set for all dies and nodes (configs/technology/area.yaml).
struct AreaConstants {
  double slot_transistors = 0;  // of a multiply-add slot, from our RTL
  double matrix = 0;     // area of matrix engines over slot_transistors at headline logic density
  double registers = 0;  // area of registers and the lanes at them over bits at SRAM density
  double local = 0;      // area of local memory over bits at the node's SRAM density
  double shared = 0;     // the same of shared memory, its network included
  double memory_system = 0;      // transistors per byte/s of HBM: controllers, crossbar, queues
  SquareMetres hbm_phy;          // per stack; hardly scales with the node
  SquareMetres serdes_lane;      // per lane; the same
  double die_to_die_m2_bps = 0;  // m^2 per byte/s, the same
  SquareMetres fixed;            // of a die with a host interface
};

struct AreaPart {
  std::string name;
  SquareMetres area;
};

// Names of parts, in the order that die_parts() gives them.
inline constexpr const char* part_matrix = "matrix engines";
inline constexpr const char* part_vector = "vector units and registers";
inline constexpr const char* part_local = "local SRAM";
inline constexpr const char* part_shared = "shared SRAM";
inline constexpr const char* part_memory = "memory system";
inline constexpr const char* part_hbm = "HBM PHY";
inline constexpr const char* part_serdes = "SerDes";
inline constexpr const char* part_die_to_die = "die-to-die";
inline constexpr const char* part_fixed = "fixed";

// The parts of one die; their sum is its area. Logic shrinks with node.logic_density, SRAM with
// node.sram_density (which must be known), PHYs not at all. Throws std::invalid_argument where the
// node has no SRAM density.
[[nodiscard]] std::vector<AreaPart> die_parts(
    const DieCounts& counts, const ProcessNode& node, const AreaConstants& constants);

[[nodiscard]] SquareMetres total(const std::vector<AreaPart>& parts);

// A die that constants are fitted on: `count` equal dies on each of some nodes make the published
// area of a package.
struct PublishedDie {
  struct Kind {
    DieCounts counts;
    ProcessNode node;
    double count = 1;
  };
  std::vector<Kind> kinds;
  SquareMetres area;  // of all its dies
};

[[nodiscard]] SquareMetres package_area(
    const std::vector<PublishedDie::Kind>& kinds, const AreaConstants& constants);

// Fits the five ratios (matrix, registers, local, shared, memory_system) by least squares of the
// relative errors, none below zero; the rest of `start` stays. Deterministic. At least five dies.
[[nodiscard]] AreaConstants fit_area(
    const std::vector<PublishedDie>& dies, const AreaConstants& start);

}  // namespace headroom::technology
