// The pins of a Verilated link, without Verilator's headers: those and SystemC's do not mix.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/link/link.h"
#include "models/link/neighbours.h"

namespace headroom::link {

class RtlPins {
 public:
  // What is fixed when a variant is built: the flit, and at most how much of the rest.
  struct Variant {
    int flit_bits, max_payload, replay_packets, buffer_flits;
  };
  // What the surroundings drive in a cycle.
  struct Inputs {
    bool in_valid = false, in_last = false;
    const std::uint64_t* in_data = nullptr;  // flit_bits / 64 words; read where in_valid is high
    bool out_ready = false;
    Errors forward, backward;
  };
  struct Outputs {
    bool in_ready, out_valid, out_last;
  };

  RtlPins() = default;
  RtlPins(const RtlPins&) = delete;
  RtlPins& operator=(const RtlPins&) = delete;
  virtual ~RtlPins() = default;

  virtual void reset(const Parameters& parameters) = 0;
  // The outputs of this cycle for these inputs, before its clock edge.
  virtual Outputs settle(const Inputs& inputs) = 0;
  // The flit at the output after settle(): flit_bits / 64 words.
  virtual void read_output(std::uint64_t* words) const = 0;
  virtual void clock() = 0;

  // Which variants were built (rtl/link/CMakeLists.txt decides).
  [[nodiscard]] static const std::vector<Variant>& built();
  // Null for flits that no variant has. Registers start with random contents drawn from the seed.
  [[nodiscard]] static std::unique_ptr<RtlPins> make(int flit_bits, std::uint64_t seed);
};

}  // namespace headroom::link
