#include "sim/config/derive_chip.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace headroom::config {
namespace {

using technology::DieCounts;
using technology::PublishedDie;

constexpr double almost = 1e-9;  // what rounding may take of a whole number
constexpr double sides = 2;      // each edge of a rectangle twice

double whole(double x) { return std::floor(x * (1 + almost) + almost); }

double square_mm(SquareMetres area) { return area.si() * 1e6; }

// One die of the new chip, and of the old one.
struct Filling {
  DieCounts counts;
  double stacks = 0, links = 0;  // of the package, in use
};

class Derivation {
 public:
  Derivation(const ChipDescription& base, const Node& die, const Node& changes,
             const ConfigPaths& paths, const DieUse& use)
      : base_(base),
        die_(die),
        changes_(changes),
        use_(use),
        constants_(load_die_constants(paths)),
        design_(load_die_design(use.design, paths)),
        old_(design_.kinds.front()) {
    if (design_.kinds.size() != 1)
      die_["design"].expected("a design of one kind of die, which others can be derived from");
    node_ = old_.node;
    if (const Node given = bare(changes_["node"]); given.exists())
      node_ = load_die_node(given, paths);
    if (!use_.wafer_scale && use_.area > node_.reticle)
      bare(die_["area"])
          .expected(fmt::format(
              "at most {:.4g} mm^2, the reticle of {}; a larger chip takes several dies, die.dies",
              square_mm(node_.reticle), node_.id));
    const SquareMetres own = design_.published / old_.count;
    parts_ = die_parts(old_.counts, old_.node, constants_.area);
    scale_ = own / total(parts_);
    edge_growth_ = std::sqrt(use_.area / own);
    area_growth_ = use_.area * use_.dies / design_.published;
  }

  [[nodiscard]] Node changes(DieUse& use) {
    if (use_.wafer_scale)
      empty_edge();
    else
      fill_edge();
    check_edge();
    fill_area();
    use.counts = filling_.counts;
    use.scale = scale_;
    use.base_stacks = base_.hbm.device.organisation.stacks;
    use.base_capacity = base_.hbm.capacity;
    return Node::parse(text(), "what follows from die.area");
  }

 private:
  [[nodiscard]] double old_part(const char* name) const {
    for (const auto& part : parts_)
      if (part.name == name) return part.area.si() * scale_;
    return 0;
  }

  void empty_edge() {
    DieCounts& counts = filling_.counts;
    counts = old_.counts;
    counts.memory = counts.die_to_die = BytesPerSecond(0);
    counts.hbm_stacks = counts.serdes_lanes = 0;
  }

  // Stacks and links grow with the edge of all dies, unless a number is asked for.
  void fill_edge() {
    const double grown = edge_growth_ * use_.dies / old_.count;
    const Node stacks = bare(changes_["hbm"]["stacks"]);
    const Node links = bare(changes_["links"]["scale_up"]["count"]);
    filling_.stacks = stacks.exists()
                          ? static_cast<double>(stacks.integer(1))
                          : std::max(1.0, whole(base_.hbm.device.organisation.stacks * grown));
    filling_.links = links.exists() ? static_cast<double>(links.integer(0))
                                    : std::max(1.0, whole(base_.scale_up.count * grown));
    const double stack_share = filling_.stacks / base_.hbm.device.organisation.stacks * old_.count /
                               use_.dies;
    const double link_share = filling_.links / base_.scale_up.count * old_.count / use_.dies;
    DieCounts& counts = filling_.counts;
    counts = old_.counts;
    counts.memory = old_.counts.memory * stack_share;
    counts.hbm_stacks = old_.counts.hbm_stacks * stack_share;
    counts.serdes_lanes = old_.counts.serdes_lanes * link_share;
    counts.die_to_die = use_.dies == 1 ? BytesPerSecond(0)
                                       : counts.memory * (2 * constants_.edge.die_to_die_share);
  }

  // Stacks stand along the long edges; lanes and what leads to other dies take the rest.
  void check_edge() const {
    const EdgeConstants& edge = constants_.edge;
    const double long_edge = std::sqrt(use_.area.si() * edge.aspect);
    const double perimeter = sides * (long_edge + long_edge / edge.aspect);
    const double stacks = std::ceil(filling_.stacks / use_.dies) * edge.stack.si();
    const double lanes = filling_.counts.serdes_lanes * edge.lane.si();
    const double between = filling_.counts.die_to_die.si() * 1e-12 * edge.die_to_die_mm_tbps * 1e-3;
    if (stacks <= sides * long_edge && stacks + lanes + between <= perimeter) return;
    bare(die_["area"])
        .expected(fmt::format(
            "a die with edge for {:.4g} stacks ({:.3g} mm), {:.4g} lanes ({:.3g} mm) and "
            "{:.3g} mm to other dies: of {:.3g} mm, the long edges of {:.3g} mm take stacks",
            std::ceil(filling_.stacks / use_.dies), stacks * 1e3, filling_.counts.serdes_lanes,
            lanes * 1e3, between * 1e3, perimeter * 1e3, sides * long_edge * 1e3));
  }

