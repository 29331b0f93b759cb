// An edge beat as the bits of an RTL port: lanes one after another, lane 0 in the lowest bits; a
// lane is the elements, the first in its lowest bits, and the block scale above them. Nothing is
// aligned to bytes. rtl/common/formats_pkg.sv states the same widths.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "models/numerics/format.h"

namespace headroom::matrix_engine {

enum class Datapath { integer, narrow, half, single };

inline constexpr std::array<std::string_view, 4> datapath_names{
    "integer", "narrow", "half", "single"};

[[nodiscard]] constexpr std::string_view to_string(Datapath datapath) {
  return datapath_names[static_cast<std::size_t>(datapath)];
}

[[nodiscard]] constexpr Datapath datapath_of(Format format) {
  if (is_integer(format)) return Datapath::integer;
  if (format == Format::fp32) return Datapath::single;
  return traits(format).bits > 8 ? Datapath::half : Datapath::narrow;
}

struct LaneLayout {
  int element_width, scale_width;

  [[nodiscard]] constexpr int lane_width(int dot_length) const {
    return dot_length * element_width + scale_width;
  }
};

[[nodiscard]] constexpr LaneLayout lane_layout(Datapath datapath) {
  switch (datapath) {
    case Datapath::integer: return {8, 0};
    case Datapath::narrow: return {8, 8};
    case Datapath::half: return {19, 0};
    case Datapath::single: return {32, 0};
  }
  return {};
}

// The words of a port, least significant first, as Verilator keeps them.
class PackedBeat {
 public:
  PackedBeat(Datapath datapath, int dot_length, int lanes)
      : layout_(lane_layout(datapath)),
        dot_length_(dot_length),
        words_(static_cast<std::size_t>((layout_.lane_width(dot_length) * lanes + 63) / 64 * 2)) {}

  [[nodiscard]] const std::uint32_t* words() const { return words_.data(); }

  void set_lane(int lane, const std::uint32_t* elements, std::uint32_t scale) {
    int at = lane * layout_.lane_width(dot_length_);
    for (int i = 0; i < dot_length_; ++i, at += layout_.element_width)
      set(at, layout_.element_width, elements[i]);
    if (layout_.scale_width > 0) set(at, layout_.scale_width, scale);
  }

 private:
  // Overwrites `width` <= 32 bits from bit `at` on.
  void set(int at, int width, std::uint32_t value) {
    const auto word = static_cast<std::size_t>(at / 32);
    const int shift = at % 32;
    const std::uint64_t mask = ((std::uint64_t{1} << width) - 1) << shift;
    std::uint64_t both = words_[word];
    const bool spans = shift + width > 32;
    if (spans) both |= std::uint64_t{words_[word + 1]} << 32;
    both = (both & ~mask) | ((std::uint64_t{value} << shift) & mask);
    words_[word] = static_cast<std::uint32_t>(both);
    if (spans) words_[word + 1] = static_cast<std::uint32_t>(both >> 32);
  }

  LaneLayout layout_;
  int dot_length_;
  std::vector<std::uint32_t> words_;
};

}  // namespace headroom::matrix_engine
