#include "sim/mapping/attention_blocks.h"

#include <algorithm>

#include "sim/mapping/counting.h"

namespace headroom {
namespace {

// The first key that some query of the row of blocks from query `query` on sees.
std::int64_t first_key(const Operator& op, std::int64_t query) {
  if (op.window == 0) return 0;
  if (op.chunked) return query / op.window * op.window;
  return std::max<std::int64_t>(0, query - op.window + 1);
}

// Of all queries of the sequence.
AttentionBlocks blocks_of_all(const Operator& op, std::int64_t queries, std::int64_t keys) {
  const std::int64_t rows = ceil_div(op.sequence, queries);
  AttentionBlocks blocks;
  blocks.rows = as_double(rows);
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t end = op.causal ? std::min(op.sequence, (row + 1) * queries) : op.sequence;
    const double count = as_double(ceil_div(end, keys) - first_key(op, row * queries) / keys);
    blocks.per_head += count;
    blocks.longest_row = std::max(blocks.longest_row, count);
  }
  return blocks;
}

}  // namespace

AttentionBlocks attention_blocks(const Operator& op, std::int64_t queries, std::int64_t keys) {
  AttentionBlocks blocks = blocks_of_all(op, queries, keys);
  if (op.queries == 0 || op.queries == op.sequence) return blocks;
  // Rows of the queries here, with the average of all rows each.
  const double rows = as_double(ceil_div(op.queries, queries));
  blocks.per_head *= rows / blocks.rows;
  blocks.rows = rows;
  return blocks;
}

}  // namespace headroom
