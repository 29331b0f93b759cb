// Traces of memory requests: lines "LD 0xADDR" (load) and "ST 0xADDR" (store) of 64 bytes each.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "models/base/quantity.h"

namespace headroom {

inline constexpr std::uint64_t trace_request_bytes = 64;

// Calls `take` with each request in order; `address` is in bytes, that of the 64-byte block that
// holds the one written. Blank lines and what follows a # are skipped. A line that is not a
// request, or an address at or beyond `capacity`, is an InputError at its place. "-" is standard
// input.
void read_trace(const std::string& path, Bytes capacity,
                const std::function<void(std::uint64_t address, bool write)>& take);

}  // namespace headroom
