// The rows of a store as text: equal sweeps give equal bytes.
#pragma once

#include <optional>
#include <ostream>
#include <string>

#include "sim/sweep/store.h"

namespace headroom::sweep {

// A line for each row: {"axes": {path: value …}, "status", "reason", "result"}; the result is null
// where there is none.
void write_jsonl(Store& store, std::ostream& out);

// A line for each row under a line of names: axes, status, reason, and every number, word and
// truth value of the results by its path ("throughput.mfu"); lists are left out.
void write_csv(Store& store, std::ostream& out);

// The number at `path` ("throughput.tokens_per_s") of a result document; nothing where it is null
// or there is none.
[[nodiscard]] std::optional<double> number_at(const std::string& result, const std::string& path);

}  // namespace headroom::sweep
