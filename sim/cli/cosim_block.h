// What a block gives to `headroom cosim`: its own options, and its cases. One file
// cosim_<block>.cpp each; cosim.cpp lists them and does what all have in common.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/base/clock.h"
#include "sim/cli/command.h"
#include "sim/cli/options.h"

namespace headroom::cosim {

using Json = nlohmann::ordered_json;

// The word of options that also take every name.
inline constexpr std::string_view all = "all";

// Every name, or the one that was asked for.
template <std::size_t N>
[[nodiscard]] std::vector<std::string> asked_for(
    const std::string& word, const std::array<std::string_view, N>& names) {
  if (word == all) return {names.begin(), names.end()};
  return {word};
}

// Accepts one of `names` or "all".
template <std::size_t N>
[[nodiscard]] Check one_of_or_all(const std::array<std::string_view, N>& names) {
  std::vector<std::string> words(names.begin(), names.end());
  words.emplace_back(all);
  return one_of(words);
}

// Options of every block.
struct CommonOptions {
  std::string block, stalls = "random", dump, json;
  std::uint64_t cases = 100, seed = 1;

  [[nodiscard]] bool random_stalls() const { return stalls == "random"; }
};

// What one case showed. cycle_error: the largest difference from rtl, in cycles, of what is
// compared.
struct Comparison {
  std::int64_t value_mismatches = 0;
  std::uint64_t cycle_error = 0;
  Cycles rtl_cycles = 0, cycle_cycles = 0, analytic_cycles = 0;
  double rtl_seconds = 0, cycle_seconds = 0;

  [[nodiscard]] bool agrees() const { return value_mismatches == 0 && cycle_error == 0; }
};

struct Totals {
  std::uint64_t cases = 0, cycle_mismatches = 0;
  Comparison sum;                                          // cycle_error: the largest
  Json first_failure;                                      // null: none
  std::vector<std::pair<std::string, std::string>> notes;  // further rows of the table

  // `describe` is asked only where the case is the first that differs.
  void add(const Comparison& one, const std::function<Json()>& describe);
};

class Block {
 public:
  virtual ~Block() = default;

  [[nodiscard]] virtual std::string name() const = 0;
  // Adds the options that only this block has.
  virtual void add_options(Command& options) = 0;
  // "4x4 array, dot length 1": what the table says of them.
  [[nodiscard]] virtual std::string title() const = 0;
  // The same as keys of the JSON document.
  [[nodiscard]] virtual Json settings() const = 0;
  // Runs the cases; `dump`, where asked for, takes one JSON value each. Throws UnavailableFidelity,
  // OptionError and std::invalid_argument for settings that cannot be run.
  virtual void compare(const CommonOptions& common, Totals& totals,
                       const std::function<void(const Json&)>* dump) = 0;
};

[[nodiscard]] std::unique_ptr<Block> matrix_engine_block();
[[nodiscard]] std::unique_ptr<Block> scratchpad_block();
[[nodiscard]] std::unique_ptr<Block> link_block();

}  // namespace headroom::cosim
