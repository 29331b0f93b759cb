// What the files of the programs build commands from. Private to sim/mapping.
#pragma once

#include <vector>

#include "sim/mapping/counting.h"
#include "sim/mapping/product_work.h"
#include "sim/mapping/program.h"
#include "sim/workload/precision.h"

namespace headroom {

[[nodiscard]] inline Command wait_for(
    CollectiveStream stream, std::size_t outstanding, Purpose purpose = Purpose::model) {
  Command command;
  command.kind = Command::Kind::wait;
  command.stream = stream;
  command.outstanding = outstanding;
  command.purpose = purpose;
  return command;
}

[[nodiscard]] inline ProductWork grouped_work(const Operator& op) {
  ProductWork work({op.tokens, op.outputs, op.inputs}, activation_bytes, activation_bytes);
  work.rows = {{op.tokens, op.groups}};
  return work;
}

// Rows of a product's input on this chip, and elements of its weights.
[[nodiscard]] inline double rows_of(const Operator& op) { return as_double(op.tokens * op.groups); }
[[nodiscard]] inline double weights_of(const Operator& op) {
  return as_double(op.groups * op.inputs) * as_double(op.outputs);
}

inline void append(std::vector<Command>& out, const std::vector<Command>& more) {
  out.insert(out.end(), more.begin(), more.end());
}

}  // namespace headroom
