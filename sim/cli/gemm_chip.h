// headroom gemm --chip: products on a whole chip.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace headroom {

struct ChipGemmOptions {
  std::int64_t m = 0, n = 0, k = 0;  // m is 0 where groups are given
  std::int64_t batch = 1;
  std::vector<std::int64_t> groups;
  bool transpose_a = false, transpose_b = false;
  std::string chip, format, fidelity;
  std::string split_k = "auto", tile, order = "auto";
  std::string data;       // distribution of the operands; "": power is not asked for
  std::string power_cap;  // "330W"; "": the chip's own
  std::vector<std::string> assignments, config_paths;
};

// What the command writes: a table for a person, or the JSON document. Mistakes of the options
// throw OptionError and InputError.
[[nodiscard]] std::string chip_gemm(const ChipGemmOptions& options, bool json);

}  // namespace headroom
