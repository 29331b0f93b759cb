// Distributions of operands whose activity is known (configs/technology/activity.csv).
#pragma once

#include <array>
#include <string_view>

namespace headroom::power {

inline constexpr std::array<std::string_view, 10> distributions{
    "zeros",     "ones",  "normal", "uniform01", "uniform11",
    "integers8", "signs", "sorted", "sparse50",  "sparse90"};

}  // namespace headroom::power
