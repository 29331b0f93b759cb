// The links of a network, folded by its symmetry: links that a renumbering of chips maps onto one
// another are one. Numbers are given to links as they are first used.
#pragma once

#include <cstdint>
#include <vector>

#include "models/network/topology.h"

namespace headroom::network {

class FoldedLinks {
 public:
  struct Link {
    std::int32_t link_class = 0;
    std::int64_t index = 0;
    std::int64_t alike = 1;  // links of the network that this one stands for
  };

  // Chips [0, fold) stand for all (0: one chip of a torus does), and of them one in `turn`.
  FoldedLinks(const Topology& topology, std::int64_t fold, std::int64_t turn);

  // The number of the link that a hop crosses.
  [[nodiscard]] std::int32_t number(const Hop& hop);
  // How many of the flows that one flow stands for cross the same link.
  [[nodiscard]] double together(std::int32_t link_class) const {
    return turned(link_class) ? 1 : static_cast<double>(turn_);
  }

  // Links of the network that one of this class stands for.
  [[nodiscard]] std::int64_t alike(std::int32_t link_class) const;

  [[nodiscard]] const std::vector<Link>& used() const { return used_; }
  // Bytes per second of each used link.
  [[nodiscard]] const std::vector<double>& rates() const { return rates_; }

 private:
  [[nodiscard]] bool turned(std::int32_t link_class) const {
    return topology_.classes()[static_cast<std::size_t>(link_class)].of_chips;
  }
  // Links of one class that are told apart.
  [[nodiscard]] std::int64_t folded(std::int32_t link_class) const;

  const Topology& topology_;
  std::int64_t fold_, turn_;
  std::vector<std::int64_t> folded_, offset_;  // of a class: links, and where they are in numbers_
  std::vector<std::int32_t> numbers_;          // of a link, or -1
  std::vector<Link> used_;
  std::vector<double> rates_;
};

}  // namespace headroom::network
