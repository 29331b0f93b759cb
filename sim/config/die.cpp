#include "sim/config/die.h"

#include <algorithm>

#include "sim/config/process_node.h"

namespace headroom::config {
namespace {

using technology::AreaConstants;
using technology::DieCounts;
using DieKind = technology::PublishedDie::Kind;

constexpr double mm2_per_tbps = 1e-6 / 1e12;  // m^2 per B/s
constexpr const char* area_file = "configs/technology/area.yaml";

const Record<DieKind>& die_record() {
  const auto member = [](auto m) {
    return [m](auto& kind) -> auto& { return kind.counts.*m; };
  };
  using C = DieCounts;
  static const auto record =
      Record<DieKind>("a kind of die; counts are physical")
          .required(
              "node", [](auto& kind) -> auto& { return kind.node.id; }, text(),
              "a file of configs/nodes")
          .optional("count", &DieKind::count, number(positive), "1", "in the package")
          .required("cores", member(&C::cores), number(not_negative), "with spare ones")
          .optional("slots", member(&C::slots), number(not_negative), "0",
                    "multiply-adds of bf16 per core and cycle")
          .optional(
              "registers", member(&C::registers), quantity<Bytes>(not_negative), "0 B", "per core")
          .optional(
              "local", member(&C::local), quantity<Bytes>(not_negative), "0 B", "SRAM per core")
          .optional(
              "shared", member(&C::shared), quantity<Bytes>(not_negative), "0 B", "SRAM of the die")
          .optional("memory", member(&C::memory), quantity<BytesPerSecond>(not_negative), "0 B/s",
                    "of its HBM, all PHYs in use")
          .optional("hbm_stacks", member(&C::hbm_stacks), number(not_negative), "0", "PHYs")
          .optional("serdes_lanes", member(&C::serdes_lanes), number(not_negative), "0",
                    "of links to other packages")
          .optional("die_to_die", member(&C::die_to_die), quantity<BytesPerSecond>(not_negative),
                    "0 B/s", "both directions")
          .optional("host", member(&C::host), boolean(), "true", "has the interface to the host");
  return record;
}

const Record<DieDesign>& design_record() {
  using D = DieDesign;
  static const auto
      record = Record<D>("dies of a package")
                   .required("name", &D::name, text(), "as its maker calls it")
                   .required(
                       "published_area", &D::published, quantity<SquareMetres>(), "of all its dies")
                   .required("fitted", &D::fitted, boolean(), "constants of area are fitted on it")
                   .ignored("dies");
  return record;
}

const Record<EdgeConstants>& edge_record() {
  using E = EdgeConstants;
  static const auto
      record = Record<E>("what of a die's edge blocks take")
                   .required("aspect", &E::aspect, number({1, 10}), "long side over short side")
                   .required("stack", &E::stack, quantity<Metres>(), "of an HBM stack")
                   .required("lane", &E::lane, quantity<Metres>(), "of a lane")
                   .required("die_to_die", &E::die_to_die_mm_tbps, number(positive), "mm per TB/s")
                   .required("die_to_die_share", &E::die_to_die_share, number(positive),
                             "bandwidth between dies over that of HBM");
  return record;
}

}  // namespace

const Record<DieConstants>& die_constants_record() {
  const auto area = [](auto m) {
    return [m](auto& all) -> auto& { return all.area.*m; };
  };
  using A = AreaConstants;
  static const auto record =
      Record<DieConstants>("constants of area")
          .required("slot_transistors", area(&A::slot_transistors), number(positive),
                    "of a multiply-add slot")
          .required("matrix", area(&A::matrix), number(not_negative),
                    "area over that at headline density")
          .required("registers", area(&A::registers), number(not_negative),
                    "area over bits at SRAM density, lanes included")
          .required("local", area(&A::local), number(not_negative), "the same")
          .required("shared", area(&A::shared), number(not_negative), "the same, network included")
          .required("memory_system", area(&A::memory_system), number(not_negative),
                    "transistors per byte/s of HBM")
          .required("hbm_phy", area(&A::hbm_phy), quantity<SquareMetres>(), "per stack")
          .required("serdes_lane", area(&A::serdes_lane), quantity<SquareMetres>(), "per lane")
          .required("die_to_die", area(&A::die_to_die_m2_bps), number(positive), "mm^2 per TB/s")
          .required("fixed", area(&A::fixed), quantity<SquareMetres>(not_negative),
                    "of a die with a host interface")
          .group("edge", &DieConstants::edge, edge_record());
  return record;
}

DieConstants load_die_constants(const ConfigPaths& paths) {
  const auto file = paths.find("technology", "area");
  if (!file) throw InputError({area_file, 1, 1}, "", "no such file", "the constants of area");
  DieConstants constants = die_constants_record().read(Node::load(*file));
  constants.area.die_to_die_m2_bps *= mm2_per_tbps;
  return constants;
}

technology::ProcessNode load_die_node(const Node& name, const ConfigPaths& paths) {
  const std::optional<std::string> id = process_node_id(paths, bare(name).text());
  const auto file = id ? *paths.find("nodes", *id) : paths.resolve(bare(name), "nodes", "node");
  technology::ProcessNode node = read_process_node(Node::load(file), file.stem().string());
  if (!node.sram_density) bare(name).expected("a node with a known sram_density");
  return node;
}

const DieKind& DieDesign::main() const {
  return *std::max_element(kinds.begin(), kinds.end(), [](const DieKind& a, const DieKind& b) {
    return a.counts.cores * a.count < b.counts.cores * b.count;
  });
}

double DieDesign::dies() const {
  double count = 0;
  for (const DieKind& kind : kinds) count += kind.count;
  return count;
}

DieDesign read_die_design(const Node& file, const std::string& id, const ConfigPaths& paths) {
  DieDesign design = design_record().read(file);
  design.id = id;
  for (const Node& element : file.at("dies", "a list of dies").elements()) {
    design.kinds.push_back(die_record().read(element));
    design.kinds.back().node = load_die_node(element["node"], paths);
  }
  if (design.kinds.empty()) file["dies"].expected("at least one die");
  return design;
}

DieDesign load_die_design(const std::string& id, const ConfigPaths& paths) {
  const auto file = paths.resolve(Node::parse('"' + id + '"', "die " + id), "dies", "die");
  return read_die_design(Node::load(file), file.stem().string(), paths);
}

std::vector<DieDesign> load_die_designs(const ConfigPaths& paths) {
  std::vector<DieDesign> designs;
  for (const std::string& id : paths.names("dies")) designs.push_back(load_die_design(id, paths));
  return designs;
}

const Record<DieUse>& die_use_record() {
  using D = DieUse;
  static const auto
      record = Record<D>("dies in the package; with `area` the chip is derived from it")
                   .optional("design", &D::design, text(), "''", "a file of configs/dies")
                   .optional("area", &D::area, quantity<SquareMetres>(not_negative), "0 mm^2",
                             "of one die; 0 mm^2: as the design has it")
                   .optional("dies", &D::dies, integer<int>(1, 64), "1",
                             "of that area, which act as one chip")
                   .optional("sram_share", &D::sram_share, number({0, 1}), "0",
                             "of the area for shared memory; 0: as in the design")
                   .optional("wafer_scale", &D::wafer_scale, boolean(), "false",
                             "one die beyond the reticle, with SRAM only");
  return record;
}

DieUse read_die_use(const Node& file, const Node& changes, const ConfigPaths& paths) {
  const Node given = overlay(file, changes)["die"];
  if (!given.exists()) return {};
  DieUse use = die_use_record().read(given);
  if (!use.design.empty()) static_cast<void>(paths.resolve(bare(given["design"]), "dies", "die"));
  if (use.derived() && use.design.empty())
    given.expected("a mapping with design, the dies that the area is filled as");
  if (!use.derived())
    for (const char* key : {"dies", "sram_share"})
      if (given[key].exists())
        given[key].expected("die.area beside it: without an area nothing is derived");
  return use;
}

}  // namespace headroom::config
