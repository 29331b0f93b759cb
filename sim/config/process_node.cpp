#include "sim/config/process_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace headroom::config {
namespace {

using technology::Claims;
using technology::Leakage;
using technology::ProcessNode;
using technology::PublishedEnergy;
using technology::Scaling;
using technology::Supply;

// The same kind, of a value that a file may leave out because nobody published it.
template <class V>
Kind<std::optional<V>> known(Kind<V> kind) {
  return {[read = kind.read](const Node& node) { return std::optional<V>(read(node)); },
          kind.expected, kind.schema,
          [write = kind.write](const std::optional<V>& value) {
            return value ? write(*value) : Json();
          }};
}

constexpr const char* unknown = "nothing: not known";
const Interval below_one{0, 0.999};

const Record<Claims>& claims_record() {
  static const auto
      record = Record<Claims>("what is claimed against an earlier node; each claim holds alone")
                   .optional("from", &Claims::from, text(), "''", "the earlier node")
                   .overriding(
                       "power_saving", &Claims::power_saving,
                       known(measure(Dimension::share, below_one)), unknown, "at the same speed")
                   .overriding(
                       "speed_gain", &Claims::speed_gain,
                       known(measure(Dimension::share, not_negative)), unknown, "at the same power")
                   .overriding("density", &Claims::density, known(number(positive)), unknown,
                               "logic transistors per area over the earlier node's");
  return record;
}

const Record<Supply>& supply_record() {
  const auto volts = measure(Dimension::voltage);
  static const auto
      record = Record<Supply>("supply voltages of logic")
                   .required("minimum", &Supply::minimum_v, volts, "lowest in use")
                   .required("nominal", &Supply::nominal_v, volts, "at which energies are stated")
                   .required("maximum", &Supply::maximum_v, volts, "highest in lasting use")
                   .required("threshold", &Supply::threshold_v, volts, "of the alpha-power law")
                   .required("alpha", &Supply::alpha, number({1, 2}), "exponent of that law");
  return record;
}

const Record<Leakage>& leakage_record() {
  const auto kelvin = measure(Dimension::temperature);
  static const auto
      record = Record<Leakage>("leakage of powered area")
                   .required("density", &Leakage::density_w_m2, measure(Dimension::power_density),
                             "at the nominal voltage and `temperature`")
                   .required("temperature", &Leakage::temperature_k, kelvin, "at which that holds")
                   .required("temperature_efold", &Leakage::temperature_efold_k, kelvin,
                             "rise that multiplies leakage by e")
                   .required(
                       "voltage_efold", &Leakage::voltage_efold_v, measure(Dimension::voltage),
                       "rise that multiplies the leaked current by e");
  return record;
}

void check_supply(const Supply& supply, const Node& node) {
  const auto at_most = [&](const char* low_key, double low, const char* high_key, double high) {
    if (low > high)
      bare(node[low_key])
          .expected(fmt::format("at most supply.{}, {}", high_key, bare(node[high_key]).text()));
  };
  at_most("threshold", supply.threshold_v, "minimum", supply.minimum_v);
  at_most("minimum", supply.minimum_v, "nominal", supply.nominal_v);
  at_most("nominal", supply.nominal_v, "maximum", supply.maximum_v);
}

const Record<PublishedEnergy>& energy_record() {
  using P = PublishedEnergy;
  static const auto
      record = Record<P>("a published energy of an operation")
                   .required("operation", &P::operation, text(), "add, multiply, sram_read_8kib, …")
                   .required("format", &P::format, text(), "of its numbers; bit of memories")
                   .required("node", &P::node, text(), "a file of configs/nodes")
                   .required("kind", &P::kind,
                             word<std::string>({{"arithmetic", "arithmetic"},
                                                {"synthesised", "synthesised"},
                                                {"measured", "measured"},
                                                {"memory", "memory"}}),
                             "what the figure covers")
                   .required("energy", &P::energy, quantity<Joules>(),
                             "of one operation at the node's nominal voltage");
  return record;
}

// Refuses claims against a node without a file, and those that lead back.
void check_claims(const std::string& id, const std::map<std::string, ProcessNode>& nodes,
                  const std::map<std::string, Node>& files, const ConfigPaths& paths) {
  const Node from = bare(files.at(id)["claims"]["from"]);
  std::string at = nodes.at(id).claims.from;
  if (!at.empty() && nodes.count(at) == 0) {
    const std::vector<std::string> known = paths.names("nodes");
    from.expected(one_of(known), nearest(at, known));
  }
  for (std::size_t steps = 0; !at.empty() && nodes.count(at) > 0; ++steps) {
    if (at == id || steps > nodes.size())
      from.expected("an earlier node, whose own claims do not lead back here");
    at = nodes.at(at).claims.from;
  }
}

// The nodes wanted that have files, and those that their claims name.
Scaling load(const ConfigPaths& paths, std::vector<std::string> wanted) {
  std::map<std::string, ProcessNode> nodes;
  std::map<std::string, Node> files;
  while (!wanted.empty()) {
    const std::string id = wanted.back();
    wanted.pop_back();
    const auto path = paths.find("nodes", id);
    if (!path || nodes.count(id) > 0) continue;
    const Node file = Node::load(*path);
    const ProcessNode node = read_process_node(file, id);
    wanted.push_back(node.claims.from);
    nodes.emplace(id, node);
    files.emplace(id, file);
  }
  for (const auto& [id, node] : nodes) check_claims(id, nodes, files, paths);
  const auto is_reference = [](const auto& entry) { return entry.second.published_energy == 1.0; };
  if (std::none_of(nodes.begin(), nodes.end(), is_reference))
    throw InputError({"configs/nodes", 1, 1}, "", fmt::format("{} nodes", nodes.size()),
                     "one with published_energy: 1, the reference of all");
  return Scaling(std::move(nodes));
}

}  // namespace

