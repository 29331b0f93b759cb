// The number formats by name. Bits and encodings live in one file per format beside this one.
#pragma once

#include <array>
#include <string_view>

namespace headroom {

// Formats of this stage; each identifier is the word that files and options use.
enum class Format { fp32, tf32, bf16, fp16, fp8_e4m3, fp8_e5m2, int8 };

inline constexpr std::array<std::string_view, 7> format_names{
    "fp32", "tf32", "bf16", "fp16", "fp8_e4m3", "fp8_e5m2", "int8"};

[[nodiscard]] constexpr std::string_view to_string(Format format) {
  return format_names[static_cast<std::size_t>(format)];
}

// Bits that one element takes in memory (tf32 is stored as 32 bits).
[[nodiscard]] constexpr int storage_bits(Format format) {
  switch (format) {
    case Format::fp32:
    case Format::tf32: return 32;
    case Format::bf16:
    case Format::fp16: return 16;
    case Format::fp8_e4m3:
    case Format::fp8_e5m2:
    case Format::int8: return 8;
  }
  return 0;
}

}  // namespace headroom
