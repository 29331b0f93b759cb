// One layer on SCALE-Sim's array: every figure of its three reports.
#pragma once

#include <cstdint>

#include "models/matrix_engine/matrix_engine.h"
#include "sim/scalesim/configuration.h"
#include "sim/scalesim/memory.h"
#include "sim/scalesim/topology.h"

namespace headroom::scalesim {

// Cycles count from 0, when fold 0 begins; before it they are negative. Definitions are
// SCALE-Sim's; docs/scalesim.md says which figures equal its own.
struct LayerResult {
  std::int64_t folds = 0, macs = 0;
  std::int64_t total_cycles = 0;          // the number of the last cycle: one less than there are
  std::int64_t stall_cycles = 0;          // of them; 0 with InterfaceBandwidth CALC
  std::int64_t cycles_with_prefetch = 0;  // from the first word fetched to the last one drained
  double overall_utilization = 0;         // macs / (total_cycles * elements of the array)
  double mapping_efficiency = 0;          // elements in use, mean over folds
  double compute_utilization = 0;         // element-cycles in use, mean over folds
  PerMemory<Access> sram, dram;
};

// The engine that SCALE-Sim's array is: single-buffered, without limit to the partial sums beside
// it.
[[nodiscard]] matrix_engine::ArrayParameters array_of(const Configuration& configuration);

// Cycles of one fold as SCALE-Sim counts them: those of `engine` on a fold that runs alone, less
// `drain_offset`. SCALE-Sim has no registers behind the array: an output counts as delivered in
// the cycle of its last multiply-accumulate, and output-stationary sums leave while others are
// still at work. The engine spends FoldTime::drain cycles on that (fold_time.h).
[[nodiscard]] std::int64_t fold_cycles(
    matrix_engine::MatrixEngine& engine, const matrix_engine::Product& product);

// `engine` has the parameters of array_of(configuration). Throws InputError for a layer that would
// swap the halves of its SRAMs more than 10^8 times.
[[nodiscard]] LayerResult evaluate(
    const Configuration& configuration, const Layer& layer, matrix_engine::MatrixEngine& engine);

}  // namespace headroom::scalesim
