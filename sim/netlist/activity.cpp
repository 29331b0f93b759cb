#include "sim/netlist/activity.h"

#include <algorithm>

namespace headroom::netlist {
namespace {

std::uint64_t bits(std::uint64_t word) {
  return static_cast<std::uint64_t>(__builtin_popcountll(word));
}

}  // namespace

Activity::Activity(const Netlist& netlist, int stage)
    : netlist_(netlist),
      stage_(stage),
      values_(netlist.nets, 0),
      transitions_(netlist.nets, 0),
      port_words_(netlist.nets, 0) {
  values_[1] = ~Word{0};
  settle_in_order();
  if (stage == 0) return;
  loads_.assign(netlist.nets, {0, 0});
  for (const Gate& gate : netlist.gates)
    for (int i = 0; i < gate.traits->inputs; ++i)
      ++loads_[gate.inputs[static_cast<std::size_t>(i)]].count;
  std::uint32_t at = 0;
  for (Load& load : loads_) {
    load.first = at;
    at += load.count;
    load.count = 0;
  }
  load_gates_.resize(at);
  for (std::uint32_t g = 0; g < netlist.gates.size(); ++g) {
    for (int i = 0; i < netlist.gates[g].traits->inputs; ++i) {
      Load& load = loads_[netlist.gates[g].inputs[static_cast<std::size_t>(i)]];
      load_gates_[load.first + load.count++] = g;
    }
  }
  waiting_.assign(netlist.gates.size(), false);
  std::vector<int> level(netlist.nets, 0);
  for (const Gate& gate : netlist.gates) {
    int& own = level[gate.output];
    for (int i = 0; i < gate.traits->inputs; ++i)
      own = std::max(own, level[gate.inputs[static_cast<std::size_t>(i)]] + 1);
    stage_of_.push_back(static_cast<std::uint32_t>((own - 1) / stage));
    next_.resize(std::max<std::size_t>(next_.size(), stage_of_.back() + std::size_t{1}));
  }
}

void Activity::set(const std::string& name, int at, int width, int stream, std::uint64_t value) {
  const std::vector<Net>& port = netlist_.ports.at(name);
  const Word mask = Word{1} << stream;
  for (int i = 0; i < width; ++i) {
    const Net net = port.at(static_cast<std::size_t>(at) + static_cast<std::size_t>(i));
    Word& word = port_words_[net];
    word = (value >> i & 1) != 0 ? word | mask : word & ~mask;
    if (stream == streams - 1) set(net, word);
  }
}

void Activity::set_all(const std::string& name, std::uint64_t value) {
  const std::vector<Net>& port = netlist_.ports.at(name);
  for (std::size_t i = 0; i < port.size(); ++i) set(port[i], (value >> i & 1) != 0 ? ~Word{0} : 0);
}

std::uint64_t Activity::read(const std::string& name, int at, int width, int stream) const {
  const std::vector<Net>& port = netlist_.ports.at(name);
  std::uint64_t value = 0;
  for (int i = 0; i < width; ++i)
    value |= (values_[port.at(static_cast<std::size_t>(at) + static_cast<std::size_t>(i))] >>
                  stream &
              1)
             << i;
  return value;
}

Activity::Word Activity::evaluate(const Gate& gate) const {
  const Word a = values_[gate.inputs[0]];
  const Word b = values_[gate.inputs[1]];
  const Word c = values_[gate.inputs[2]];
  switch (gate.kind) {
    case CellKind::inverter: return ~a;
    case CellKind::nand_gate: return ~(a & b);
    case CellKind::nor_gate: return ~(a | b);
    case CellKind::and_gate: return a & b;
    case CellKind::or_gate: return a | b;
    case CellKind::xor_gate: return a ^ b;
    case CellKind::xnor_gate: return ~(a ^ b);
    case CellKind::and_or_invert: return ~((a & b) | c);
    case CellKind::or_and_invert: return ~((a | b) & c);
    case CellKind::selector: return (c & b) | (~c & a);
    case CellKind::flip_flop: break;
  }
  return 0;
}

void Activity::change(Net net, Word value) {
  const Word changed = values_[net] ^ value;
  if (changed == 0) return;
  transitions_[net] += bits(changed);
  values_[net] = value;
  if (stage_ == 0) return;
  const Load load = loads_[net];
  for (std::uint32_t i = load.first; i < load.first + load.count; ++i) {
    const std::uint32_t gate = load_gates_[i];
    if (waiting_[gate]) continue;
    waiting_[gate] = true;
    next_[stage_of_[gate]].push_back(gate);
  }
}

void Activity::settle_in_order() {
  for (const Gate& gate : netlist_.gates) {
    const Word value = evaluate(gate);
    transitions_[gate.output] += bits(values_[gate.output] ^ value);
    values_[gate.output] = value;
  }
}

// All gates of a stage whose inputs have changed switch at the same time.
void Activity::settle_by_time() {
  for (auto& next : next_) {
    while (!next.empty()) {
      now_.swap(next);
      next.clear();
      results_.clear();
      for (const std::uint32_t gate : now_) {
        waiting_[gate] = false;
        results_.push_back(evaluate(netlist_.gates[gate]));
      }
      for (std::size_t i = 0; i < now_.size(); ++i)
        change(netlist_.gates[now_[i]].output, results_[i]);
    }
  }
}

void Activity::clock() {
  results_.clear();
  for (const Gate& flip_flop : netlist_.flip_flops) {
    const Word enable = values_[flip_flop.inputs[1]];
    const Word held = values_[flip_flop.output];
    clocked_[flip_flop.part] += bits(enable);
    results_.push_back((enable & values_[flip_flop.inputs[0]]) | (~enable & held));
  }
  for (std::size_t i = 0; i < results_.size(); ++i)
    change(netlist_.flip_flops[i].output, results_[i]);
  for (const Input& input : inputs_) change(input.net, input.value);
  inputs_.clear();
  if (stage_ == 0)
    settle_in_order();
  else
    settle_by_time();
}

void Activity::start_counting() {
  std::fill(transitions_.begin(), transitions_.end(), 0);
  clocked_.fill(0);
}

}  // namespace headroom::netlist
