// The scratchpad: banked SRAM behind a crossbar, shared by the ports of the units that work from
// it.
//
// Contract
//   A port offers its requests in order, one at a time; a request that is offered stays until it is
//   granted. In each cycle each bank grants one of the requests for it, or, one_read_one_write, one
//   read and one write; a read waits also while its port has `outstanding_reads` granted and not
//   delivered (as they were before the cycle).
//   Arbitration: round robin grants the first port behind the one granted last (reads and writes
//   have their own turn where a bank has a port for each); age grants the request that was offered
//   first, of equals the first in that turn. Either way an eligible request waits for at most one
//   of each other port. Values (golden): a write changes the bytes it enables at the end of the
//   cycle of its grant: reads granted later see it, a read granted in the same cycle gets the old
//   word. So the order of grants, reads before writes within a cycle, decides all values.
//   Responses: reads only, in the order of the port's requests; the earliest is read_latency cycles
//   after the grant, one a cycle and port, and waits until its port takes it. Time (analytic,
//   cycle, rtl): cycles from the first granted request to the last granted write or delivered
//   response, inclusive, of ports that are always ready.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "models/base/clock.h"
#include "models/base/fidelity.h"
#include "models/base/unavailable_fidelity.h"

namespace headroom::scratchpad {

// Which bank holds word `address`: address mod banks, or (xor_hashed) the exclusive or of all
// groups of log2(banks) address bits, so that strides of a power of two reach all banks (the
// XOR-schemes of Frailong, Jalby and Lenfant, ICPP 1985). The row is address / banks either way.
enum class Interleave { low_order, xor_hashed };
inline constexpr std::array<std::string_view, 2> interleave_names{"low_order", "xor_hashed"};

enum class Arbitration { round_robin, age };
inline constexpr std::array<std::string_view, 2> arbitration_names{"round_robin", "age"};

struct Parameters {
  int banks = 0;           // a power of two
  int ports = 0;           // at most 64
  int data_bits = 32;      // of a word: a multiple of 8, at most 512
  int words_per_bank = 0;  // rows
  Interleave interleave = Interleave::low_order;
  Arbitration arbitration = Arbitration::round_robin;
  int read_latency = 1;             // cycles from grant to response: 1 or 2
  bool one_read_one_write = false;  // a bank has one port for reads and one for writes (1R1W), not
                                    // one for both
  int outstanding_reads = 4;        // of a port; read_latency + 1 never hold a port up

  [[nodiscard]] std::int64_t words() const { return std::int64_t{banks} * words_per_bank; }
};

enum class Pattern {
  random,   // all words alike
  strided,  // request i of port p: word (p * offset + i * stride) mod words()
  hot_bank  // hot_percent of the requests to random rows of bank 0, the others random
};
inline constexpr std::array<std::string_view, 3> pattern_names{"random", "strided", "hot_bank"};

// What the ports ask for.
struct Traffic {
  Pattern pattern = Pattern::random;
  std::int64_t requests = 0;  // of each port
  std::int64_t stride = 1;    // words; may be 0 or negative
  std::int64_t offset = 1;
  int hot_percent = 50;
  int write_percent = 0;  // at random
  bool lockstep = false;  // the ports advance together, as the lanes of one vector: the next
                          // request of any is offered when all have been granted theirs
  std::uint64_t seed = 1;
};

[[nodiscard]] constexpr std::string_view to_string(Interleave interleave) {
  return interleave_names[static_cast<std::size_t>(interleave)];
}
[[nodiscard]] constexpr std::string_view to_string(Arbitration arbitration) {
  return arbitration_names[static_cast<std::size_t>(arbitration)];
}
[[nodiscard]] constexpr std::string_view to_string(Pattern pattern) {
  return pattern_names[static_cast<std::size_t>(pattern)];
}

class Scratchpad {
 public:
  explicit Scratchpad(const Parameters& parameters) : parameters_(parameters) {}
  Scratchpad(const Scratchpad&) = delete;
  Scratchpad& operator=(const Scratchpad&) = delete;
  virtual ~Scratchpad() = default;

  // Throws std::invalid_argument for traffic that nothing could offer.
  [[nodiscard]] virtual Cycles cycles(const Traffic& traffic) = 0;
  [[nodiscard]] virtual Fidelity fidelity() const = 0;
  [[nodiscard]] const Parameters& parameters() const { return parameters_; }

 private:
  Parameters parameters_;
};

// Throws std::invalid_argument with a sentence for parameters or traffic that nothing could have.
void check(const Parameters& parameters);
void check(const Traffic& traffic);

// A scratchpad at one fidelity; any may be called before, during and after a SystemC simulation.
// rtl runs the Verilated scratchpad and throws std::logic_error when a value differs from golden.
// Throws UnavailableFidelity when there is no such fidelity or variant. Lives in
// scratchpad_systemc.
[[nodiscard]] std::unique_ptr<Scratchpad> make_scratchpad(
    Fidelity fidelity, const Parameters& parameters);

}  // namespace headroom::scratchpad
