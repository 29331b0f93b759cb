// A collective algorithm: who sends what to whom in which step. One description serves three
// readers: the costs (bytes on links and steps on the critical path), the event-driven simulation,
// and the functional run that moves real numbers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/network/collective.h"
#include "models/network/team.h"

namespace headroom::network {

// One rank's message in one step.
struct Message {
  enum class Via : std::uint8_t {
    route,         // to rank `to`
    to_switch,     // into the switch of the node
    from_switch,   // out of it
    to_network,    // into the tree of switches outside of nodes
    from_network,  // out of it
  };
  std::int64_t to = 0;
  double share = 0;          // of the payload
  std::int32_t channel = 0;  // messages of one channel wait for one another, others do not
  bool reduce = false;       // the receiver adds it to what it has
  Via via = Via::route;
  std::int64_t key = 0, key2 = 0;  // the algorithm's own: which units it carries
  std::int64_t step = 0;           // set by all_messages()
  std::int64_t step_shift = 0;     // what `step` gains from one rank to the next that moves along
};

// Steps whose traffic is the same, up to which data it carries.
struct Phase {
  enum class Coupling : std::uint8_t {
    around,      // a ring: data pays every hop around it once, not the slowest hop each time
    lockstep,    // each step waits for the slowest message of the one before
    concurrent,  // steps of different channels use different links at once
    pipelined,   // chunks flow through all steps at once
  };
  std::int64_t first = 0, steps = 0;
  Coupling coupling = Coupling::lockstep;
  // All ranks may be renumbered by this shift without changing the traffic; 0: no shift does.
  std::int64_t shift = 0;
  // Renumbering is r xor shift instead of r + shift.
  bool exclusive_or = false;
  std::int64_t ring = 0;  // of `around`: ranks of the ring
  // Stages that different chunks of the payload may occupy at the same time (hierarchical).
  int stage = 0;
};

class Algorithm {
 public:
  Algorithm() = default;
  Algorithm(const Algorithm&) = delete;
  Algorithm& operator=(const Algorithm&) = delete;
  virtual ~Algorithm() = default;

  [[nodiscard]] virtual std::string_view name() const = 0;
  // Why it does not fit this operation and group; "" where it fits.
  [[nodiscard]] virtual std::string complaint(Collective operation, const Team& team) const = 0;
  [[nodiscard]] virtual std::vector<Phase> phases(Collective operation, const Team& team) const = 0;
  // Appends what `rank` sends in `step`.
  virtual void messages(Collective operation, const Team& team, std::int64_t step,
                        std::int64_t rank, std::vector<Message>& out) const = 0;
  // Appends what `rank` sends in all steps. The same as messages() for every step, perhaps faster.
  virtual void all_messages(
      Collective operation, const Team& team, std::int64_t rank, std::vector<Message>& out) const;
  // The payload of a rank is cut into this many units, shard by shard where ranks own shards.
  [[nodiscard]] virtual std::int64_t units(Collective operation, const Team& team) const = 0;
  // Appends the units that a message of `rank` carries.
  virtual void units_of(
      Collective operation, const Team& team, std::int64_t step, std::int64_t rank,
      const Message& message, std::vector<std::int64_t>& out) const = 0;
  // The rank that owns a unit: holds it before an all-gather, after a reduce-scatter.
  [[nodiscard]] virtual std::int64_t owner(
      Collective operation, const Team& team, std::int64_t unit) const = 0;
  // The ranks of every node may be renumbered by one (r to r + 1 within `members`, all nodes
  // alike) without changing the traffic.
  [[nodiscard]] virtual bool turns_with_nodes(Collective, const Team&) const { return false; }
  // Whether `rank` sends the same as all ranks of which this is true and that are a multiple of
  // 2 * reach nodes away, moved along with it (at the ends of the group it need not be so), and to
  // places less than `reach` nodes away. `reach` is a power of two.
  [[nodiscard]] virtual bool moves_along(
      Collective, const Team&, std::int64_t /*rank*/, std::int64_t /*reach*/) const {
    return false;
  }
  // Of algorithms on tori: a shift in any dimension maps the traffic onto itself.
  [[nodiscard]] virtual bool one_rank_stands_for_all(const Team&) const { return false; }
};

// All algorithms, in the order in which equal times are decided.
[[nodiscard]] const std::vector<std::unique_ptr<Algorithm>>& algorithms();
// The one of that name; nullptr where there is none.
[[nodiscard]] const Algorithm* find_algorithm(std::string_view name);
[[nodiscard]] std::vector<std::string> algorithm_names();
// Those that fit.
[[nodiscard]] std::vector<std::string> fitting(Collective operation, const Team& team);

// One file of algorithms/ each.
[[nodiscard]] std::unique_ptr<Algorithm> make_ring_algorithm();
[[nodiscard]] std::unique_ptr<Algorithm> make_bidirectional_ring();
[[nodiscard]] std::unique_ptr<Algorithm> make_halving_doubling();
[[nodiscard]] std::unique_ptr<Algorithm> make_double_binary_tree();
[[nodiscard]] std::unique_ptr<Algorithm> make_torus_algorithm();
[[nodiscard]] std::unique_ptr<Algorithm> make_hierarchical();
[[nodiscard]] std::unique_ptr<Algorithm> make_in_network();
[[nodiscard]] std::unique_ptr<Algorithm> make_direct();

}  // namespace headroom::network
