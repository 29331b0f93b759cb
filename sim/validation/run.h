// A published training run as its row states it: nothing is filled in here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/validation/csv.h"

namespace headroom::validation {

using Count = std::optional<std::int64_t>;
using Figure = std::optional<double>;

struct PublishedRun {
  std::string id;  // "line 12" where the table has no ids; for messages and reports only
  std::string source, source_address, model, chip, sharding, recompute, precision;
  std::string flops_convention, derived_fields, notes;
  Count year, layers, hidden, heads, kv_heads, ffn, vocab;
  Count sequence, global_batch, micro_batch;  // tokens, sequences, sequences
  Count chips, tensor, pipeline, virtual_pipeline, data, context, expert;
  Figure parameters, active_parameters;  // numbers of parameters (the table: thousand millions)
  Figure step_time_s, tokens_per_s_per_chip, tokens_per_s;
  Figure model_tflops, hardware_tflops, peak_tflops;  // per chip
  Figure mfu, hfu;                                    // shares (the table: per cent)
  Position at;                                        // of the row

  // Whether the table's author computed this column instead of reading it in the source.
  [[nodiscard]] bool derived(std::string_view column) const;
};

struct PublishedRuns {
  std::vector<PublishedRun> runs;
  std::vector<std::string> ignored;  // columns that mean nothing here
};

// Reads the columns of training_runs.csv. A table without those that every table of runs has, and a
// cell that is not the number it should be, is an InputError at its place.
[[nodiscard]] PublishedRuns read_runs(const CsvTable& table);

}  // namespace headroom::validation
