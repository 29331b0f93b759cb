// Every rank sends straight to those that need its data, all at once: all-to-all (uniform, or with
// rank 0 receiving `skew` times what the others do), all-gather and reduce-scatter of small groups,
// and send, where each rank passes its whole payload to the next.
#include "models/network/algorithm.h"

namespace headroom::network {
namespace {

class Direct : public Algorithm {
 public:
  [[nodiscard]] std::string_view name() const override { return "direct"; }

  [[nodiscard]] std::string complaint(Collective operation, const Team&) const override {
    return operation == Collective::send || operation == Collective::all_to_all
               ? ""
               : "sends and exchanges only";
  }

  [[nodiscard]] std::vector<Phase> phases(Collective, const Team& team) const override {
    Phase phase;
    phase.steps = 1;
    phase.shift = team.skew == 1 ? 1 : 0;
    return {phase};
  }

  void messages(Collective operation, const Team& team, std::int64_t, std::int64_t rank,
                std::vector<Message>& out) const override {
    Message message;
    if (operation == Collective::send) {
      message.to = (rank + 1) % team.ranks;
      message.share = 1;
      out.push_back(message);
      return;
    }
    const double unit = 1 / (static_cast<double>(team.ranks - 1) + team.skew);
    for (std::int64_t distance = 1; distance < team.ranks; ++distance) {
      message.to = (rank + distance) % team.ranks;
      message.share = unit * (message.to == 0 ? team.skew : 1);
      message.channel = static_cast<std::int32_t>(distance);
      out.push_back(message);
    }
  }

  [[nodiscard]] std::int64_t units(Collective, const Team& team) const override {
    return team.ranks * team.ranks;
  }
  void units_of(Collective operation, const Team& team, std::int64_t, std::int64_t rank,
                const Message& message, std::vector<std::int64_t>& out) const override {
    if (operation == Collective::all_to_all) {
      out.push_back(rank * team.ranks + message.to);
      return;
    }
    for (std::int64_t i = 0; i < team.ranks; ++i) out.push_back(rank * team.ranks + i);
  }
  [[nodiscard]] std::int64_t owner(Collective, const Team& team, std::int64_t unit) const override {
    return unit / team.ranks;
  }
};

}  // namespace

std::unique_ptr<Algorithm> make_direct() { return std::make_unique<Direct>(); }

}  // namespace headroom::network
