#include "tests/cosim/dot_rtl.h"

#include <verilated.h>

#include <stdexcept>
#include <string>

#include "Vdot_half_1.h"
#include "Vdot_half_16.h"
#include "Vdot_half_4.h"
#include "Vdot_half_8.h"
#include "Vdot_integer_1.h"
#include "Vdot_integer_16.h"
#include "Vdot_integer_4.h"
#include "Vdot_integer_8.h"
#include "Vdot_narrow_1.h"
#include "Vdot_narrow_16.h"
#include "Vdot_narrow_4.h"
#include "Vdot_narrow_8.h"
#include "Vdot_single_1.h"
#include "Vdot_single_16.h"
#include "Vdot_single_4.h"
#include "Vdot_single_8.h"
#include "Vfold_float.h"
#include "Vfold_integer.h"
#include "Vformat_elements_1.h"
#include "Vformat_elements_4.h"

namespace headroom {
namespace {

constexpr std::uint64_t ones(int width) { return (std::uint64_t{1} << width) - 1; }

// The lowest `width` bits of the word, from a bit of the port on; the port's bits there are 0.
template <class Port>
void put(Port& port, int bit, int width, std::uint32_t word) {
  port |= static_cast<Port>((word & ones(width)) << bit);
}

template <std::size_t words>
void put(VlWide<words>& port, int bit, int width, std::uint32_t word) {
  const std::uint64_t shifted = (word & ones(width)) << (bit % 32);
  const auto index = static_cast<std::size_t>(bit / 32);
  port.m_storage[index] |= static_cast<std::uint32_t>(shifted);
  if (shifted >> 32 != 0) port.m_storage[index + 1] |= static_cast<std::uint32_t>(shifted >> 32);
}

template <class Port>
void put_lane(Port& port, const std::array<std::uint32_t, 16>& codes, int length, int element_width,
              std::uint32_t scale, int scale_width) {
  port = Port{};
  for (int i = 0; i < length; ++i)
    put(port, i * element_width, element_width, codes[static_cast<std::size_t>(i)]);
  if (scale_width > 0) put(port, length * element_width, scale_width, scale);
}

template <class Model, Datapath datapath, int length>
class Dot final : public DotRtl {
 public:
  std::uint32_t operator()(const DotCase& c) override {
    constexpr int element_width = datapath == Datapath::single ? 32
                                  : datapath == Datapath::half ? 19
                                                               : 8;
    constexpr int scale_width = datapath == Datapath::narrow ? 8 : 0;
    model_.format_i = static_cast<CData>(c.parameters.format);
    model_.saturate_i = c.parameters.saturate;
    model_.align_bits_i = static_cast<CData>(c.parameters.align_bits);
    put_lane(model_.a_i, c.a, length, element_width, c.scale_a, scale_width);
    put_lane(model_.b_i, c.b, length, element_width, c.scale_b, scale_width);
    model_.acc_i = c.accumulator;
    model_.eval();
    return model_.result_o;
  }

 private:
  VerilatedContext context_;
  Model model_{&context_};
};

template <class Model, int length>
class Elements final : public ElementsRtl {
 public:
  std::array<std::uint32_t, format_names.size()> operator()(const DotCase& c) override {
    put_lane(model_.a_i, c.a, length, 32, c.scale_a, 32);
    put_lane(model_.b_i, c.b, length, 32, c.scale_b, 32);
    model_.acc_i = c.accumulator;
    model_.eval();
    std::array<std::uint32_t, format_names.size()> result;
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = model_.results_o[i];
    return result;
  }

 private:
  VerilatedContext context_;
  Model model_{&context_};
};

template <class Model>
class Fold final : public FoldRtl {
 public:
  std::uint32_t operator()(std::uint32_t x, std::uint32_t y, bool saturate) override {
    model_.saturate_i = saturate;
    model_.x_i = x;
    model_.y_i = y;
    model_.eval();
    return model_.sum_o;
  }

 private:
  VerilatedContext context_;
  Model model_{&context_};
};

template <Datapath datapath, class One, class Four, class Eight, class Sixteen>
std::unique_ptr<DotRtl> make_dot(int length) {
  switch (length) {
    case 1: return std::make_unique<Dot<One, datapath, 1>>();
    case 4: return std::make_unique<Dot<Four, datapath, 4>>();
    case 8: return std::make_unique<Dot<Eight, datapath, 8>>();
    case 16: return std::make_unique<Dot<Sixteen, datapath, 16>>();
    default: throw std::invalid_argument("no model of length " + std::to_string(length));
  }
}

}  // namespace

Datapath datapath_of(Format format) {
  if (is_integer(format)) return Datapath::integer;
  const int bits = traits(format).bits;
  return bits <= 8 ? Datapath::narrow : bits <= 19 ? Datapath::half : Datapath::single;
}

std::unique_ptr<DotRtl> make_dot_rtl(Datapath datapath, int length) {
  switch (datapath) {
    case Datapath::integer:
      return make_dot<Datapath::integer, Vdot_integer_1, Vdot_integer_4, Vdot_integer_8,
                      Vdot_integer_16>(length);
    case Datapath::narrow:
      return make_dot<Datapath::narrow, Vdot_narrow_1, Vdot_narrow_4, Vdot_narrow_8,
                      Vdot_narrow_16>(length);
    case Datapath::half:
      return make_dot<Datapath::half, Vdot_half_1, Vdot_half_4, Vdot_half_8, Vdot_half_16>(length);
    case Datapath::single: break;
  }
  return make_dot<Datapath::single, Vdot_single_1, Vdot_single_4, Vdot_single_8, Vdot_single_16>(
      length);
}

std::unique_ptr<ElementsRtl> make_elements_rtl(int length) {
  if (length == 1) return std::make_unique<Elements<Vformat_elements_1, 1>>();
  return std::make_unique<Elements<Vformat_elements_4, 4>>();
}

std::unique_ptr<FoldRtl> make_fold_rtl(bool integer) {
  if (integer) return std::make_unique<Fold<Vfold_integer>>();
  return std::make_unique<Fold<Vfold_float>>();
}

}  // namespace headroom