const Record<ProcessNode>& process_node_record() {
  using P = ProcessNode;
  static const auto record =
      Record<P>("a process node")
          .required("name", &P::name, text(), "as its foundry calls it")
          .required("foundry", &P::foundry, text(), "its maker")
          .required("year", &P::year, number({1990, 2100}), "of volume production")
          .required("logic_density", &P::logic_density, measure(Dimension::transistor_density),
                    "of the densest library")
          .overriding(
              "chip_density", &P::chip_density, known(measure(Dimension::transistor_density)),
              unknown, "of all of a shipped chip")
          .overriding(
              "sram_cell", &P::sram_cell, known(quantity<SquareMetres>()), unknown, "area of a bit")
          .overriding("sram_density", &P::sram_density, known(measure(Dimension::bit_density)),
                      unknown, "of macros with their periphery")
          .group("claims", &P::claims, claims_record())
          .overriding("published_energy", &P::published_energy, known(number(positive)), unknown,
                      "of operations over those of the reference node, both nominal")
          .group("supply", &P::supply, supply_record())
          .group("leakage", &P::leakage, leakage_record())
          .overriding("wire_energy", &P::wire_energy, known(measure(Dimension::wire_energy)),
                      unknown, "of a bit of random data at the nominal voltage")
          .overriding(
              "wafer_price", &P::wafer_price, known(quantity<Dollars>()), unknown, "of 300 mm")
          .overriding("defect_density", &P::defect_density,
                      known(measure(Dimension::defect_density)), unknown, "of a mature process")
          .required("reticle", &P::reticle, quantity<SquareMetres>(), "largest die");
  return record;
}

ProcessNode read_process_node(const Node& file, const std::string& id) {
  ProcessNode node = process_node_record().read(file);
  node.id = id;
  check_supply(node.supply, file["supply"]);
  return node;
}

Scaling load_process_nodes(const ConfigPaths& paths) { return load(paths, paths.names("nodes")); }

Technology load_technology(const ConfigPaths& paths, const std::string& id) {
  const auto file = paths.find("technology", "operations");
  if (!file) return {load(paths, {id}), {}};
  const Node document = Node::load(*file);
  std::vector<std::string> wanted{id};
  for (const Node& element : document.at("published_energies").elements())
    wanted.push_back(bare(element.at("node")).text());
  Technology technology{load(paths, wanted), {}};
  technology.energies = read_published_energies(document, technology.nodes);
  return technology;
}

std::optional<std::string> process_node_id(const ConfigPaths& paths, const std::string& name) {
  std::string id = name;
  std::transform(id.begin(), id.end(), id.begin(), [](unsigned char c) { return std::tolower(c); });
  return paths.find("nodes", id) ? std::optional(id) : std::nullopt;
}

std::vector<PublishedEnergy> read_published_energies(const Node& document, const Scaling& nodes) {
  document.refuse_unknown_keys({"published_energies"}, provenance_keys());
  std::vector<std::string> ids;
  for (const auto& [id, node] : nodes.nodes()) ids.push_back(id);
  std::vector<PublishedEnergy> energies;
  for (const Node& element : document.at("published_energies").elements()) {
    PublishedEnergy energy = energy_record().read(element);
    if (nodes.nodes().count(energy.node) == 0)
      bare(element["node"]).expected(one_of(ids), nearest(energy.node, ids));
    const Node given = element["energy"];
    energy.low = energy.high = energy.energy;
    if (const Node range = given["range"]; range.exists()) {
      energy.low = quantity<Joules>().read(range.elements()[0]);
      energy.high = quantity<Joules>().read(range.elements()[1]);
    }
    energy.source = given.at("source", "the origin of the figure").text();
    energies.push_back(std::move(energy));
  }
  return energies;
}

std::vector<PublishedEnergy> load_published_energies(
    const ConfigPaths& paths, const Scaling& nodes) {
  const auto file = paths.find("technology", "operations");
  if (!file) return {};
  return read_published_energies(Node::load(*file), nodes);
}

}  // namespace headroom::config
