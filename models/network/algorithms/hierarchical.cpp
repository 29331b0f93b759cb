// Inside the node, then across: every local rank reduces its shard inside the node (a ring), the
// ranks of a rail reduce theirs across the nodes, and the shards are gathered inside again. The
// network carries one payload per node and pass, divided over all its ports. Across, recursive
// halving and doubling where the number of nodes is a power of two, else a ring. Chunks of the
// payload may be in different stages at once.
#include "models/network/algorithm.h"

namespace headroom::network {
namespace {

class Hierarchical : public Algorithm {
 public:
  [[nodiscard]] std::string_view name() const override { return "hierarchical"; }

  [[nodiscard]] std::string complaint(Collective operation, const Team& team) const override {
    if (operation != Collective::all_reduce && operation != Collective::reduce_scatter &&
        operation != Collective::all_gather)
      return "gathers and reduces only";
    return team.members < 2 || team.nodes() < 2
               ? "needs several nodes with several ranks of the group each"
               : "";
  }

  [[nodiscard]] std::vector<Phase> phases(Collective operation, const Team& team) const override {
    const std::int64_t inside = team.members - 1;
    std::vector<Phase> phases;
    std::int64_t first = 0;
    int stage = 0;
    const auto ring = [&] {
      Phase phase;
      phase.first = first;
      phase.steps = inside;
      phase.coupling = Phase::Coupling::around;
      phase.shift = 1;
      phase.ring = team.members;
      phase.stage = stage++;
      phases.push_back(phase);
      first += inside;
    };
    const auto across = [&](Collective part) {
      const Team nodes = across_team(team);
      for (Phase phase : across_algorithm(team).phases(part, nodes)) {
        phase.first += first;
        phase.shift *= team.members;
        phase.stage = stage;
        phases.push_back(phase);
      }
      ++stage;
      first += across_steps(part, team);
    };
    if (operation != Collective::all_gather) ring();
    across(operation);
    if (operation != Collective::reduce_scatter) ring();
    return phases;
  }

  void messages(Collective operation, const Team& team, std::int64_t step, std::int64_t rank,
                std::vector<Message>& out) const override {
    const std::int64_t inside = team.members - 1, node = rank / team.members;
    const std::int64_t at = rank % team.members;
    const std::int64_t before = operation == Collective::all_gather ? 0 : inside;
    const std::int64_t across = across_steps(operation, team);
    if (step >= before && step < before + across) {
      const auto first = static_cast<std::ptrdiff_t>(out.size());
      across_algorithm(team).messages(operation, across_team(team), step - before, node, out);
      for (auto m = out.begin() + first; m != out.end(); ++m) {
        m->to = m->to * team.members + at;
        m->share /= static_cast<double>(team.members);
      }
      return;
    }
    Message message;
    message.reduce = step < before;
    message.to = node * team.members + (at + 1) % team.members;
    message.share = 1 / static_cast<double>(team.members);
    const std::int64_t back = message.reduce ? step + 1 : step - before - across;
    message.key = (at - back + 2 * team.members) % team.members;  // the shard's local rank
    out.push_back(message);
  }

  // Unit (node, local rank): the shard of a rank.
  [[nodiscard]] std::int64_t units(Collective, const Team& team) const override {
    return team.ranks;
  }
  [[nodiscard]] std::int64_t owner(Collective, const Team&, std::int64_t unit) const override {
    return unit;
  }
  void units_of(Collective operation, const Team& team, std::int64_t step, std::int64_t rank,
                const Message& message, std::vector<std::int64_t>& out) const override {
    const std::int64_t before = operation == Collective::all_gather ? 0 : team.members - 1;
    if (step >= before && step < before + across_steps(operation, team)) {
      std::vector<std::int64_t> nodes;
      across_algorithm(team).units_of(
          operation, across_team(team), step - before, rank / team.members, message, nodes);
      for (const std::int64_t node : nodes)
        out.push_back(node * team.members + rank % team.members);
      return;
    }
    for (std::int64_t node = 0; node < team.nodes(); ++node)
      out.push_back(node * team.members + message.key);
  }

 private:
  // The ranks of one rail.
  static Team across_team(const Team& team) {
    Team across;
    across.ranks = team.nodes();
    across.stride = team.stride * team.members;
    return across;
  }
  static const Algorithm& across_algorithm(const Team& team) {
    const bool power = (team.nodes() & (team.nodes() - 1)) == 0;
    return *find_algorithm(power ? "halving_doubling" : "ring");
  }
  static std::int64_t across_steps(Collective operation, const Team& team) {
    std::int64_t steps = 0;
    for (const Phase& phase : across_algorithm(team).phases(operation, across_team(team)))
      steps += phase.steps;
    return steps;
  }
};

}  // namespace

std::unique_ptr<Algorithm> make_hierarchical() { return std::make_unique<Hierarchical>(); }

}  // namespace headroom::network
