// Reduction inside switches (Graham and others 2016, SHARP; NVLink SHARP): the switch adds what all
// ports send and multicasts what one sends. In a node, every rank sends its payload into the switch
// once, rank r receives the sum of shard r, sends it in again and all receive it: S + S/members
// each way instead of the ring's 2 S (members - 1)/members. Across nodes the sums of the shards go
// into the tree of network switches where those reduce too (SHARP), else over a double binary tree
// of the nodes (NCCL's NVLS tree). All steps are pipelined.
#include "models/network/algorithm.h"
#include "models/network/algorithms/binary_tree.h"

namespace headroom::network {
namespace {

class InNetwork : public Algorithm {
 public:
  [[nodiscard]] std::string_view name() const override { return "in_network"; }

  [[nodiscard]] std::string complaint(Collective operation, const Team& team) const override {
    if (operation == Collective::send || operation == Collective::all_to_all)
      return "reduces and multicasts only";
    if (team.members > 1 && !team.node_reduces) return "needs a node switch that reduces";
    if (team.members == 1 && !team.network_reduces) return "needs switches that reduce";
    if (team.nodes() > 1 && operation != Collective::all_reduce) return "across nodes reduces only";
    return "";
  }

  [[nodiscard]] std::vector<Phase> phases(Collective operation, const Team& team) const override {
    Phase phase;
    phase.steps = Steps(operation, team).all;
    phase.coupling = Phase::Coupling::pipelined;
    phase.shift = team.nodes() == 1 || team.network_reduces ? 1 : 0;
    if (operation == Collective::broadcast) phase.shift = 0;
    return {phase};
  }

  void messages(Collective operation, const Team& team, std::int64_t step, std::int64_t rank,
                std::vector<Message>& out) const override {
    const Steps steps(operation, team);
    Message message;
    const double part = 1 / static_cast<double>(team.members);
    message.key = -1;  // all units
    if (step < steps.into) {
      message.reduce = true;
      message.via = step == 0 ? Message::Via::to_switch : Message::Via::from_switch;
      message.share = step == 0 ? 1 : part;
      if (step > 0) message.key = rank % team.members;
      message.to = rank;
      out.push_back(message);
    } else if (step < steps.into + steps.across) {
      across(team, steps, step - steps.into, rank, out);
    } else {
      multicast(operation, team, step - steps.into - steps.across, rank, out);
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

  // Units (local rank, tree): the shard of a local rank, half of it for either tree.
  [[nodiscard]] std::int64_t units(Collective, const Team& team) const override {
    return 2 * team.members;
  }
  [[nodiscard]] std::int64_t owner(
      Collective operation, const Team&, std::int64_t unit) const override {
    return operation == Collective::broadcast ? 0 : unit / 2;
  }
  void units_of(Collective, const Team& team, std::int64_t, std::int64_t, const Message& message,
                std::vector<std::int64_t>& out) const override {
    for (std::int64_t unit = 0; unit < 2 * team.members; ++unit) {
      const bool of_rank = message.key < 0 || unit / 2 == message.key;
      const bool of_tree = message.key2 == 0 || unit % 2 == message.key2 - 1;
      if (of_rank && of_tree) out.push_back(unit);
    }
  }

 private:
  // Into the node's switch and out of it, across, and back.
  struct Steps {
    Steps(Collective operation, const Team& team) : tree(BinaryTree(team.nodes(), 0).levels()) {
      if (team.members > 1 && operation != Collective::all_gather &&
          operation != Collective::broadcast)
        into = 2;
      if (team.nodes() > 1) across = team.network_reduces ? 2 : 2 * tree;
      if (team.members > 1 && operation != Collective::reduce_scatter) back = 2;
      all = into + across + back;
    }
    std::int64_t tree, into = 0, across = 0, back = 0, all = 0;
  };

  static void across(const Team& team, const Steps& steps, std::int64_t step, std::int64_t rank,
                     std::vector<Message>& out) {
    Message message;
    message.key = rank % team.members;
    message.share = 1 / static_cast<double>(team.members);
    message.to = rank;
    if (team.network_reduces) {
      message.via = step == 0 ? Message::Via::to_network : Message::Via::from_network;
      message.reduce = step == 0;
      out.push_back(message);
      return;
    }
    const std::int64_t node = rank / team.members;
    for (std::int64_t which = 0; which < 2; ++which) {
      const BinaryTree tree(team.nodes(), which);
      message.key2 = which + 1;
      message.channel = static_cast<std::int32_t>(which);
      message.share = 0.5 / static_cast<double>(team.members);
      message.reduce = step < steps.tree;
      if (message.reduce) {
        if (tree.height(node) != step || tree.parent(node) < 0) continue;
        message.to = tree.parent(node) * team.members + rank % team.members;
        out.push_back(message);
        continue;
      }
      for (const std::int64_t child : tree.children(node)) {
        if (tree.height(child) != 2 * steps.tree - 1 - step) continue;
        message.to = child * team.members + rank % team.members;
        out.push_back(message);
      }
    }
  }

  static void multicast(Collective operation, const Team& team, std::int64_t step,
                        std::int64_t rank, std::vector<Message>& out) {
    Message message;
    message.to = rank;
    const double part = 1 / static_cast<double>(team.members);
    const bool broadcast = operation == Collective::broadcast;
    message.key = -1;
    if (step == 0) {
      if (broadcast && rank != 0) return;
      message.via = Message::Via::to_switch;
      message.share = broadcast ? 1 : part;
      if (!broadcast) message.key = rank % team.members;
    } else {
      message.via = Message::Via::from_switch;
      message.share = operation == Collective::all_gather ? 1 - part : 1;
      if (broadcast && rank == 0) return;
    }
    out.push_back(message);
  }
};

}  // namespace

std::unique_ptr<Algorithm> make_in_network() { return std::make_unique<InNetwork>(); }

}  // namespace headroom::network
