// The four words that name how a block is modelled; they mean the same in file names, YAML,
// options, reports and tests.
#pragma once

#include <array>
#include <string_view>

namespace headroom {

enum class Fidelity {
  golden,    // values, no time
  analytic,  // closed form, no events
  cycle,     // SystemC, cycle-approximate, event-driven
  rtl,       // SystemVerilog compiled by Verilator
};

inline constexpr std::array<std::string_view, 4> fidelity_names{
    "golden", "analytic", "cycle", "rtl"};

[[nodiscard]] constexpr std::string_view to_string(Fidelity fidelity) {
  return fidelity_names[static_cast<std::size_t>(fidelity)];
}

}  // namespace headroom
