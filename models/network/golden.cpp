#include "models/network/golden.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

namespace headroom::network {

namespace {

using Via = Message::Via;
using Held = std::vector<std::vector<bool>>;

class Run {
 public:
  Run(const Algorithm& algorithm, Collective operation, const Team& team,
      std::vector<std::vector<std::int64_t>> data)
      : algorithm_(algorithm), operation_(operation), team_(team), data_(std::move(data)) {
    const auto units = static_cast<std::size_t>(algorithm.units(operation, team));
    held_.assign(data_.size(), std::vector<bool>(units, true));
    const bool all_hold = operation == Collective::all_reduce ||
                          operation == Collective::reduce_scatter;
    for (std::size_t rank = 0; rank < data_.size() && !all_hold; ++rank)
      for (std::size_t unit = 0; unit < units; ++unit)
        held_[rank][unit] = algorithm.owner(operation, team, static_cast<std::int64_t>(unit)) ==
                            static_cast<std::int64_t>(rank);
  }

  std::vector<std::vector<std::int64_t>> run() {
    for (const Phase& phase : algorithm_.phases(operation_, team_))
      for (std::int64_t step = phase.first; step < phase.first + phase.steps; ++step)
        run_step(step);
    return std::move(data_);
  }

 private:
  struct Write {
    std::size_t rank, unit;
    std::int64_t value;
    bool reduce;
  };

  void run_step(std::int64_t step) {
    writes_.clear();
    for (std::int64_t rank = 0; rank < team_.ranks; ++rank) {
      std::vector<Message> messages;
      algorithm_.messages(operation_, team_, step, rank, messages);
      for (const Message& message : messages) carry(step, rank, message);
    }
    for (const Write& w : writes_) {
      std::int64_t& value = data_[w.rank][w.unit];
      value = w.reduce && held_[w.rank][w.unit] ? value + w.value : w.value;
      held_[w.rank][w.unit] = true;
    }
  }

  void carry(std::int64_t step, std::int64_t rank, const Message& message) {
    std::vector<std::int64_t> units;
    algorithm_.units_of(operation_, team_, step, rank, message, units);
    for (const std::int64_t u : units) {
      const auto unit = static_cast<std::size_t>(u), from = static_cast<std::size_t>(rank);
      const bool network = message.via == Via::to_network || message.via == Via::from_network;
      // The switch of the rank's node, or the tree of its rail.
      const std::pair<bool, std::int64_t> place{
          network, network ? rank % team_.members : rank / team_.members};
      auto& sum = switches_[{place, u}];
      if (message.via == Via::from_switch || message.via == Via::from_network) {
        // What a switch added up replaces what the rank put in.
        writes_.push_back({from, unit, sum, false});
        continue;
      }
      if (!held_[from][unit])
        throw std::logic_error(
            "rank " + std::to_string(rank) + " sends unit " + std::to_string(u) + " in step " +
            std::to_string(step) + " and does not hold it");
      if (message.via == Via::route)
        writes_.push_back(
            {static_cast<std::size_t>(message.to), unit, data_[from][unit], message.reduce});
      else
        sum = message.reduce ? sum + data_[from][unit] : data_[from][unit];
    }
  }

  const Algorithm& algorithm_;
  Collective operation_;
  const Team& team_;
  std::vector<std::vector<std::int64_t>> data_;
  Held held_;
  std::map<std::pair<std::pair<bool, std::int64_t>, std::int64_t>, std::int64_t> switches_;
  std::vector<Write> writes_;
};

}  // namespace

std::vector<std::vector<std::int64_t>> move_data(
    const Algorithm& algorithm, Collective operation, const Team& team,
    std::vector<std::vector<std::int64_t>> data) {
  return Run(algorithm, operation, team, std::move(data)).run();
}

}  // namespace headroom::network
