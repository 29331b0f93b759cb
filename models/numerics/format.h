// The number formats by name: what each is made of. Encoding stands in codec.h, arithmetic in
// dot.h.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace headroom {

// Each identifier is the word that files and options use.
enum class Format {
  fp32,
  tf32,
  bf16,
  fp16,
  fp8_e4m3,
  fp8_e5m2,
  fp6_e3m2,
  fp6_e2m3,
  fp4_e2m1,
  int8,
  int4,
  mxfp8_e4m3,
  mxfp8_e5m2,
  mxfp6_e3m2,
  mxfp6_e2m3,
  mxfp4,
  mxint8,
  nvfp4
};

inline constexpr std::array<std::string_view, 18> format_names{
    "fp32",       "tf32",       "bf16",       "fp16",  "fp8_e4m3", "fp8_e5m2",
    "fp6_e3m2",   "fp6_e2m3",   "fp4_e2m1",   "int8",  "int4",     "mxfp8_e4m3",
    "mxfp8_e5m2", "mxfp6_e3m2", "mxfp6_e2m3", "mxfp4", "mxint8",   "nvfp4"};

[[nodiscard]] constexpr std::string_view to_string(Format format) {
  return format_names[static_cast<std::size_t>(format)];
}

// What the codes beside the finite numbers mean.
enum class Specials {
  ieee,      // largest exponent field: infinities and NaN
  nan_only,  // no infinity; all exponent and fraction bits set: NaN (OCP E4M3)
  none,      // every code is a finite number
  integer    // two's complement
};

enum class BlockScale { none, e8m0, e4m3 };

struct FormatTraits {
  int bits;           // of an element's code; tf32 has 19 (in memory it takes 32)
  int exponent_bits;  // 0 for integers
  int fraction_bits;  // integers: places right of the binary point (mxint8: 6)
  int bias;
  Specials specials;
  int block;  // elements that share a scale; 1: no scale
  BlockScale scale;
};

// Sources: IEEE 754-2019; OCP 8-bit Floating Point Specification 1.0; OCP Microscaling Formats
// Specification 1.0, tables 1 to 7; NVFP4 as described by NVIDIA (E2M1, E4M3 scale per 16
// elements, one fp32 scale per tensor, which is applied outside of the products).
[[nodiscard]] constexpr FormatTraits traits(Format format) {
  switch (format) {
    case Format::fp32: return {32, 8, 23, 127, Specials::ieee, 1, BlockScale::none};
    case Format::tf32: return {19, 8, 10, 127, Specials::ieee, 1, BlockScale::none};
    case Format::bf16: return {16, 8, 7, 127, Specials::ieee, 1, BlockScale::none};
    case Format::fp16: return {16, 5, 10, 15, Specials::ieee, 1, BlockScale::none};
    case Format::fp8_e4m3: return {8, 4, 3, 7, Specials::nan_only, 1, BlockScale::none};
    case Format::fp8_e5m2: return {8, 5, 2, 15, Specials::ieee, 1, BlockScale::none};
    case Format::fp6_e3m2: return {6, 3, 2, 3, Specials::none, 1, BlockScale::none};
    case Format::fp6_e2m3: return {6, 2, 3, 1, Specials::none, 1, BlockScale::none};
    case Format::fp4_e2m1: return {4, 2, 1, 1, Specials::none, 1, BlockScale::none};
    case Format::int8: return {8, 0, 0, 0, Specials::integer, 1, BlockScale::none};
    case Format::int4: return {4, 0, 0, 0, Specials::integer, 1, BlockScale::none};
    case Format::mxfp8_e4m3: return {8, 4, 3, 7, Specials::nan_only, 32, BlockScale::e8m0};
    case Format::mxfp8_e5m2: return {8, 5, 2, 15, Specials::ieee, 32, BlockScale::e8m0};
    case Format::mxfp6_e3m2: return {6, 3, 2, 3, Specials::none, 32, BlockScale::e8m0};
    case Format::mxfp6_e2m3: return {6, 2, 3, 1, Specials::none, 32, BlockScale::e8m0};
    case Format::mxfp4: return {4, 2, 1, 1, Specials::none, 32, BlockScale::e8m0};
    case Format::mxint8: return {8, 0, 6, 0, Specials::integer, 32, BlockScale::e8m0};
    case Format::nvfp4: return {4, 2, 1, 1, Specials::none, 16, BlockScale::e4m3};
  }
  return {};
}

// Accumulates in int32; all others in fp32.
[[nodiscard]] constexpr bool is_integer(Format format) {
  return format == Format::int8 || format == Format::int4;
}

// Bits that one element takes in memory, its share of the scale included.
[[nodiscard]] constexpr double storage_bits(Format format) {
  if (format == Format::tf32) return 32;
  const FormatTraits t = traits(format);
  return t.bits + (t.block > 1 ? 8.0 / t.block : 0.0);
}

}  // namespace headroom
