// InterfaceBandwidth USER: time of a layer whose interfaces to DRAM have a given bandwidth, by the
// project's own model of the double buffers beside the array.
//
//   - Each operand has an interface of its own with its words per cycle, and two halves of SRAM.
//   - Inputs: the first half of an SRAM has been filled when cycle 0 begins. From then on, one half
//     serves the array while the next words fill the other. When the array asks for the first word
//     behind the serving half, the halves swap; it waits until the other one is full.
//   - Results: the array fills one half while the other drains. When a half is full, the halves
//     swap; the array waits until the other one is empty.
//   - Waiting stops the whole array. What is left of the results drains behind the last fold.
#pragma once

#include "sim/scalesim/memory.h"

namespace headroom::scalesim {

// Swaps of halves that double_buffered() would go through: its cost.
[[nodiscard]] std::int64_t swaps(const PerMemory<DramStream>& streams);

// `bandwidth` in words per cycle, at least 1 each.
[[nodiscard]] Timeline double_buffered(
    const Folding& folding, const PerMemory<DramStream>& streams,
    const PerMemory<std::int64_t>& bandwidth, std::int64_t fold_cycles);

}  // namespace headroom::scalesim
