// Rings (Patarasuk and Yuan 2009; Thakur, Rabenseifner, Gropp 2005, section 4): in each of n - 1
// steps every rank passes one n-th of the payload on to the next, adding what it has in a
// reduce-scatter; an all-reduce is a reduce-scatter and an all-gather. A broadcast passes the whole
// payload along the ring in chunks. The bidirectional ring sends half of the payload either way.
#include <algorithm>

#include "models/network/algorithm.h"
#include "models/network/algorithms/ring_order.h"

namespace headroom::network {
namespace {

class Ring : public Algorithm {
 public:
  explicit Ring(bool both_ways) : both_ways_(both_ways) {}

  [[nodiscard]] std::string_view name() const override {
    return both_ways_ ? "bidirectional_ring" : "ring";
  }

  [[nodiscard]] std::string complaint(Collective operation, const Team& team) const override {
    if (operation == Collective::send || operation == Collective::all_to_all)
      return "passes data on to every rank";
    return both_ways_ && team.ranks < 3 ? "needs three ranks or more" : "";
  }

  [[nodiscard]] std::vector<Phase> phases(Collective operation, const Team& team) const override {
    Phase phase;
    phase.steps = steps(operation, team);
    phase.coupling = Phase::Coupling::around;
    phase.shift = team.members;
    phase.ring = team.ranks;
    if (operation == Collective::broadcast) {
      phase.coupling = Phase::Coupling::pipelined;
      phase.shift = 0;
    }
    return {phase};
  }

  void messages(Collective operation, const Team& team, std::int64_t step, std::int64_t rank,
                std::vector<Message>& out) const override {
    const std::int64_t channels = all_channels(team);
    for (std::int64_t c = 0; c < channels; ++c) {
      const RingOrder order = order_of(team, c);
      const std::int64_t place = order.place_of(rank);
      Message message;
      message.to = order.rank_at(place + 1);
      message.channel = static_cast<std::int32_t>(c);
      message.key = c;
      message.share = 1 / static_cast<double>(channels * team.ranks);
      if (operation == Collective::broadcast) {
        // From rank 0 on; its predecessor is the last.
        const std::int64_t from_root = (place - order.place_of(0) + team.ranks) % team.ranks;
        if (from_root != step) continue;
        message.share = 1 / static_cast<double>(channels);
      } else {
        message.reduce = reduces(operation, team, step);
        message.key2 = message.reduce ? order.rank_at(place - step - 1)
                                      : order.rank_at(place - step % (team.ranks - 1));
      }
      out.push_back(message);
    }
  }

  void all_messages(Collective operation, const Team& team, std::int64_t rank,
                    std::vector<Message>& out) const override {
    if (operation != Collective::broadcast)
      return Algorithm::all_messages(operation, team, rank, out);
    for (std::int64_t c = 0; c < all_channels(team); ++c) {
      const RingOrder order = order_of(team, c);
      const std::int64_t step = (order.place_of(rank) - order.place_of(0) + team.ranks) %
                                team.ranks;
      if (step == team.ranks - 1) continue;
      Message message;
      message.to = order.rank_at(order.place_of(rank) + 1);
      message.channel = static_cast<std::int32_t>(c);
      message.key = c;
      message.share = 1 / static_cast<double>(all_channels(team));
      message.step = step;
      message.step_shift = order.backwards() ? -1 : 1;
      out.push_back(message);
    }
  }

  [[nodiscard]] bool moves_along(
      Collective, const Team&, std::int64_t, std::int64_t) const override {
    return true;
  }

  [[nodiscard]] std::int64_t units(Collective operation, const Team& team) const override {
    return operation == Collective::broadcast
               ? all_channels(team)
               : all_channels(team) * team.ranks;
  }

  void units_of(Collective operation, const Team& team, std::int64_t, std::int64_t,
                const Message& message, std::vector<std::int64_t>& out) const override {
    out.push_back(
        operation == Collective::broadcast
            ? message.key
            : message.key2 * all_channels(team) + message.key);
  }

  [[nodiscard]] std::int64_t owner(
      Collective operation, const Team& team, std::int64_t unit) const override {
    return operation == Collective::broadcast ? 0 : unit / all_channels(team);
  }

 private:
  static std::int64_t steps(Collective operation, const Team& team) {
    return (operation == Collective::all_reduce ? 2 : 1) * (team.ranks - 1);
  }
  static bool reduces(Collective operation, const Team& team, std::int64_t step) {
    return operation == Collective::reduce_scatter ||
           (operation == Collective::all_reduce && step < team.ranks - 1);
  }
  [[nodiscard]] std::int64_t all_channels(const Team& team) const {
    return (both_ways_ ? 2 : 1) * ring_channels(team);
  }
  static RingOrder order_of(const Team& team, std::int64_t channel) {
    const std::int64_t channels = ring_channels(team);
    return {team, channel % channels, channel >= channels};
  }

  bool both_ways_;
};

}  // namespace

std::unique_ptr<Algorithm> make_ring_algorithm() { return std::make_unique<Ring>(false); }
std::unique_ptr<Algorithm> make_bidirectional_ring() { return std::make_unique<Ring>(true); }

}  // namespace headroom::network
