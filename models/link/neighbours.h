// What surrounds a link: when the source offers a flit and the sink takes one, and which bits the
// wires flip. All of it follows from a seed and the cycle, so that every fidelity sees the same.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "models/base/clock.h"
#include "models/base/random.h"

namespace headroom::link {

// Shut in `shut_percent` of its spans of `span` cycles, at random. An offered flit stays offered
// until it is taken, even when its side shuts meanwhile.
struct Stalls {
  std::uint64_t seed = 0;
  unsigned shut_percent = 0;  // 0: never, 100: always
  Cycles span = 1;

  [[nodiscard]] bool open(Cycles cycle) const {
    return shut_percent == 0 || mix(mix(seed) + cycle / span) % 100 >= shut_percent;
  }
};

struct Stalling {
  Stalls source, sink;
};

// The bits of one word that a wire flips.
struct Errors {
  std::uint8_t sync = 0;                // of the two synchronisation bits
  std::array<std::uint64_t, 4> data{};  // of the flit's first 256 bits
  bool any = false;

  [[nodiscard]] std::uint32_t body() const { return static_cast<std::uint32_t>(data[0]); }
};

// Bit errors of one wire. A word of n bits is hit with the probability that independent errors
// at the rate give it, 1 - (1 - rate)^n; from the bit hit first, each next bit is hit too with one
// chance in four, as equalisers spread errors.
class BitErrors {
 public:
  BitErrors() = default;
  BitErrors(std::uint64_t seed, double rate, int word_bits)
      : seed_(mix(seed)),
        word_bits_(static_cast<unsigned>(word_bits)),
        threshold_(threshold(-std::expm1(word_bits * std::log1p(-rate)))) {}

  [[nodiscard]] Errors at(Cycles cycle) const {
    Errors errors{};
    if (threshold_ == 0) return errors;
    std::uint64_t random = mix(seed_ + cycle);
    if (random >= threshold_) return errors;
    errors.any = true;
    random = mix(random);
    unsigned bit = static_cast<unsigned>(random % word_bits_);
    random = mix(random);
    do {
      flip(errors, bit);
      bit = (bit + 1) % word_bits_;
      random >>= 2;
    } while ((random & 3) == 0 && random != 0);
    return errors;
  }

 private:
  static std::uint64_t threshold(double probability) {
    return probability >= 1 ? ~std::uint64_t{0}
                            : static_cast<std::uint64_t>(std::ldexp(probability, 64));
  }
  // Bits 0 and 1 are the synchronisation bits, the flit's follow.
  static void flip(Errors& errors, unsigned bit) {
    if (bit < 2)
      errors.sync ^= static_cast<std::uint8_t>(1U << bit);
    else if (bit - 2 < 256)
      errors.data[(bit - 2) / 64] ^= std::uint64_t{1} << ((bit - 2) % 64);
  }

  std::uint64_t seed_ = 0;
  unsigned word_bits_ = 66;
  std::uint64_t threshold_ = 0;
};

struct WireErrors {
  BitErrors forward, backward;

  // No errors.
  WireErrors() = default;
  // rate from 0 to below 1.
  WireErrors(std::uint64_t seed, double rate, int flit_bits)
      : forward(mix(seed) + 1, rate, flit_bits + 2), backward(mix(seed) + 2, rate, 66) {}
};

}  // namespace headroom::link
