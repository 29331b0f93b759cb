// Bit-exact values of the scratchpad, without time. The contract stands in scratchpad.h.
#pragma once

#include <cstdint>
#include <vector>

#include "models/scratchpad/requests.h"
#include "models/scratchpad/scratchpad.h"

namespace headroom::scratchpad::golden {

// Least significant byte first; data_bits / 8 of them.
using Word = std::vector<std::uint8_t>;

// What a write brings: bits 0 to 63 are request.data, each further 64 bits g are mix(data + g).
[[nodiscard]] Word word(const Parameters& parameters, const Request& request);

// The write that gives a word its random contents before anything else happens.
[[nodiscard]] Request initial(std::int64_t address, std::uint64_t seed);

class Memory {
 public:
  // Every word as initial() writes it. Throws as check() does.
  Memory(const Parameters& parameters, std::uint64_t seed);

  [[nodiscard]] Word read(std::int64_t address) const;
  void write(const Request& request);

 private:
  Parameters parameters_;
  std::vector<std::uint8_t> bytes_;
};

// The words that the reads of each port get, in order, when the requests are granted in these
// cycles (Timeline::granted), starting from the contents of Memory(parameters, seed). Throws
// std::invalid_argument unless each request has its cycle.
[[nodiscard]] std::vector<std::vector<Word>> replay(
    const Parameters& parameters, const Requests& requests,
    const std::vector<std::vector<Cycles>>& granted, std::uint64_t seed);

}  // namespace headroom::scratchpad::golden
