#include "models/network/link_sums.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace headroom::network {

namespace {

constexpr std::uint64_t most_messages = 40'000'000;
// Of fewer windows those at the ends are most.
constexpr std::int64_t fewest_windows = 8;

}  // namespace

void LinkSums::Sum::add(const Hop& hop, double share) {
  const auto number = static_cast<std::size_t>(links.number(hop));
  bytes.resize(links.used().size());
  bytes[number] += share * hop.share * links.together(hop.link_class);
}

LinkSums::LinkSums(const Topology& topology, const Algorithm& algorithm, Collective operation,
                   const Team& team, const Phase& phase, std::int64_t fold, std::int64_t turn)
    : topology_(topology),
      algorithm_(algorithm),
      operation_(operation),
      team_(team),
      phase_(phase),
      turn_(turn),
      single_{FoldedLinks(topology, fold, turn), {}},
      slowest_(static_cast<std::size_t>(phase.steps)) {}

void LinkSums::find_messages(Endpoint chip) {
  messages_.clear();
  algorithm_.all_messages(operation_, team_, team_.rank_of(chip), messages_);
  flows_ += messages_.size();
  if (flows_ > most_messages)
    throw TooLarge(std::string(algorithm_.name()) + " has more messages here than are added up");
}

void LinkSums::note(const Message& message, std::int64_t step) {
  const Crossings crossed = crossings_of(route_);
  if (slower(crossed, slowest_[static_cast<std::size_t>(step)]))
    slowest_[static_cast<std::size_t>(step)] = crossed;
  sent_bytes_ += message.share * static_cast<double>(turn_);
}

void LinkSums::add_chip(Endpoint chip) {
  find_messages(chip);
  for (const Message& message : messages_) {
    const std::int64_t step = message.step - phase_.first;
    if (step < 0 || step >= phase_.steps) continue;
    find_message_route(topology_, team_, chip, message, route_);
    note(message, step);
    for (const Hop& hop : route_.hops) single_.add(hop, message.share);
  }
}

void LinkSums::add_all(const std::vector<Endpoint>& sources) {
  for (const Endpoint chip : sources) add_chip(chip);
}

std::int64_t LinkSums::in_window(std::int32_t link_class) const {
  const LinkClass& c = topology_.classes()[static_cast<std::size_t>(link_class)];
  return c.per_period * (width_ / topology_.period());
}

std::int64_t LinkSums::windowed_sources(std::int64_t chips) {
  // A port of several links would be seen in parts.
  for (std::size_t c = 0; c < topology_.classes().size(); ++c)
    if (topology_.port_of(static_cast<std::int32_t>(c), 0).kind != Port::Kind::none &&
        topology_.classes()[c].count != topology_.endpoints())
      return 0;
  const std::int64_t place = team_.members * team_.stride;  // chips
  std::int64_t fewest = 0;
  for (std::int64_t reach = 1; reach < chips / place; reach *= 2) {
    const std::int64_t width = std::lcm(topology_.period(), 2 * reach * place);
    const std::int64_t windows = chips / width;
    if (windows < fewest_windows) break;
    // Three windows and what is behind the last, and those that one window does not stand for.
    std::int64_t single = 0;
    for (Endpoint chip = width; chip < 2 * width; chip += place)
      if (!algorithm_.moves_along(operation_, team_, team_.rank_of(chip), reach)) single += place;
    const std::int64_t sources = (3 * width + chips % width + single * (windows - 2)) / turn_;
    if (fewest != 0 && sources >= fewest) continue;
    fewest = sources;
    width_ = width;
    windows_ = windows;
    reach_ = reach;
  }
  return fewest;
}

void LinkSums::add_by_windows(std::int64_t chips) {
  window_.emplace(Sum{FoldedLinks(topology_, width_, turn_), {}});
  for (Endpoint chip = 0; chip < width_; chip += turn_) add_chip(chip);
  for (Endpoint chip = width_; chip < 2 * width_; chip += turn_) {
    if (algorithm_.moves_along(operation_, team_, team_.rank_of(chip), reach_) &&
        lands_near(chip)) {
      add_window_chip(chip);
      continue;
    }
    for (std::int64_t window = 1; window < windows_ - 1; ++window)
      add_chip(chip + (window - 1) * width_);
  }
  for (Endpoint chip = (windows_ - 1) * width_; chip < chips; chip += turn_) add_chip(chip);
}

// Whether all links that the chip's messages cross lie in its own window, the one before or the one
// behind.
bool LinkSums::lands_near(Endpoint chip) {
  find_messages(chip);
  for (const Message& message : messages_) {
    find_message_route(topology_, team_, chip, message, route_);
    for (const Hop& hop : route_.hops)
      if (hop.index / in_window(hop.link_class) > 2) return false;
  }
  return true;
}

// The chip's messages, found before, for all windows but the first and the last.
void LinkSums::add_window_chip(Endpoint chip) {
  const std::int64_t copies = windows_ - 2, ranks = width_ / team_.stride;
  for (const Message& message : messages_) {
    find_message_route(topology_, team_, chip, message, route_);
    for (std::int64_t copy = 0; copy < (message.step_shift == 0 ? 1 : copies); ++copy) {
      const std::int64_t step = message.step - phase_.first + copy * ranks * message.step_shift;
      if (step >= 0 && step < phase_.steps) note(message, step);
    }
    if (message.step_shift == 0)
      sent_bytes_ += message.share * static_cast<double>(turn_ * (copies - 1));
    for (const Hop& hop : route_.hops) {
      window_->add(hop, message.share);
      // What lands in a window at an end is added there.
      const std::int64_t links = in_window(hop.link_class), at = hop.index / links - 1;
      for (const std::int64_t copy : {std::int64_t{1}, std::int64_t{2}, windows_ - 3, windows_ - 2})
        if (!repeated(copy + at))
          single_.add({hop.link_class, hop.index + (copy - 1) * links, hop.share}, message.share);
    }
  }
}

std::vector<LinkLoad> LinkSums::loads() {
  std::vector<LinkLoad> loads;
  std::vector<std::int64_t> left;  // windows without a link of their own, by link
  if (window_) left.assign(window_->bytes.size(), windows_ - 4);
  for (std::size_t i = 0; i < single_.bytes.size(); ++i) {
    const FoldedLinks::Link link = single_.links.used()[i];
    double bytes = single_.bytes[i];
    if (window_ && repeated(link.index / in_window(link.link_class))) {
      const auto number = static_cast<std::size_t>(
          window_->links.number({link.link_class, link.index, 1}));
      if (number < left.size()) {
        bytes += window_->bytes[number];
        --left[number];
      }
    }
    loads.push_back({link.link_class, link.index, link.alike, bytes});
  }
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] == 0) continue;
    const FoldedLinks::Link link = window_->links.used()[i];
    // Links that the single one of this index stands for.
    const std::int64_t alike = single_.links.alike(link.link_class);
    loads.push_back({link.link_class, link.index + 2 * in_window(link.link_class), left[i] * alike,
                     window_->bytes[i]});
  }
  return loads;
}

}  // namespace headroom::network
