// Rates of concurrent flows over a network, max-min fair (progressive filling; Bertsekas and
// Gallager, Data Networks, 6.5.2): all rates rise together; where a link is full, the flows that
// cross it keep their rate and the others rise on. A flow may cross a link with a share of itself
// only (it is spread over several links there).
#pragma once

#include <cstdint>
#include <vector>

namespace headroom::network {

struct LinkUse {
  std::int32_t link = 0;
  double share = 1;  // of the flow's bytes that cross the link
};

class MaxMin {
 public:
  // capacity: bytes per second of each link, > 0.
  explicit MaxMin(std::vector<double> capacity);

  // A new flow without a rate yet, counted from 0. `count` equal flows are one: its rate is that of
  // each of them. A flow without a link is unlimited.
  std::int32_t add(const std::vector<LinkUse>& uses, double count = 1);
  // Starts to compete, or stops.
  void activate(std::int32_t flow);
  void finish(std::int32_t flow);
  // Settles the rates again after changes: only those of flows that share a link, directly or over
  // others, with one that started or stopped. Returns them.
  const std::vector<std::int32_t>& settle();

  [[nodiscard]] double rate(std::int32_t flow) const { return flows_[index(flow)].rate; }
  [[nodiscard]] const std::vector<LinkUse>& uses() const { return uses_; }

 private:
  struct Flow {
    std::int64_t first = 0;
    std::int32_t links = 0;
    bool active = false;
    double count = 1, rate = 0;
    std::uint64_t seen = 0;  // visit that found it
  };
  struct Link {
    double capacity = 0, left = 0, weight = 0;
    std::vector<std::int32_t> flows;  // also some that have finished, until the next settle()
    std::uint64_t seen = 0;
    std::uint32_t version = 0;
    bool dirty = false;
  };
  static std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }
  void mark(std::int32_t flow);
  void collect();
  void fill();

  std::vector<LinkUse> uses_;
  std::vector<Flow> flows_;
  std::vector<Link> links_;
  std::vector<std::int32_t> dirty_, touched_links_, touched_flows_;
  std::uint64_t visit_ = 0;
};

}  // namespace headroom::network
