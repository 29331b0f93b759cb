// RTL, cycle, analytic and golden of the link on the same random traffic: every flit bit for bit,
// every delivery in the same cycle.
#pragma once

#include <cstdint>
#include <optional>

#include "models/link/golden.h"
#include "models/link/link.h"
#include "models/link/neighbours.h"
#include "models/link/rtl.h"

namespace headroom::link::cosim {

enum class StallKind { none, random, shut };  // shut: the sink takes nothing, so that nothing moves

struct Options {
  int flit_bits = 128;
  std::uint64_t seed = 1;
  StallKind stalls = StallKind::random;
  bool bit_errors = true;
};

// Everything about a case follows from the options and its number: packet, buffers, timers and
// wires within the variant, ragged messages, stalls, bit errors.
struct Case {
  Parameters parameters;
  Traffic traffic;
  Stalling stalls;
  WireErrors errors;
  double bit_error_rate = 0;
};

// Throws UnavailableFidelity where the flit was not built.
[[nodiscard]] Case draw(const Options& options, std::uint64_t number);

struct Outcome {
  std::vector<golden::Flit> expected;
  RtlRun rtl;
  std::int64_t value_mismatches = 0;
  std::optional<std::size_t> first_wrong;  // flit
  std::vector<Cycles> deliveries;          // of cycle
  Cycles cycle_cycles = 0;
  Cycles analytic_cycles = 0;     // of one message of all flits, without stalls or lost words
  std::uint64_t cycle_error = 0;  // the largest difference of a delivery between cycle and rtl
  std::optional<std::size_t> first_late;  // flit
  std::int64_t packets = 0, resent = 0, lost = 0;
  double rtl_seconds = 0, cycle_seconds = 0;

  [[nodiscard]] bool agrees() const { return value_mismatches == 0 && cycle_error == 0; }
};

// Throws Stalled, UnavailableFidelity and std::invalid_argument. An assertion of the RTL that fails
// ends the process.
[[nodiscard]] Outcome run(const Case& one);

}  // namespace headroom::link::cosim
