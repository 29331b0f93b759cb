// Double binary tree (Sanders, Speck, Traeff 2009) over the nodes of the group, with a chain inside
// each node, as NCCL builds it: channel c reduces along the chain to local rank c, up the tree over
// the network ports c, down again and back along the chain. Data flows through all steps in chunks:
// 2 (members - 1) steps inside and 2 log2(nodes) outside. Where there are no nodes the tree joins
// the ranks themselves.
#include <cassert>

#include "models/network/algorithm.h"
#include "models/network/algorithms/binary_tree.h"

namespace headroom::network {
namespace {

class DoubleBinaryTree : public Algorithm {
 public:
  [[nodiscard]] std::string_view name() const override { return "double_binary_tree"; }

  [[nodiscard]] std::string complaint(Collective operation, const Team&) const override {
    return operation == Collective::all_reduce || operation == Collective::broadcast
               ? ""
               : "reduces to all or broadcasts only";
  }

  [[nodiscard]] std::vector<Phase> phases(Collective operation, const Team& team) const override {
    Phase phase;
    phase.steps = Steps(operation, team).all;
    phase.coupling = Phase::Coupling::pipelined;
    return {phase};
  }

  void messages(Collective operation, const Team& team, std::int64_t step, std::int64_t rank,
                std::vector<Message>& out) const override {
    std::vector<Message> all;
    all_messages(operation, team, rank, all);
    for (const Message& message : all)
      if (message.step == step) out.push_back(message);
  }

  void all_messages(Collective operation, const Team& team, std::int64_t rank,
                    std::vector<Message>& out) const override {
    const Steps steps(operation, team);
    const std::int64_t node = rank / team.members, at = rank % team.members;
    for (std::int64_t c = 0; c < 2 * team.members; ++c) {
      const BinaryTree tree(team.nodes(), c / team.members);
      Message message;
      message.channel = static_cast<std::int32_t>(c);
      message.key = c;
      message.share = 1 / static_cast<double>(2 * team.members);
      const auto send = [&](std::int64_t step, std::int64_t to_node, std::int64_t to_local) {
        message.step = step;
        message.to = to_node * team.members + to_local % team.members;
        out.push_back(message);
      };
      const std::int64_t head = c % team.members;
      // Ranks along the chain from here to its head.
      const std::int64_t distance = (at - head + team.members) % team.members;
      message.reduce = true;
      if (steps.broadcast) {
        message.reduce = false;
        if (rank == 0 && (tree.root() != 0 || head != 0)) send(0, tree.root(), head);
      } else if (distance > 0) {
        send(steps.chain - distance, node, head + distance - 1);
      } else if (const std::int64_t parent = tree.parent(node); parent >= 0) {
        send(steps.chain + tree.height(node), parent, head);
      }
      message.reduce = false;
      if (distance == 0)
        for (const std::int64_t child : tree.children(node))
          send(steps.down + steps.levels - 1 - tree.height(child), child, head);
      if (distance < steps.chain)
        send(steps.down + steps.levels + distance, node, head + distance + 1);
    }
  }

  // A broadcast starts at one rank.
  [[nodiscard]] bool turns_with_nodes(Collective operation, const Team&) const override {
    return operation != Collective::broadcast;
  }

  [[nodiscard]] bool moves_along(
      Collective, const Team& team, std::int64_t rank, std::int64_t reach) const override {
    return trees_move_along(team, rank, reach);
  }

  [[nodiscard]] std::int64_t units(Collective, const Team& team) const override {
    return 2 * team.members;
  }
  void units_of(Collective, const Team&, std::int64_t, std::int64_t, const Message& message,
                std::vector<std::int64_t>& out) const override {
    out.push_back(message.key);
  }
  [[nodiscard]] std::int64_t owner(Collective, const Team&, std::int64_t) const override {
    return 0;
  }

 private:
  struct Steps {
    Steps(Collective operation, const Team& team)
        : chain(team.members - 1), levels(BinaryTree(team.nodes(), 0).levels()) {
      broadcast = operation == Collective::broadcast;
      // A broadcast first goes from rank 0 to the roots.
      down = broadcast ? 1 : chain + levels;
      all = down + levels + chain;
    }
    std::int64_t chain, levels, down = 0, all = 0;
    bool broadcast;
  };
};

}  // namespace

std::unique_ptr<Algorithm> make_double_binary_tree() {
  return std::make_unique<DoubleBinaryTree>();
}

}  // namespace headroom::network
