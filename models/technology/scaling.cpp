#include "models/technology/scaling.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace headroom::technology {

Scaling::Scaling(std::map<std::string, ProcessNode> nodes) : nodes_(std::move(nodes)) {
  for (const auto& [id, node] : nodes_) {
    static_cast<void>(chain(id));
    if (node.published_energy == 1.0) reference_ = id;
  }
  if (reference_.empty())
    throw std::invalid_argument("no node has the published energy 1, which makes it the reference");
}

std::vector<std::string> Scaling::chain(const std::string& id) const {
  std::vector<std::string> ids;
  for (std::string at = id; !at.empty(); at = nodes_.at(at).claims.from) {
    if (nodes_.count(at) == 0)
      throw std::invalid_argument("claims of " + ids.back() + " against the unknown node " + at);
    if (std::find(ids.begin(), ids.end(), at) != ids.end())
      throw std::invalid_argument("claims of " + at + " lead back to it");
    ids.push_back(at);
  }
  return ids;
}

std::optional<double> Scaling::claimed_energy(const std::string& id) const {
  double energy = 1;
  for (const std::string& at : chain(id)) {
    const Claims& claims = nodes_.at(at).claims;
    if (claims.from.empty()) break;
    if (!claims.power_saving) return std::nullopt;
    energy *= 1 - *claims.power_saving;
  }
  return energy;
}

std::optional<double> Scaling::energy(const std::string& id) const {
  const std::optional<double> claimed = claimed_energy(id);
  if (!claimed) return std::nullopt;
  // Published energies by what claims make of their nodes, within the same family of claims.
  const std::string root = chain(id).back();
  std::map<double, double> published;
  for (const auto& [other, node] : nodes_)
    if (node.published_energy && chain(other).back() == root)
      if (const auto at = claimed_energy(other)) published[*at] = *node.published_energy;
  if (published.empty()) return std::nullopt;
  const auto above = published.lower_bound(*claimed);  // the older neighbour
  if (above == published.begin()) return above->second * *claimed / above->first;
  if (above == published.end()) {
    const auto oldest = std::prev(above);
    return oldest->second * *claimed / oldest->first;
  }
  const auto below = std::prev(above);
  const double share = std::log(*claimed / below->first) / std::log(above->first / below->first);
  return below->second * std::pow(above->second / below->second, share);
}

std::optional<double> Scaling::memory_energy(const std::string& id) const {
  const ProcessNode& node = nodes_.at(id);
  if (!node.wire_energy || !node.sram_cell) return std::nullopt;
  return *node.wire_energy * std::sqrt(node.sram_cell->si());
}

std::optional<double> Scaling::capacitance(const std::string& id) const {
  const std::optional<double> relative = energy(id);
  if (!relative) return std::nullopt;
  const double volts = nodes_.at(id).supply.nominal_v / nodes_.at(reference_).supply.nominal_v;
  return *relative / (volts * volts);
}

}  // namespace headroom::technology
