#include "models/network/folded_links.h"

#include <algorithm>

namespace headroom::network {

FoldedLinks::FoldedLinks(const Topology& topology, std::int64_t fold, std::int64_t turn)
    : topology_(topology), fold_(fold), turn_(turn) {
  std::int64_t links = 0;
  for (std::size_t c = 0; c < topology.classes().size(); ++c) {
    folded_.push_back(folded(static_cast<std::int32_t>(c)));
    offset_.push_back(links);
    links += folded_.back();
  }
  numbers_.assign(static_cast<std::size_t>(links), -1);
}

std::int64_t FoldedLinks::folded(std::int32_t link_class) const {
  const LinkClass& c = topology_.classes()[static_cast<std::size_t>(link_class)];
  if (fold_ == 0) return c.per_period;
  if (fold_ >= topology_.endpoints()) return c.count;
  return std::min(c.count, c.per_period * (fold_ / topology_.period()));
}

std::int64_t FoldedLinks::alike(std::int32_t link_class) const {
  const auto c = static_cast<std::size_t>(link_class);
  return std::max<std::int64_t>(1, topology_.classes()[c].count / folded_[c]) *
         (turned(link_class) ? turn_ : 1);
}

std::int32_t FoldedLinks::number(const Hop& hop) {
  const auto link_class = static_cast<std::size_t>(hop.link_class);
  std::int64_t index = hop.index % folded_[link_class];
  if (turned(hop.link_class)) index -= index % turn_;
  std::int32_t& number = numbers_[static_cast<std::size_t>(offset_[link_class] + index)];
  if (number < 0) {
    const LinkClass& c = topology_.classes()[link_class];
    number = static_cast<std::int32_t>(used_.size());
    used_.push_back({hop.link_class, index, alike(hop.link_class)});
    rates_.push_back(c.bandwidth.si());
  }
  return number;
}

}  // namespace headroom::network
