#include "sim/netlist/netlist.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unordered_map>

namespace headroom::netlist {
namespace {

using Json = nlohmann::json;

const CellTraits& traits_of(const std::string& type) {
  const auto found = std::find_if(cells.begin(), cells.end(), [&](const CellTraits& cell) {
    return cell.name == type;
  });
  if (found == cells.end()) throw std::runtime_error("a cell of unknown type '" + type + "'");
  return *found;
}

// Bits of the file are numbers from 2 on, or "0", "1", "x", "z".
Net net_of(const Json& bit) {
  if (bit.is_number()) return bit.get<Net>();
  return bit.get<std::string>() == "1" ? 1 : 0;
}

Net net_of(const Json& connections, const char* pin) { return net_of(connections.at(pin).at(0)); }

Gate gate_of(const Json& cell) {
  const CellTraits& traits = traits_of(cell.at("type").get<std::string>());
  const Json& connections = cell.at("connections");
  Gate gate{traits.kind, 0, &traits, {0, 0, 0}, 0};
  if (traits.kind == CellKind::flip_flop) {
    gate.inputs = {net_of(connections, "D"), traits.inputs > 1 ? net_of(connections, "E") : 1, 0};
    gate.output = net_of(connections, "Q");
    return gate;
  }
  constexpr std::array<const char*, 3> names{"A", "B", "C"};
  for (int i = 0; i < traits.inputs; ++i) {
    const bool select = traits.kind == CellKind::selector && i == 2;
    gate.inputs[static_cast<std::size_t>(i)] = net_of(
        connections, select ? "S" : names[static_cast<std::size_t>(i)]);
  }
  gate.output = net_of(connections, "Y");
  return gate;
}

// Each gate behind those that drive it.
std::vector<Gate> in_order(const std::vector<Gate>& gates, std::size_t nets) {
  std::vector<std::vector<std::size_t>> loads(nets);
  std::vector<int> waits(gates.size(), 0);
  std::vector<bool> driven(nets, false);
  for (const Gate& gate : gates) {
    if (driven[gate.output]) throw std::runtime_error("a net with two drivers");
    driven[gate.output] = true;
  }
  std::vector<std::size_t> ready;
  for (std::size_t g = 0; g < gates.size(); ++g) {
    for (int i = 0; i < gates[g].traits->inputs; ++i) {
      const Net input = gates[g].inputs[static_cast<std::size_t>(i)];
      if (!driven[input]) continue;
      loads[input].push_back(g);
      ++waits[g];
    }
    if (waits[g] == 0) ready.push_back(g);
  }
  std::vector<Gate> ordered;
  ordered.reserve(gates.size());
  for (std::size_t next = 0; next < ready.size(); ++next) {
    const Gate& gate = gates[ready[next]];
    ordered.push_back(gate);
    for (const std::size_t load : loads[gate.output])
      if (--waits[load] == 0) ready.push_back(load);
  }
  if (ordered.size() != gates.size()) throw std::runtime_error("a loop without flip-flop");
  return ordered;
}

void weigh(Netlist& netlist) {
  netlist.capacitance.assign(netlist.nets, {});
  for (const auto* gates : {&netlist.gates, &netlist.flip_flops}) {
    for (const Gate& gate : *gates) {
      netlist.capacitance[gate.output].at(gate.part) += gate.traits->output;
      for (int i = 0; i < gate.traits->inputs; ++i)
        netlist.capacitance[gate.inputs[static_cast<std::size_t>(i)]].at(
            gate.part) += gate.traits->pins[static_cast<std::size_t>(i)];
    }
  }
}

}  // namespace

double Netlist::gate_equivalents() const {
  int transistors = 0;
  for (const Gate& gate : gates) transistors += gate.traits->transistors;
  for (const Gate& gate : flip_flops) transistors += gate.traits->transistors;
  return transistors / transistors_per_gate_equivalent;
}

int Netlist::depth() const {
  std::vector<int> level(nets, 0);
  int deepest = 0;
  for (const Gate& gate : gates) {
    int& own = level[gate.output];
    for (int i = 0; i < gate.traits->inputs; ++i)
      own = std::max(own, level[gate.inputs[static_cast<std::size_t>(i)]] + 1);
    deepest = std::max(deepest, own);
  }
  return deepest;
}

Netlist read_netlist(std::istream& text, const PartOf& part_of) {
  const Json file = Json::parse(text, nullptr, false);
  if (file.is_discarded() || !file.contains("modules") || file.at("modules").size() != 1)
    throw std::runtime_error("not a netlist of one module as Yosys writes it");
  const Json& module = file.at("modules").front();

  Netlist netlist;
  const auto count = [&netlist](Net net) {
    netlist.nets = std::max<std::size_t>(netlist.nets, net + std::size_t{1});
  };
  for (const auto& [name, port] : module.at("ports").items()) {
    for (const Json& bit : port.at("bits")) {
      netlist.ports[name].push_back(net_of(bit));
      count(netlist.ports[name].back());
    }
  }
  std::unordered_map<Net, std::vector<std::string>> names;
  for (const auto& [name, net] : module.at("netnames").items()) {
    if (net.at("hide_name") != 0) continue;
    for (const Json& bit : net.at("bits")) {
      netlist.names[name].push_back(net_of(bit));
      if (bit.is_number()) names[bit.get<Net>()].push_back(name);
    }
  }

  std::vector<Gate> gates;
  const std::vector<std::string> nameless;
  for (const auto& [name, cell] : module.at("cells").items()) {
    Gate gate = gate_of(cell);
    const auto named = names.find(gate.output);
    gate.part = static_cast<std::uint8_t>(
        part_of(name, named == names.end() ? nameless : named->second));
    count(gate.output);
    (gate.kind == CellKind::flip_flop ? netlist.flip_flops : gates).push_back(gate);
    for (const Net input : gate.inputs) count(input);
  }
  netlist.gates = in_order(gates, netlist.nets);
  weigh(netlist);
  return netlist;
}

}  // namespace headroom::netlist
