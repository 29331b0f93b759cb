// Dimensions are checked by the compiler, values are SI.
#include "models/base/quantity.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "models/base/clock.h"
#include "models/base/fidelity.h"

namespace headroom {
namespace {

template <class A, class B, class = void>
struct Addable : std::false_type {};
template <class A, class B>
struct Addable<A, B, std::void_t<decltype(std::declval<A>() + std::declval<B>())>>
    : std::true_type {};

TEST(Quantity, ProductsAndQuotientsCarryTheirDimension) {
  static_assert(std::is_same_v<decltype(Bytes(1) / Seconds(1)), BytesPerSecond>);
  static_assert(std::is_same_v<decltype(BytesPerSecond(1) * Seconds(1)), Bytes>);
  static_assert(std::is_same_v<decltype(Bytes(1) / BytesPerSecond(1)), Seconds>);
  static_assert(std::is_same_v<decltype(Watts(1) * Seconds(1)), Joules>);
  static_assert(std::is_same_v<decltype(Metres(1) * Metres(1)), SquareMetres>);
  static_assert(Bytes(12) / BytesPerSecond(4) == Seconds(3));
}

TEST(Quantity, WithoutDimensionIsANumber) {
  static_assert(std::is_same_v<decltype(Bytes(1) / Bytes(1)), double>);
  static_assert(std::is_same_v<decltype(Hertz(1) * Seconds(1)), double>);
  static_assert(Seconds(6) / Seconds(4) == 1.5);
  static_assert(Hertz(2e9) * Seconds(1e-6) == 2e3);
}

TEST(Quantity, OtherDimensionsDoNotMix) {
  static_assert(Addable<Seconds, Seconds>::value);
  static_assert(!Addable<Seconds, Bytes>::value);
  static_assert(!Addable<Watts, Joules>::value);
  static_assert(!Addable<Seconds, double>::value);
  static_assert(!std::is_convertible_v<double, Seconds>, "a bare number has no unit");
}

TEST(Quantity, Arithmetic) {
  Seconds time(2);
  time += Seconds(3);
  time -= Seconds(1);
  time *= 2.5;
  EXPECT_EQ(time, Seconds(10));
  EXPECT_EQ(-time, Seconds(-10));
  EXPECT_EQ(2.0 * time / 4.0, Seconds(5));
  EXPECT_EQ(Seconds().si(), 0);
  EXPECT_LT(Seconds(1), time);
  EXPECT_GE(time, Seconds(10));
  EXPECT_NE(time, Seconds(10.5));
}

TEST(Clock, CyclesBecomeSecondsOnce) {
  EXPECT_DOUBLE_EQ(to_seconds(Cycles{1}, Hertz(1e9)).si(), 1e-9);
  EXPECT_EQ(to_seconds(Cycles{0}, Hertz(1.41e9)).si(), 0);
  // A second at 1.41 GHz; a period rounded to picoseconds would lose 0.03 %.
  EXPECT_DOUBLE_EQ(to_seconds(Cycles{1410000000}, Hertz(1.41e9)).si(), 1);
}

TEST(FidelityNames, AreTheFourWords) {
  EXPECT_EQ(to_string(Fidelity::golden), "golden");
  EXPECT_EQ(to_string(Fidelity::analytic), "analytic");
  EXPECT_EQ(to_string(Fidelity::cycle), "cycle");
  EXPECT_EQ(to_string(Fidelity::rtl), "rtl");
}

}  // namespace
}  // namespace headroom
