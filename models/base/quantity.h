// Physical quantities with their dimension in the type; values are SI (s, B, J, m, USD) doubles.
#pragma once

#include <cmath>

namespace headroom {

// Exponents of second, byte, joule, metre and US dollar.
template <int S, int B, int J, int M, int Usd>
class Quantity {
 public:
  constexpr Quantity() = default;
  constexpr explicit Quantity(double si) : value_(si) {}

  // The value in SI units of this dimension.
  [[nodiscard]] constexpr double si() const { return value_; }

  constexpr Quantity& operator+=(Quantity other) { return value_ += other.value_, *this; }
  constexpr Quantity& operator-=(Quantity other) { return value_ -= other.value_, *this; }
  constexpr Quantity& operator*=(double factor) { return value_ *= factor, *this; }

  friend constexpr Quantity operator+(Quantity a, Quantity b) {
    return Quantity(a.value_ + b.value_);
  }
  friend constexpr Quantity operator-(Quantity a, Quantity b) {
    return Quantity(a.value_ - b.value_);
  }
  friend constexpr Quantity operator-(Quantity a) { return Quantity(-a.value_); }
  friend constexpr Quantity operator*(Quantity a, double b) { return Quantity(a.value_ * b); }
  friend constexpr Quantity operator*(double a, Quantity b) { return Quantity(a * b.value_); }
  friend constexpr Quantity operator/(Quantity a, double b) { return Quantity(a.value_ / b); }
  friend constexpr bool operator==(Quantity a, Quantity b) { return a.value_ == b.value_; }
  friend constexpr bool operator!=(Quantity a, Quantity b) { return a.value_ != b.value_; }
  friend constexpr bool operator<(Quantity a, Quantity b) { return a.value_ < b.value_; }
  friend constexpr bool operator<=(Quantity a, Quantity b) { return a.value_ <= b.value_; }
  friend constexpr bool operator>(Quantity a, Quantity b) { return a.value_ > b.value_; }
  friend constexpr bool operator>=(Quantity a, Quantity b) { return a.value_ >= b.value_; }

 private:
  double value_ = 0;
};

template <int S1, int B1, int J1, int M1, int U1, int S2, int B2, int J2, int M2, int U2>
constexpr auto operator*(Quantity<S1, B1, J1, M1, U1> a, Quantity<S2, B2, J2, M2, U2> b) {
  if constexpr (S1 + S2 == 0 && B1 + B2 == 0 && J1 + J2 == 0 && M1 + M2 == 0 && U1 + U2 == 0)
    return a.si() * b.si();
  else
    return Quantity<S1 + S2, B1 + B2, J1 + J2, M1 + M2, U1 + U2>(a.si() * b.si());
}

template <int S1, int B1, int J1, int M1, int U1, int S2, int B2, int J2, int M2, int U2>
constexpr auto operator/(Quantity<S1, B1, J1, M1, U1> a, Quantity<S2, B2, J2, M2, U2> b) {
  if constexpr (S1 == S2 && B1 == B2 && J1 == J2 && M1 == M2 && U1 == U2)
    return a.si() / b.si();
  else
    return Quantity<S1 - S2, B1 - B2, J1 - J2, M1 - M2, U1 - U2>(a.si() / b.si());
}

using Seconds = Quantity<1, 0, 0, 0, 0>;
using Hertz = Quantity<-1, 0, 0, 0, 0>;
using Bytes = Quantity<0, 1, 0, 0, 0>;
using BytesPerSecond = Quantity<-1, 1, 0, 0, 0>;
using Joules = Quantity<0, 0, 1, 0, 0>;
using Watts = Quantity<-1, 0, 1, 0, 0>;
using Metres = Quantity<0, 0, 0, 1, 0>;
using SquareMetres = Quantity<0, 0, 0, 2, 0>;
using Dollars = Quantity<0, 0, 0, 0, 1>;

}  // namespace headroom
