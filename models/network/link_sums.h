// Bytes on links in a phase all of whose messages are under way at once: they only add up.
//
// Where most ranks send the same as the ranks a window further on, moved along (trees: those low in
// both; chains: all), one window stands for the others. What is left is added up message by
// message: ranks high in a tree, and the first and the last window. With windows as long as the
// square root of the group, so is the time.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/network/folded_links.h"
#include "models/network/profile.h"

namespace headroom::network {

class LinkSums {
 public:
  // Chips [0, fold) stand for all (0: one chip of a torus does), and of them one in `turn`.
  LinkSums(const Topology& topology, const Algorithm& algorithm, Collective operation,
           const Team& team, const Phase& phase, std::int64_t fold, std::int64_t turn);

  // `sources`: the chips in [0, fold) that send, one in `turn`. Throws TooLarge.
  void add_all(const std::vector<Endpoint>& sources);
  // The same, of one group on chips [0, chips).
  void add_by_windows(std::int64_t chips);
  // Chips that add_by_windows() looks at; 0 where it does not apply.
  [[nodiscard]] std::int64_t windowed_sources(std::int64_t chips);

  [[nodiscard]] std::vector<LinkLoad> loads();
  // By step of the phase.
  [[nodiscard]] const std::vector<Crossings>& slowest() const { return slowest_; }
  [[nodiscard]] double sent_bytes() const { return sent_bytes_; }
  [[nodiscard]] std::uint64_t flows() const { return flows_; }

 private:
  struct Sum {
    FoldedLinks links;
    std::vector<double> bytes;  // by link
    void add(const Hop& hop, double share);
  };

  void find_messages(Endpoint chip);
  void add_chip(Endpoint chip);
  void add_window_chip(Endpoint chip);
  void note(const Message& message, std::int64_t step);
  [[nodiscard]] bool lands_near(Endpoint chip);
  // Links of a class in a window.
  [[nodiscard]] std::int64_t in_window(std::int32_t link_class) const;
  [[nodiscard]] bool repeated(std::int64_t window) const {
    return window >= 2 && window <= windows_ - 3;
  }

  const Topology& topology_;
  const Algorithm& algorithm_;
  Collective operation_;
  const Team& team_;
  const Phase& phase_;
  std::int64_t turn_;
  Sum single_;
  std::optional<Sum> window_;
  // Chips of a window, windows of the group, ranks that messages of a window may pass.
  std::int64_t width_ = 0, windows_ = 0, reach_ = 0;
  std::vector<Crossings> slowest_;
  double sent_bytes_ = 0;
  std::uint64_t flows_ = 0;
  std::vector<Message> messages_;
  Route route_;
};

}  // namespace headroom::network
