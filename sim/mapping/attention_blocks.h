// The blocks of scores that an attention kernel works on: those that the mask hides whole are
// skipped.
#pragma once

#include <cstdint>

#include "sim/workload/graph.h"

namespace headroom {

struct AttentionBlocks {
  double rows = 0;      // of blocks of a head
  double per_head = 0;  // blocks that are worked on
  double longest_row = 0;
};

// Blocks of `queries` x `keys` scores of one head of one sequence.
[[nodiscard]] AttentionBlocks attention_blocks(
    const Operator& op, std::int64_t queries, std::int64_t keys);

}  // namespace headroom
