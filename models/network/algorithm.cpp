#include "models/network/algorithm.h"

namespace headroom::network {

void Algorithm::all_messages(
    Collective operation, const Team& team, std::int64_t rank, std::vector<Message>& out) const {
  for (const Phase& phase : phases(operation, team))
    for (std::int64_t step = phase.first; step < phase.first + phase.steps; ++step) {
      const std::size_t first = out.size();
      messages(operation, team, step, rank, out);
      for (std::size_t i = first; i < out.size(); ++i) out[i].step = step;
    }
}

const std::vector<std::unique_ptr<Algorithm>>& algorithms() {
  static const auto all = [] {
    std::vector<std::unique_ptr<Algorithm>> list;
    list.push_back(make_ring_algorithm());
    list.push_back(make_bidirectional_ring());
    list.push_back(make_halving_doubling());
    list.push_back(make_double_binary_tree());
    list.push_back(make_torus_algorithm());
    list.push_back(make_hierarchical());
    list.push_back(make_in_network());
    list.push_back(make_direct());
    return list;
  }();
  return all;
}

const Algorithm* find_algorithm(std::string_view name) {
  for (const auto& algorithm : algorithms())
    if (algorithm->name() == name) return algorithm.get();
  return nullptr;
}

std::vector<std::string> algorithm_names() {
  std::vector<std::string> names;
  for (const auto& algorithm : algorithms()) names.emplace_back(algorithm->name());
  return names;
}

std::vector<std::string> fitting(Collective operation, const Team& team) {
  std::vector<std::string> names;
  for (const auto& algorithm : algorithms())
    if (algorithm->complaint(operation, team).empty()) names.emplace_back(algorithm->name());
  return names;
}

}  // namespace headroom::network
