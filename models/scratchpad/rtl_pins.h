// The pins of a Verilated scratchpad, without Verilator's headers: those and SystemC's do not mix.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/scratchpad/golden.h"
#include "models/scratchpad/scratchpad.h"

namespace headroom::scratchpad {

class RtlPins {
 public:
  // What is fixed when a variant is built.
  struct Variant {
    int ports, banks, data_bits, words_per_bank;
    int outstanding;  // most outstanding_reads

    [[nodiscard]] bool fits(const Parameters& parameters) const {
      return ports == parameters.ports && banks == parameters.banks &&
             data_bits == parameters.data_bits && words_per_bank == parameters.words_per_bank &&
             outstanding >= parameters.outstanding_reads;
    }
  };
  // Bit p: port p.
  struct Outputs {
    std::uint64_t request_ready, response_valid;
  };

  RtlPins() = default;
  RtlPins(const RtlPins&) = delete;
  RtlPins& operator=(const RtlPins&) = delete;
  virtual ~RtlPins() = default;

  // Of everything but the words; takes what is chosen at run time.
  virtual void reset(const Parameters& parameters) = 0;
  // What stands at a port's request pins from now on.
  virtual void drive(std::size_t port, const Request& request) = 0;
  // The outputs of this cycle for these inputs, before its clock edge.
  virtual Outputs settle(std::uint64_t request_valid, std::uint64_t response_ready) = 0;
  // The response at a port after settle().
  [[nodiscard]] virtual golden::Word read_response(std::size_t port) const = 0;
  virtual void clock() = 0;

  // Which variants were built (rtl/scratchpad/CMakeLists.txt decides).
  [[nodiscard]] static const std::vector<Variant>& built();
  // All of them as text: "2x4 (ports x banks) of 16 words of 32 bits, …".
  [[nodiscard]] static std::string built_text();
  // Registers and words start with random contents drawn from the seed. Null for a variant that was
  // not built.
  [[nodiscard]] static std::unique_ptr<RtlPins> make(
      const Parameters& parameters, std::uint64_t seed);
};

}  // namespace headroom::scratchpad
