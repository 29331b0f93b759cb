// A short name for the inputs of a run.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace headroom::config {

// 64-bit FNV-1a as 16 hexadecimal digits: tells runs apart, protects against nobody.
[[nodiscard]] inline std::string digest(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format("{:016x}", hash);
}

}  // namespace headroom::config
