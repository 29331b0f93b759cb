#include "models/numerics/fp32.h"

namespace headroom::fp32 {

std::uint32_t add(std::uint32_t x, std::uint32_t y) { return canonical(decode(x) + decode(y)); }

}  // namespace headroom::fp32
