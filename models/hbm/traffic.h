// Requests for a memory, made up: streams, random addresses, strides, and mixtures.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "models/base/random.h"

namespace headroom::hbm {

enum class Pattern : std::uint8_t {
  stream,   // one address after the other
  random,   // anywhere
  strided,  // `stride` bytes from one to the next
  mixed,    // half stream, half random
};
inline constexpr std::array<std::string_view, 4> pattern_names{
    "stream", "random", "strided", "mixed"};

struct TrafficSpec {
  Pattern pattern = Pattern::stream;
  double read_share = 1;       // of requests, 0 to 1; loads and stores alternate evenly
  std::uint64_t stride = 256;  // bytes, of strided
  int contenders = 1;  // initiators that take turns, each with addresses of its own for its loads
                       // and for its stores
  std::uint64_t seed = 1;
};

// The same spec gives the same requests.
class Traffic {
 public:
  struct Request {
    std::uint64_t address = 0;
    bool write = false;
  };

  // Addresses are below `capacity` (bytes, a multiple of 64) and multiples of 64.
  // std::invalid_argument where the spec is out of its bounds.
  Traffic(const TrafficSpec& spec, std::uint64_t capacity);

  // Never at an end: the caller counts.
  [[nodiscard]] Request next() {
    std::uint64_t& phase = phases_[turn_];
    phase += loads_;
    const bool write = phase < one;
    phase &= one - 1;
    std::uint64_t& cursor = cursors_[2 * turn_ + (write ? 1 : 0)];
    if (++turn_ == contenders_) turn_ = 0;
    if (random_) {
      const std::uint64_t word = mix(state_ += 0x9E3779B97F4A7C15);
      if (!mixed_ || (word >> 63) != 0) return {mix(word) % units_ * 64, write};
    }
    const std::uint64_t address = cursor;
    cursor += step_;
    if (cursor >= capacity_) cursor -= capacity_;
    return {address & ~std::uint64_t{63}, write};
  }
  [[nodiscard]] bool done() const { return false; }

 private:
  static constexpr std::uint64_t one = std::uint64_t{1} << 32;

  std::vector<std::uint64_t> cursors_;  // per contender: of its loads, of its stores
  std::vector<std::uint64_t> phases_;   // per contender: share of the next load that is due, of one
  std::uint64_t capacity_, units_, step_, loads_, state_;
  std::size_t turn_ = 0, contenders_;
  bool random_, mixed_;
};

// Requests that are given, in order.
class Replay {
 public:
  explicit Replay(const std::vector<Traffic::Request>& requests) : requests_(requests) {}
  [[nodiscard]] Traffic::Request next() { return requests_[at_++]; }
  [[nodiscard]] bool done() const { return at_ == requests_.size(); }

 private:
  const std::vector<Traffic::Request>& requests_;
  std::size_t at_ = 0;
};

}  // namespace headroom::hbm
