#include "sim/die/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/technology/yield.h"
#include "sim/config/process_node.h"

namespace headroom {
namespace {

using config::ConfigPaths;
using config::CostConstants;
using config::DieDesign;
using technology::AreaPart;
using technology::ProcessNode;
using technology::PublishedDie;

// The node's value or that of the nearest earlier node that has one.
template <class Value>
Value inherited(const ProcessNode& node, std::optional<Value> ProcessNode::*member,
                const char* what, const ConfigPaths& paths) {
  ProcessNode at = node;
  for (int steps = 0; !(at.*member); ++steps) {
    const auto file = at.claims.from.empty() || steps > 64
                          ? std::nullopt
                          : paths.find("nodes", at.claims.from);
    if (!file)
      throw InputError({"configs/nodes/" + node.id + ".yaml", 1, 1}, "",
                       fmt::format("no {} of {} nor of an earlier node", what, node.id), what);
    at = config::read_process_node(config::Node::load(*file), at.claims.from);
  }
  return *(at.*member);
}

double cores_of(const std::vector<PublishedDie::Kind>& kinds) {
  double cores = 0;
  for (const auto& kind : kinds) cores += kind.counts.cores * kind.count;
  return cores;
}

struct Priced {
  double dies_per_wafer = 0, yield = 0;
  Dollars one;
};

// A die of `area` whose parts, of the same die, have the proportions of `parts`.
Priced price(const PublishedDie::Kind& kind, const std::vector<AreaPart>& parts, SquareMetres area,
             double enabled_share, double aspect, const CostConstants& constants,
             const ConfigPaths& paths) {
  const double stretch = area / total(parts);
  SquareMetres cores, shared;
  for (const AreaPart& part : parts) {
    if (part.name == technology::part_matrix || part.name == technology::part_vector ||
        part.name == technology::part_local)
      cores += part.area * stretch;
    if (part.name == technology::part_shared) shared += part.area * stretch;
  }
  const technology::Defects defects{
      inherited(kind.node, &ProcessNode::defect_density, "defect density", paths),
      constants.clustering};
  const SquareMetres critical = area - cores - shared * constants.sram_repaired;
  const int physical = static_cast<int>(std::lround(kind.counts.cores));
  const int needed = static_cast<int>(std::ceil(kind.counts.cores * enabled_share - 1e-9));
  Priced result;
  const Metres height(std::sqrt(area.si() / aspect)), width(height.si() * aspect);
  result.dies_per_wafer = dies_per_wafer(constants.wafer, width, height);
  result.yield = harvested_yield(defects, critical, cores, physical, needed);
  const Dollars wafer = inherited(kind.node, &ProcessNode::wafer_price, "wafer price", paths);
  // A die as large as a wafer: one a wafer, whatever the rectangle.
  if (result.dies_per_wafer < 1) result.dies_per_wafer = 1;
  result.one = technology::die_cost(wafer, static_cast<int>(result.dies_per_wafer), result.yield);
  return result;
}

}  // namespace

DieReport describe_die(
    const DieDesign& design, const DieUse& use, const ChipCounts& chip, const CostUse& cost,
    const CostConstants& constants, const ConfigPaths& paths) {
  const config::DieConstants dies = config::load_die_constants(paths);
  std::vector<PublishedDie::Kind> kinds = design.kinds;
  if (use.derived()) {
    kinds = {design.main()};
    kinds.front().counts = use.counts;
    kinds.front().count = use.dies;
  }
  DieReport report;
  report.design = design.id;
  const double scale = use.derived() ? use.scale : 1;
  const double enabled_share = chip.cores > 0 ? std::min(1.0, chip.cores / cores_of(kinds)) : 1;
  if (!use.derived()) report.published = design.published;
  const SquareMetres model = package_area(kinds, dies.area);
  Dollars all;
  double most_cores = -1;
  for (const auto& kind : kinds) {
    std::vector<AreaPart> parts = die_parts(kind.counts, kind.node, dies.area);
    const SquareMetres area = use.derived() ? use.area : total(parts) * (design.published / model);
    const Priced priced = price(
        kind, parts, area, enabled_share, dies.edge.aspect, constants, paths);
    all += priced.one * kind.count;
    if (kind.counts.cores > most_cores) {
      most_cores = kind.counts.cores;
      report.dies_per_wafer = priced.dies_per_wafer;
      report.yield = priced.yield;
      report.die_cost = priced.one;
    }
    report.dies += kind.count;
    if (report.parts.empty())
      for (const AreaPart& part : parts) report.parts.push_back({part.name, SquareMetres(0)});
    for (std::size_t i = 0; i < parts.size(); ++i)
      report.parts[i].area += parts[i].area * (kind.count * scale);
  }
  // What is too small for one more core stays empty.
  if (use.derived()) report.parts.push_back({"unused", use.area * use.dies - total(report.parts)});
  report.area = total(report.parts);
  report.package = package_cost(
      cost.prices, all, report.published.value_or(report.area), chip.stacks, chip.capacity);
  report.price_published = !use.derived() && cost.list_price > Dollars(0);
  report.list_price = report.price_published
                          ? cost.list_price
                          : technology::selling_price(report.package.total(), cost.prices.margin);
  return report;
}

DieReport describe_die(const ChipDescription& chip, const DieUse& use, const CostUse& cost,
                       const ConfigPaths& paths) {
  const DieDesign design = config::load_die_design(use.design, paths);
  const CostConstants constants = config::load_cost_constants(paths);
  const ChipCounts counts{
      static_cast<double>(chip.cores), static_cast<double>(chip.hbm.device.organisation.stacks),
      chip.hbm.capacity};
  DieReport report = describe_die(design, use, counts, cost, constants, paths);
  if (!use.derived() || !(cost.list_price > Dollars(0))) return report;
  // A derived chip is sold with the margin of the chip that it is derived from.
  DieUse own;
  own.design = use.design;
  const double enabled = chip.cores / (use.counts.cores * use.dies);
  const ChipCounts base{
      std::ceil(cores_of(design.kinds) * enabled - 1e-9), static_cast<double>(use.base_stacks),
      use.base_capacity};
  const DieReport sold = describe_die(design, own, base, cost, constants, paths);
  report.list_price = report.package.total() * (cost.list_price / sold.package.total());
  return report;
}

}  // namespace headroom
