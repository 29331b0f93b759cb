// Runs for the tests: a row of a made-up table, changed cell by cell.
#pragma once

#include <map>
#include <string>

#include "sim/validation/run.h"

namespace headroom::validation {

using Cells = std::map<std::string, std::string>;

// A dense model on one node, all settings and a step time stated.
inline Cells plain_cells() {
  return {
      {"id", "x"},
      {"source", "Made up"},
      {"year", "2024"},
      {"model", "GPT-test"},
      {"layers", "4"},
      {"hidden", "2048"},
      {"heads", "16"},
      {"kv_heads", "16"},
      {"ffn_hidden", "8192"},
      {"vocab", "50304"},
      {"seq_len", "2048"},
      {"global_batch_seqs", "64"},
      {"micro_batch_seqs", "4"},
      {"chip", "A100 SXM 80GB"},
      {"chip_count", "8"},
      {"tp", "1"},
      {"pp", "1"},
      {"dp", "8"},
      {"sharding", "none"},
      {"activation_recompute", "none"},
      {"precision", "BF16"},
      {"step_time_s", "1.5"},
      {"model_tflops_per_chip", ""}};
}

inline PublishedRun run_of(const Cells& changes = {}) {
  Cells cells = plain_cells();
  for (const auto& [column, text] : changes) cells[column] = text;
  std::string header, row;
  for (const auto& [column, text] : cells) {
    const char* separator = header.empty() ? "" : ",";
    header += separator + column;
    row += separator + csv_cell(text);
  }
  return read_runs(parse_csv(header + "\n" + row + "\n", "runs.csv")).runs.front();
}

}  // namespace headroom::validation
