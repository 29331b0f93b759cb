// Recursive halving and doubling (Rabenseifner 2004; Thakur, Rabenseifner, Gropp 2005, section 4):
// in step k rank r exchanges with r xor 2^k half of what is left, n / 2^(k+1) units, nearest
// partners first, so that most bytes stay close. log2(n) steps a pass; the number of ranks must be
// a power of two.
#include "models/network/algorithm.h"

namespace headroom::network {
namespace {

class HalvingDoubling : public Algorithm {
 public:
  [[nodiscard]] std::string_view name() const override { return "halving_doubling"; }

  [[nodiscard]] std::string complaint(Collective operation, const Team& team) const override {
    if (operation != Collective::all_reduce && operation != Collective::reduce_scatter &&
        operation != Collective::all_gather)
      return "gathers and reduces only";
    return (team.ranks & (team.ranks - 1)) != 0 ? "needs a power of two of ranks" : "";
  }

  [[nodiscard]] std::vector<Phase> phases(Collective operation, const Team& team) const override {
    std::vector<Phase> phases;
    const std::int64_t steps = all_steps(operation, team);
    for (std::int64_t step = 0; step < steps; ++step) {
      Phase phase;
      phase.first = step;
      phase.steps = 1;
      phase.shift = 1;
      phase.exclusive_or = true;
      phases.push_back(phase);
    }
    return phases;
  }

  void messages(Collective operation, const Team& team, std::int64_t step, std::int64_t rank,
                std::vector<Message>& out) const override {
    const std::int64_t bit = bit_of(operation, team, step);
    Message message;
    message.to = rank ^ bit;
    message.reduce = reduces(operation, team, step);
    message.share = 1 / static_cast<double>(2 * bit);
    // Units whose lower bits are those of the rank that will hold them.
    message.key = (message.reduce ? message.to : rank) & (2 * bit - 1);
    message.key2 = 2 * bit;
    out.push_back(message);
  }

  [[nodiscard]] std::int64_t units(Collective, const Team& team) const override {
    return team.ranks;
  }
  void units_of(Collective, const Team& team, std::int64_t, std::int64_t, const Message& message,
                std::vector<std::int64_t>& out) const override {
    for (std::int64_t unit = message.key; unit < team.ranks; unit += message.key2)
      out.push_back(unit);
  }
  [[nodiscard]] std::int64_t owner(Collective, const Team&, std::int64_t unit) const override {
    return unit;
  }

 private:
  static std::int64_t log2_of(std::int64_t n) {
    std::int64_t log = 0;
    while ((std::int64_t{1} << log) < n) ++log;
    return log;
  }
  static std::int64_t all_steps(Collective operation, const Team& team) {
    return (operation == Collective::all_reduce ? 2 : 1) * log2_of(team.ranks);
  }
  static bool reduces(Collective operation, const Team& team, std::int64_t step) {
    return operation == Collective::reduce_scatter ||
           (operation == Collective::all_reduce && step < log2_of(team.ranks));
  }
  // Gathers run back the way of the reduction.
  static std::int64_t bit_of(Collective operation, const Team& team, std::int64_t step) {
    const std::int64_t
        k = reduces(operation, team, step) ? step : all_steps(operation, team) - 1 - step;
    return std::int64_t{1} << k;
  }
};

}  // namespace

std::unique_ptr<Algorithm> make_halving_doubling() { return std::make_unique<HalvingDoubling>(); }

}  // namespace headroom::network
