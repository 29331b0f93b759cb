// How the energy of switching scales from node to node.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/technology/process_node.h"

namespace headroom::technology {

// Energies of operations at nominal voltages, relative to the reference node. Where both ends of a
// chain of claims have published energies, the claims set the steps between them on a logarithmic
// scale and the ends stay as published; beyond the last of them claims are taken as they are.
class Scaling {
 public:
  // Throws std::invalid_argument where claims form a circle or name a node that is not there, and
  // where no node has a published energy.
  explicit Scaling(std::map<std::string, ProcessNode> nodes);

  [[nodiscard]] const std::map<std::string, ProcessNode>& nodes() const { return nodes_; }
  // Throws std::out_of_range for an unknown id.
  [[nodiscard]] const ProcessNode& node(const std::string& id) const { return nodes_.at(id); }

  // The node and those that its claims stand on, newest first.
  [[nodiscard]] std::vector<std::string> chain(const std::string& id) const;
  // Product of (1 - power saving) along the chain, from its first node; none where a claim of the
  // chain is missing.
  [[nodiscard]] std::optional<double> claimed_energy(const std::string& id) const;
  // Energy of an operation over that on the reference node, each at its nominal voltage; none
  // where the chain has no published energy or lacks a claim.
  [[nodiscard]] std::optional<double> energy(const std::string& id) const;
  // The capacitance-like part of it: energy / (V/Vref)^2.
  [[nodiscard]] std::optional<double> capacitance(const std::string& id) const;
  // Proportional to the energy of reading a bit of SRAM: bit lines are wires as long as the cells
  // beside them, so wire energy x square root of the cell's area. None where either is not known.
  [[nodiscard]] std::optional<double> memory_energy(const std::string& id) const;
  // The reference node: the one whose published energy is 1.
  [[nodiscard]] const std::string& reference() const { return reference_; }

 private:
  std::map<std::string, ProcessNode> nodes_;
  std::string reference_;
};

}  // namespace headroom::technology
