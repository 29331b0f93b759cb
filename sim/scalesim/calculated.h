// InterfaceBandwidth CALC: DRAM keeps up with whatever the folds ask for, so nothing stalls. Its
// cycles follow SCALE-Sim's rules, which start from an arbitrary 10 words per cycle; they say when
// words would have to be asked for, not what a memory does.
#pragma once

#include "sim/scalesim/memory.h"

namespace headroom::scalesim {

[[nodiscard]] Timeline calculated(
    const Folding& folding, const PerMemory<DramStream>& streams, std::int64_t fold_cycles);

}  // namespace headroom::scalesim
