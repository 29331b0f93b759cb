// RTL, cycle, analytic and golden of the scratchpad on the same random traffic: the words of all
// reads bit for bit, the cycle of every grant and every response exactly.
#pragma once

#include <cstdint>
#include <optional>

#include "models/scratchpad/rtl.h"
#include "models/scratchpad/scratchpad.h"

namespace headroom::scratchpad::cosim {

struct Options {
  // A variant that was built; interleave, one_read_one_write and outstanding_reads are drawn for
  // each case.
  Parameters parameters;
  Pattern pattern = Pattern::random;
  std::uint64_t seed = 1;
  bool stalls = true;  // at random, and now and then fewer outstanding reads than latency asks for
};

// Everything about a case follows from the options and its number: requests, strides, shares of
// writes and of hot requests, lock-step, stalls.
struct Case {
  Parameters parameters;
  Traffic traffic;
  unsigned request_shut_percent, response_shut_percent;  // of each port's edges; 0: never stalls
  Cycles span;                                           // cycles for which an edge stays as it is
};

[[nodiscard]] Case draw(const Options& options, std::uint64_t number);

struct Difference {
  std::size_t port, index;  // of the port's requests, or of its responses
  Cycles rtl, cycle;        // when it was granted or delivered; of a wrong word, both the latter
  golden::Word rtl_word, golden_word;
};

struct Outcome {
  Requests requests;
  RtlRun rtl;
  std::int64_t value_mismatches = 0;  // words that differ from golden
  std::int64_t cycle_mismatches = 0;  // grants and responses whose cycle differs
  std::uint64_t cycle_error = 0;      // the largest difference
  std::optional<Difference> first_wrong_word, first_wrong_grant, first_wrong_response;
  Cycles cycle_cycles = 0;
  // Without stalls; nothing where there is no closed form. Compared, as one more cycle, where it is
  // exact and nothing stalls.
  std::optional<Cycles> analytic_cycles;
  bool analytic_compared = false;
  double rtl_seconds = 0, cycle_seconds = 0;

  [[nodiscard]] bool agrees() const { return value_mismatches == 0 && cycle_mismatches == 0; }
};

// Throws UnavailableFidelity and std::invalid_argument as run_rtl does. An assertion of the RTL
// that fails ends the process.
[[nodiscard]] Outcome run(const Case& one);

}  // namespace headroom::scratchpad::cosim