  // What edge and shared memory leave goes to cores.
  void fill_area() {
    const double area = use_.area.si(), own = design_.published.si() / old_.count;
    DieCounts rest = filling_.counts;
    rest.cores = 0;
    rest.shared = Bytes(0);
    const double around = total(die_parts(rest, node_, constants_.area)).si() * scale_;
    DieCounts one = old_.counts;
    one.cores = 1;
    one.host = false;
    one.hbm_stacks = one.serdes_lanes = 0;
    one.shared = Bytes(0);
    one.memory = one.die_to_die = BytesPerSecond(0);
    const double share = use_.sram_share > 0 ? use_.sram_share
                                             : old_part(technology::part_shared) / own;
    const double core = total(die_parts(one, node_, constants_.area)).si() * scale_;
    const double left = area - around - share * area;
    filling_.counts.cores = whole(left / core);
    if (left < core)
      bare(die_[use_.sram_share > 0 ? "sram_share" : "area"])
          .expected(fmt::format(
              "an area that leaves a core its {:.3g} mm^2: of {:.4g} mm^2, shared memory takes "
              "{:.4g} and what surrounds the cores {:.4g}",
              core * 1e6, area * 1e6, share * area * 1e6, around * 1e6));
    const double shared = old_part(technology::part_shared);
    filling_.counts
        .shared = shared > 0
                      ? old_.counts.shared *
                            (share * area / shared * *node_.sram_density / *old_.node.sram_density)
                      : Bytes(0);
  }

  // The derived chip as keys of a chip's file.
  [[nodiscard]] std::string text() const {
    const double enabled = whole(
        filling_.counts.cores * use_.dies * base_.cores / (old_.counts.cores * old_.count));
    const double cores = std::max(1.0, enabled);
    const double per_core = static_cast<double>(base_.matrix.count) / base_.cores;
    const double core_growth = cores / base_.cores;
    const double stack_growth = filling_.stacks / base_.hbm.device.organisation.stacks;
    const double
        shared_growth = old_.counts.shared > Bytes(0)
                            ? filling_.counts.shared / old_.counts.shared * use_.dies / old_.count
                            : 0;
    return fmt::format(
        "{{cores: {:.0f}, matrix_engines: {{count: {:.0f}}}, scratchpad: {{shared_capacity: {:.0f} "
        "B, "
        "shared_bytes_per_cycle: {}, reduced_bytes_per_cycle: {}}}, hbm: {{stacks: {:.0f}, "
        "capacity: "
        "{:.0f} B, bandwidth: {} B/s}}, links: {{scale_up: {{count: {:.0f}}}}}, collective_cores: "
        "{:.0f}, "
        "power_cap: {} W{}}}",
        cores, cores * per_core, whole(base_.scratchpad.shared_capacity.si() * shared_growth),
        base_.scratchpad.shared_bytes_per_cycle * core_growth,
        base_.scratchpad.reduced_bytes_per_cycle * core_growth, filling_.stacks,
        whole(base_.hbm.capacity.si() * stack_growth), base_.hbm.bandwidth.si() * stack_growth,
        filling_.links, std::round(base_.collective_cores * core_growth),
        base_.power_cap.si() * area_growth_, power_text());
  }

  // Cooling grows with the area, the rest of the board with the root of its power.
  [[nodiscard]] std::string power_text() const {
    if (!base_.power.is_known()) return "";
    return fmt::format(
        ", power: {{die_area: {} mm^2, thermal_resistance: {} K/W, fixed: {} W}}",
        square_mm(use_.area) * use_.dies, base_.power.thermal_resistance_k_w / area_growth_,
        base_.power.fixed.si() * std::sqrt(area_growth_));
  }

  const ChipDescription& base_;
  Node die_, changes_;
  DieUse use_;
  DieConstants constants_;
  DieDesign design_;
  PublishedDie::Kind old_;
  technology::ProcessNode node_;  // of the new dies
  std::vector<technology::AreaPart> parts_;
  double scale_ = 1, edge_growth_ = 1, area_growth_ = 1;
  Filling filling_;
};

}  // namespace

Node derive_chip(const ChipDescription& base, const Node& whole, const Node& changes,
                 const ConfigPaths& paths, DieUse& use) {
  return Derivation(base, whole["die"], changes, paths, use).changes(use);
}

}  // namespace headroom::config
