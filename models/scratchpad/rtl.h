// The scratchpad at rtl fidelity: rtl/scratchpad, compiled by Verilator, with a neighbour at each
// port.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/scratchpad/golden.h"
#include "models/scratchpad/requests.h"
#include "models/scratchpad/scratchpad.h"

namespace headroom::scratchpad {

struct RtlRun {
  Timeline timeline;
  Cycles cycles = 0;     // first grant to last grant or delivered response, inclusive
  Cycles simulated = 0;  // from reset on
  std::vector<std::vector<golden::Word>> values;  // of the reads of each port, in order
};

// Throws UnavailableFidelity unless the variant was built; the text lists those that were.
void check_rtl_variant(const Parameters& parameters);

// All built variants: "2x4 (ports x banks) of 16 words of 32 bits, …".
[[nodiscard]] std::string rtl_variants_text();

// The built variant of so many ports and banks, with its word and depth; nothing if there is none.
[[nodiscard]] std::optional<Parameters> rtl_variant(int ports, int banks);

// The requests from reset to the last response. The words are first written through the ports, with
// the contents of golden::Memory(parameters, seed); cycle 0 is the one after the reset behind that.
// Throws std::logic_error when nothing moves for a million cycles.
[[nodiscard]] RtlRun run_rtl(const Parameters& parameters, const Requests& requests,
                             const Edges& edges, bool lockstep = false, std::uint64_t seed = 0);

class RtlScratchpad final : public Scratchpad {
 public:
  explicit RtlScratchpad(const Parameters& parameters);
  [[nodiscard]] Cycles cycles(const Traffic& traffic) override;
  [[nodiscard]] Fidelity fidelity() const override { return Fidelity::rtl; }
};

}  // namespace headroom::scratchpad
