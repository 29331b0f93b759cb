// Two binary trees over the same places (Sanders, Speck, Traeff 2009): numbered in order, so that
// every place is a leaf of one of them; each carries half of the data, and a place sends and
// receives about as much as in a ring.
//
// Tree 0 numbers place p as p + 1; tree 1 shifts by one, so that odd and even change sides. The
// height of a number is that of its lowest set bit.
#pragma once

#include <cstdint>
#include <vector>

#include "models/network/team.h"

namespace headroom::network {

class BinaryTree {
 public:
  BinaryTree(std::int64_t places, std::int64_t which) : places_(places), which_(which) {}

  [[nodiscard]] std::int64_t height(std::int64_t place) const {
    std::int64_t number = number_of(place), height = 0;
    while ((number & 1) == 0) number >>= 1, ++height;
    return height;
  }
  // The place above, or -1 for the root.
  [[nodiscard]] std::int64_t parent(std::int64_t place) const {
    const std::int64_t number = number_of(place), bit = number & -number;
    std::int64_t above = (number ^ bit) | (2 * bit);
    if (above > places_) above = number - bit;
    return above == 0 ? -1 : place_of(above);
  }
  // The places below: within 2^height on either side, cyclically in tree 1.
  [[nodiscard]] std::vector<std::int64_t> children(std::int64_t place) const {
    std::vector<std::int64_t> result;
    const std::int64_t reach = std::int64_t{1} << height(place);
    for (std::int64_t bit = 1; bit < reach; bit *= 2)
      for (const std::int64_t side : {place - bit, place + bit}) {
        const std::int64_t child = (side % places_ + places_) % places_;
        if (child != place && parent(child) == place && (result.empty() || result.back() != child))
          result.push_back(child);
      }
    return result;
  }
  // Whether a place is so low that places a multiple of 2 * reach away have the same neighbours,
  // fewer than `reach` away.
  [[nodiscard]] bool moves_along(std::int64_t place, std::int64_t reach) const {
    return (std::int64_t{1} << height(place)) < reach;
  }
  [[nodiscard]] std::int64_t root() const {
    std::int64_t number = 1;
    while (2 * number <= places_) number *= 2;
    return place_of(number);
  }
  // Levels below the root: floor(log2(places)).
  [[nodiscard]] std::int64_t levels() const {
    std::int64_t levels = 0;
    while ((std::int64_t{2} << levels) <= places_) ++levels;
    return levels;
  }

 private:
  [[nodiscard]] std::int64_t number_of(std::int64_t place) const {
    return which_ == 0 ? place + 1 : (place == 0 ? places_ : place);
  }
  [[nodiscard]] std::int64_t place_of(std::int64_t number) const {
    return which_ == 0 ? number - 1 : number % places_;
  }
  std::int64_t places_, which_;
};

// Algorithm::moves_along() where the nodes of a team stand in both trees.
[[nodiscard]] inline bool trees_move_along(
    const Team& team, std::int64_t rank, std::int64_t reach) {
  const std::int64_t node = rank / team.members;
  return BinaryTree(team.nodes(), 0).moves_along(node, reach) &&
         BinaryTree(team.nodes(), 1).moves_along(node, reach);
}

}  // namespace headroom::network
