#include "sim/config/power.h"

namespace headroom::config {
namespace {

using power::ChipPower;
using power::Constants;

constexpr double bits = 8;  // of a byte

struct Memory {
  double access_j_bit = 0;
  Watts idle;
};

const Record<Memory>& memory_record() {
  static const auto
      record = Record<Memory>("HBM of one generation")
                   .required("access", &Memory::access_j_bit, measure(Dimension::bit_energy),
                             "DRAM and both PHYs")
                   .required("idle", &Memory::idle, quantity<Watts>(not_negative),
                             "refresh and standby of a stack");
  return record;
}

// A mapping from names of files to records or values.
template <class Take>
void each_entry(const Node& mapping, Take take) {
  for (const auto& [key, value] : mapping.entries())
    if (key != "source" && key != "sources" && key != "note" && key != "notes") take(key, value);
}

void check_is_whole(const Node& given, const RecordFields& record) {
  for (const Parameter& parameter : record.parameters())
    static_cast<void>(given.at(parameter.key, parameter.expected));
}

}  // namespace

const Record<Constants>& power_constants_record() {
  using C = Constants;
  static const auto itself = [](auto& constants) -> auto& { return constants; };
  static const auto
      matrix = Record<C>("multiply-adds")
                   .required("glitch", &C::glitch, number({1, 10}),
                             "transitions of real logic over those without delays")
                   .required("scale", &C::scale, number(positive),
                             "of the anchor chip, over all of the rest")
                   .required(
                       "anchor", &C::anchor, text(), "the chip that gives scale and engine_clock")
                   .required("engine_clock", &C::engine_clock, quantity<Joules>(),
                             "registers of a multiply-add slot, a cycle, on the reference node");
  static const auto record =
      Record<C>("constants of power")
          .required("regulator_efficiency", &C::regulator_efficiency,
                    measure(Dimension::share, {0, 1, true}), "of the die's regulators")
          .group("matrix", itself, matrix)
          .required("clock", &C::clock_j_m2, measure(Dimension::energy_density),
                    "clock tree outside of the engines, a cycle, on the reference node")
          .required("scratchpad_wires", &C::scratchpad_m, measure(Dimension::length),
                    "from a scratchpad to its engines")
          .required("movement_fixed", &C::movement_fixed, measure(Dimension::share, {0, 1}),
                    "share of SRAM and wire energy that zeros cost too")
          .required("router", &C::router, number({1, 10}),
                    "energy of a network on chip over that of its wires")
          .required("memory_controller", &C::controller_j_bit, measure(Dimension::bit_energy),
                    "on the die, beside the PHY, on the reference node")
          .required("memory_distance", &C::memory_distance, measure(Dimension::share, {0, 2}),
                    "from a memory's PHY to the chip-wide memory, over the side of the die")
          .required("stream_bytes", &C::stream_bytes, quantity<Bytes>(),
                    "that a lane of a vector kernel loads or stores for an instruction")
          .required("vector_operation", &C::vector_operation, quantity<Joules>(),
                    "fp32, with its instruction and registers, on the reference node")
          .required("link_idle_share", &C::link_idle_share, measure(Dimension::share, {0, 1}),
                    "of full power that a trained, silent link draws")
          .ignored("memories")
          .ignored("links");
  return record;
}

Constants read_power_constants(const Node& document) {
  Constants constants = power_constants_record().read(document);
  each_entry(document.at("memories"), [&](const std::string& id, const Node& value) {
    const Memory memory = memory_record().read(value);
    constants.hbm_j_byte[id] = memory.access_j_bit * bits;
    constants.hbm_idle[id] = memory.idle;
  });
  each_entry(document.at("links"), [&](const std::string& id, const Node& value) {
    constants.link_j_byte[id] = measure(Dimension::bit_energy).read(value) * bits;
  });
  return constants;
}

const Record<ChipPower>& chip_power_record() {
  using P = ChipPower;
  static const auto
      record = Record<P>("what the chip's power depends on beside its blocks")
                   .optional("die_area", &P::die_area, quantity<SquareMetres>(not_negative),
                             "0 mm^2", "of all dies with logic")
                   .optional("nominal_clock", &P::nominal_clock, quantity<Hertz>(not_negative),
                             "0 Hz", "at the nominal voltage of its node")
                   .optional("thermal_resistance", &P::thermal_resistance_k_w,
                             measure(Dimension::thermal_resistance, not_negative), "0 K/W",
                             "junction over coolant")
                   .optional("coolant", &P::coolant_k, measure(Dimension::temperature), "300 K",
                             "air or water that reaches the chip")
                   .optional("fixed", &P::fixed, quantity<Watts>(not_negative), "0 W",
                             "rest of the board, whatever it does")
                   .optional("window", &P::window, quantity<Seconds>(), "1 s",
                             "over which the governor averages")
                   .optional("slew", &P::slew_hz_s, measure(Dimension::clock_slew), "1 MHz/ms",
                             "fastest change of the clock")
                   .optional("fast_limit", &P::fast_limit, number({1, 10}), "10",
                             "worst-case power over power_cap that the clock leaves room for");
  return record;
}

void read_chip_power(const Node& given, ChipPower& power) {
  if (!given.exists()) return;
  check_is_whole(given, chip_power_record());
  chip_power_record().read_into(given, power);
}

}  // namespace headroom::config
