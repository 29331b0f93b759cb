// The configuration files of SCALE-Sim v2 and v3 (*.cfg).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/matrix_engine/matrix_engine.h"
#include "sim/config/error.h"

namespace headroom::scalesim {

using matrix_engine::Dataflow;

// One value for each of the three memories beside the array.
template <class T>
struct PerMemory {
  T ifmap{}, filter{}, ofmap{};
};

// The name of a dataflow in SCALE-Sim's files: ws, os, is.
[[nodiscard]] std::string_view short_name(Dataflow dataflow);

// Largest height and width of an array: sums of cycles stay far from overflow.
inline constexpr std::int64_t max_array_side = 65536;

struct Configuration {
  std::string run_name;  // name of the folder that the reports go to
  int rows = 0, columns = 0;
  Dataflow dataflow = Dataflow::weight_stationary;
  PerMemory<std::int64_t> sram_words;  // both halves of the double buffer; a word is a byte
  bool user_bandwidth = false;         // USER; CALC otherwise: as fast as it takes, no stalls
  PerMemory<std::int64_t> bandwidth;   // words per cycle to DRAM; USER only
  std::string bandwidth_source;        // the keys it comes from; USER only
  // Things in the file that were read past, each "file:line:column: …".
  std::vector<std::string> notes;
};

// Throws InputError for what SCALE-Sim stops at, for keys that are close to a known one, and for
// features that are not modelled (sparsity, Ramulator's traces, custom layouts with USER).
[[nodiscard]] Configuration read_configuration(const std::string& path);
[[nodiscard]] Configuration parse_configuration(std::string_view text, const std::string& name);

}  // namespace headroom::scalesim
