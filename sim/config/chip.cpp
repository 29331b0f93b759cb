#include "sim/config/chip.h"

#include <fmt/format.h>

#include <cmath>

#include "sim/config/derive_chip.h"
#include "sim/config/die.h"
#include "sim/config/link.h"
#include "sim/config/memory.h"
#include "sim/config/power.h"
#include "sim/config/stream_table.h"

namespace headroom::config {
namespace {

Record<ClockDescription> clock_record() {
  return Record<ClockDescription>("clocks of the matrix engines")
      .required(
          "nameplate", &ClockDescription::nameplate, quantity<Hertz>(), "gives the published peak")
      .required("max", &ClockDescription::max, quantity<Hertz>(), "highest that the chip runs at")
      .optional("sustained_matmul", &ClockDescription::sustained_matmul,
                quantity<Hertz>(not_negative), "0 Hz",
                "held in large products of random data under the power cap; 0 Hz where nothing is "
                "published");
}

Record<MatrixEnginesDescription> matrix_record() {
  using M = MatrixEnginesDescription;
  return Record<M>(
             "matrix engines; peak = 2 x count x rows x columns x dot_length x rate x "
             "clock.nameplate")
      .required("count", &M::count, integer<int>(), "enabled engines, a multiple of cores")
      .required("rows", &M::rows, integer<int>(), "the direction that is summed")
      .required("columns", &M::columns, integer<int>(), "the direction of outputs")
      .optional("dot_length", &M::dot_length, integer<int>(), "1",
                "products summed by one element per cycle")
      .required("double_buffered", &M::double_buffered, boolean(),
                "the stationary operand loads while another is used")
      .optional("operand_supply", &M::operand_supply, number({0, 1, true}), "1",
                "share of cycles in which engines multiply in large products at a known clock; 1 "
                "where nothing is published")
      .optional("warp_rate", &M::warp_rate, number({0, 1, true}), "1",
                "share of the rate that instructions of one warp reach")
      .optional("softmax_overlap", &M::softmax_overlap, number({0, 1}), "1",
                "share of softmax that hides behind products in a kernel that interleaves them")
      .optional("prefetch", &M::prefetch, boolean(), "true",
                "operands of a core's next tile are fetched while it works on this one")
      .optional("tile_sides", &M::tile_sides, list_of(integer()), "[]",
                "sides of the output tiles that the chip's library has kernels for; empty: any "
                "multiple of the array")
      .required("rate", &M::rate, map_of<Format>(format_names, number(positive)),
                "speed of each format that the engines have, relative to bf16 = 1");
}

Record<VectorUnitDescription> vector_record() {
  using V = VectorUnitDescription;
  return Record<V>("vector unit of a core")
      .required("operations_per_cycle", &V::operations_per_cycle, number(positive),
                "fp32 operations, a fused multiply-add is one")
      .required("exponentials_per_cycle", &V::exponentials_per_cycle, number(positive),
                "transcendental results");
}

Record<ScratchpadDescription> scratchpad_record() {
  using S = ScratchpadDescription;
  return Record<S>("on-chip memory")
      .required("capacity", &S::capacity, quantity<Bytes>(), "per core, usable for operands")
      .optional("accumulators", &S::accumulators, quantity<Bytes>(not_negative), "0 B",
                "per core, for results of products in registers; 0 B where the scratchpad holds "
                "them")
      .required("bytes_per_cycle", &S::bytes_per_cycle, number(positive),
                "per core, what engines read and fills write together")
      .required("shared_capacity", &S::shared_capacity, quantity<Bytes>(not_negative),
                "of the whole chip between the scratchpads and HBM; 0 B where there is none")
      .optional("shared_bytes_per_cycle", &S::shared_bytes_per_cycle, number(not_negative), "0",
                "of the whole chip, what that memory delivers to the cores; 0: never binds")
      .optional("reduced_bytes_per_cycle", &S::reduced_bytes_per_cycle, number(not_negative), "0",
                "of the whole chip, what that memory adds to what it holds; 0: never binds");
}

void check_clocks(const ChipDescription& chip, const Node& node) {
  const Node clock = node["clock"];
  const Node max = bare(clock["max"]), sustained = bare(clock["sustained_matmul"]);
  if (chip.clock.max < chip.clock.nameplate)
    max.expected("at least clock.nameplate, " + bare(clock["nameplate"]).text());
  if (chip.clock.max < chip.clock.sustained_matmul)
    sustained.expected("at most clock.max, " + max.text());
}

void check_published_peak(const ChipDescription& chip, const Node& node) {
  std::vector<std::string> formats;
  for (const auto& [format, rate] : chip.matrix.rate) formats.emplace_back(to_string(format));
  for (const auto& [format, published] : chip.published_peak) {
    const Node given = bare(node["published_peak"][to_string(format)]);
    const double peak = chip.peak(format);
    if (peak == 0) given.expected("only formats of matrix_engines.rate: " + one_of(formats));
    if (std::abs(published - peak) > 0.01 * peak)
      given.expected(fmt::format(
          "{:.4g} TFLOP/s within 1 %, which the parts give at clock.nameplate", peak / 1e12));
  }
}

ChipDescription read_parts(const Node& node, const ConfigPaths& paths) {
  ChipDescription chip;
  read_link_kind(node["links"]["scale_up"], paths, chip.scale_up);
  chip_record().read_into(node, chip);
  chip.hbm = read_memory_use(node["hbm"], paths);
  remember_streams(chip.hbm, paths);
  chip.clock.sustained_measured = chip.clock.sustained_matmul > Hertz(0);
  if (!chip.clock.sustained_measured) chip.clock.sustained_matmul = chip.clock.nameplate;
  if (chip.matrix.count % chip.cores != 0)
    bare(node["matrix_engines"]["count"])
        .expected(fmt::format("a multiple of cores, {}", chip.cores));
  check_clocks(chip, node);
  settle_link(node["links"]["scale_up"], chip.scale_up);
  read_chip_power(node["power"], chip.power);
  return chip;
}

}  // namespace

const Record<ChipDescription>& chip_record() {
  using C = ChipDescription;
  static const auto itself = [](auto& chip) -> auto& { return chip; };
  static const auto record =
      Record<C>("a chip")
          .required("name", &C::name, text(), "as its maker calls it")
          .required("vendor", &C::vendor, text(), "its maker")
          .required("cores", &C::cores, integer<int>(), "groups of engines that share a scratchpad")
          .group("clock", &C::clock, clock_record())
          .group("matrix_engines", &C::matrix, matrix_record())
          .group("vector_unit", &C::vector, vector_record())
          .group("scratchpad", &C::scratchpad, scratchpad_record())
          .group("hbm", &C::hbm, memory_use_record())
          .group("links", itself,
                 Record<C>("links of a chip").group("scale_up", &C::scale_up, link_use_record()))
          .required("kernel_gap", &C::kernel_gap, quantity<Seconds>(not_negative),
                    "idle time between two dependent kernels")
          .required("published_peak", &C::published_peak, map_of<Format>(format_names, flop_rate()),
                    "dense, as published")
          .optional("collective_cores", &C::collective_cores, integer<int>(0), "0",
                    "cores that a running collective keeps from kernels")
          .optional("rate_beside_collectives", &C::rate_beside_collectives, number({0.1, 1}), "1",
                    "of their rate, what kernels keep on the other cores meanwhile")
          .ignored("power", chip_power_record().schema(true))
          .ignored("die", die_use_record().schema(true))
          .required("power_cap", &C::power_cap, quantity<Watts>(), "of the whole package")
          .required("node", &C::node, text(), "process node; empty where unpublished");
  return record;
}

ChipDescription read_chip(const Node& file, const Node& changes, const ConfigPaths& paths) {
  DieUse use;
  return read_chip(file, changes, paths, use);
}

ChipDescription read_chip(
    const Node& file, const Node& changes, const ConfigPaths& paths, DieUse& use) {
  ChipDescription chip = read_parts(file, paths);
  check_published_peak(chip, file);
  use = read_die_use(file, changes, paths);
  if (!changes.exists() && !use.derived()) return chip;
  Node changed = overlay(file, changes);
  if (use.wafer_scale)
    bare(changed["die"]["wafer_scale"])
        .expected(
            "false: steps are simulated on chips with HBM; headroom die --wafer-scale shows one");
  if (use.derived())
    changed = overlay(overlay(file, derive_chip(chip, changed, changes, paths, use)), changes);
  chip = read_parts(changed, paths);
  const bool is_another = use.derived() || changes["clock"].exists() ||
                          changes["matrix_engines"].exists();
  if (!is_another || changes["published_peak"].exists())
    check_published_peak(chip, changed);
  else
    chip.published_peak.clear();
  return chip;
}

}  // namespace headroom::config
