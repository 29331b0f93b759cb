// The memory of the busiest pipeline rank, term by term: where each number of memory.h comes from.
#pragma once

#include <string>
#include <vector>

#include "sim/config/experiment.h"
#include "sim/mapping/memory.h"

namespace headroom {

// Bytes of one term: "4 B x (O + U)", "4 B x (198,242,304 + 218,112,000)".
struct MemoryTerm {
  std::string name, formula, numbers;
  double bytes = 0;
};

// What a formula's letter stands for: "O", "198,242,304 parameters: …".
struct MemorySymbol {
  std::string symbol, meaning;
};

struct MemoryExplanation {
  MemoryNeed need;                // the terms sum to need.total()
  std::vector<MemoryTerm> terms;  // weights, gradients, optimiser, then activations in parts
  std::vector<MemorySymbol> symbols;
};

[[nodiscard]] MemoryExplanation explain_memory(const Experiment& experiment);

// As a table for a terminal, with the sum and the chip's capacity.
[[nodiscard]] std::string text(const MemoryExplanation& explanation, const Experiment& experiment);

}  // namespace headroom
