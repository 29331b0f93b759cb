// An array that counts as the rest of the controller does, in int: banks, directions, entries.
#pragma once

#include <array>
#include <cstddef>

namespace headroom::hbm {

template <class T, std::size_t N>
struct Indexed {
  std::array<T, N> values{};

  [[nodiscard]] constexpr T& operator[](int i) { return values[static_cast<std::size_t>(i)]; }
  [[nodiscard]] constexpr const T& operator[](int i) const {
    return values[static_cast<std::size_t>(i)];
  }
  constexpr void fill(const T& value) { values.fill(value); }
  [[nodiscard]] auto begin() { return values.begin(); }
  [[nodiscard]] auto end() { return values.end(); }
};

}  // namespace headroom::hbm
