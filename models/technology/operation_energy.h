// What arithmetic and memories cost by operation, format and node, from published figures.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/base/quantity.h"
#include "models/technology/scaling.h"

namespace headroom::technology {

// One published figure.
struct PublishedEnergy {
  std::string operation;     // "add", "multiply", "multiply_add", "sram_read_8kib", …
  std::string format;        // a number format, an integer such as int32, or "bit" of memories
  std::string node;          // id of the node it holds on, at that node's nominal voltage
  Joules energy, low, high;  // of one operation; low and high where sources differ
  std::string kind;          // "arithmetic", "synthesised", "memory"
  std::string source;
};

struct OperationEnergy {
  Joules energy, low, high;  // at the node's nominal voltage
  PublishedEnergy from;      // the nearest figure
  double scale = 1;          // energy / from.energy
  std::string between;       // node of the figure on the other side, "" where there is none
};

// The figure of `operation` and `format` on `node`: as published there; interpolated between the
// nearest figures of an older and a newer node, energy against Scaling::energy (of memories
// Scaling::memory_energy), both logarithmic; with figures on one side only, that of the nearest
// node times the ratio. None where nothing is published for the pair or the node's scaling is not
// known. `kind` restricts the figures, "" does not.
[[nodiscard]] std::optional<OperationEnergy> energy_of(
    const std::vector<PublishedEnergy>& published, const Scaling& scaling,
    const std::string& operation, const std::string& format, const std::string& node,
    const std::string& kind = "");

}  // namespace headroom::technology
