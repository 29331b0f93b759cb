#include "models/network/simulate.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "models/network/flow_simulator.h"

namespace headroom::network {

namespace {

constexpr std::int64_t most_transfers = 4'000'000;

class Schedule {
 public:
  Schedule(const Topology& topology, const Algorithm& algorithm, Collective operation,
           const Team& team, const StepTimes& latency, int chunks)
      : topology_(topology),
        algorithm_(algorithm),
        operation_(operation),
        team_(team),
        latency_(latency),
        chunks_(chunks) {}

  Simulation run(Bytes payload) {
    collect();
    if (static_cast<std::int64_t>(transfers_.size()) * chunks_ > most_transfers)
      throw TooLarge("more than 4 million transfers to simulate one by one");
    FlowSimulator simulator(rates_);
    for (int chunk = 0; chunk < chunks_; ++chunk) add_chunk(simulator, payload.si() / chunks_);
    const std::int64_t count = static_cast<std::int64_t>(transfers_.size());
    Simulation result;
    result.time = Seconds(simulator.run([this, count](std::int32_t id) {
      return name(transfers_[static_cast<std::size_t>(id % count)]);
    }));
    result.events = simulator.events();
    result.transfers = static_cast<std::uint64_t>(count * chunks_);
    for (std::size_t id = 0; id < used_.size(); ++id)
      result.loads.push_back(
          {used_[id].link_class, used_[id].index, 1, simulator.link_bytes()[id]});
    std::sort(result.loads.begin(), result.loads.end(), [](const LinkLoad& a, const LinkLoad& b) {
      return std::tie(a.link_class, a.index) < std::tie(b.link_class, b.index);
    });
    return result;
  }

 private:
  struct Transfer {
    Endpoint from = 0, to = 0;
    Message message;
    std::vector<LinkUse> uses;
    double latency = 0;
    std::vector<std::int32_t> needs;     // transfers whose arrival it waits for
    std::vector<std::int32_t> previous;  // that must have left before
  };
  using Slot = std::tuple<Endpoint, std::int32_t>;  // chip and channel

  void collect() {
    const Endpoint chips = topology_.endpoints() / team_.block() * team_.block();
    std::vector<Message> messages;
    for (Endpoint chip = 0; chip < chips; ++chip) {
      messages.clear();
      algorithm_.all_messages(operation_, team_, team_.rank_of(chip), messages);
      for (const Message& message : messages) add(chip, message);
      if (static_cast<std::int64_t>(transfers_.size()) > most_transfers)
        throw TooLarge("more than 4 million transfers to simulate one by one");
    }
    std::stable_sort(transfers_.begin(), transfers_.end(), [](const auto& a, const auto& b) {
      return a.message.step < b.message.step;
    });
    link_steps();
  }

  void add(Endpoint chip, const Message& message) {
    Transfer transfer;
    transfer.from = chip;
    transfer.to = message.via == Message::Via::route ? team_.chip_of(message.to, chip) : chip;
    transfer.message = message;
    Route route;
    find_message_route(topology_, team_, chip, message, route);
    for (const Hop& hop : route.hops) {
      transfer.uses.push_back({link_id(hop), hop.share});
    }
    transfer.latency = route.scale_out > 0
                           ? (latency_.network * route.scale_out +
                              latency_.per_switch * std::max(0, route.switches - 1))
                                 .si()
                           : latency_.scale_up.si() * route.scale_up;
    transfers_.push_back(std::move(transfer));
  }

  std::int32_t link_id(const Hop& hop) {
    if (offset_.empty()) {
      std::int64_t links = 0;
      for (const LinkClass& c : topology_.classes()) {
        offset_.push_back(links);
        links += c.count;
      }
      ids_.assign(static_cast<std::size_t>(links), -1);
    }
    const auto link_class = static_cast<std::size_t>(hop.link_class);
    std::int32_t& id = ids_[static_cast<std::size_t>(offset_[link_class] + hop.index)];
    if (id < 0) {
      id = static_cast<std::int32_t>(used_.size());
      used_.push_back(hop);
      rates_.push_back(topology_.classes()[link_class].bandwidth.si());
    }
    return id;
  }

  // What each transfer waits for, in the order of steps.
  void link_steps() {
    using Lists = std::map<Slot, std::vector<std::int32_t>>;
    Lists received, sent, received_now, sent_now;  // by chip and channel; `now`: in this step
    const auto lookup = [](const Lists& lists, const Slot& slot) {
      const auto found = lists.find(slot);
      return found == lists.end() ? std::vector<std::int32_t>{} : found->second;
    };
    std::int64_t step = -1;
    for (std::size_t i = 0; i < transfers_.size(); ++i) {
      Transfer& t = transfers_[i];
      if (t.message.step != step) {
        for (auto& [slot, list] : received_now) received[slot] = std::move(list);
        for (auto& [slot, list] : sent_now) sent[slot] = std::move(list);
        received_now.clear();
        sent_now.clear();
        step = t.message.step;
      }
      using Via = Message::Via;
      const Slot sender{t.from, t.message.channel};
      t.needs = lookup(received, {key_of(t.from, t.message.via), t.message.channel});
      t.previous = lookup(sent, sender);
      sent_now[sender].push_back(static_cast<std::int32_t>(i));
      const bool into = t.message.via == Via::to_switch || t.message.via == Via::to_network;
      const Endpoint to = into ? switch_of(t.from, t.message.via) : t.to;
      received_now[{to, t.message.channel}].push_back(static_cast<std::int32_t>(i));
    }
  }

  // Switches have negative numbers: those of nodes odd ones, those of rails even ones.
  Endpoint switch_of(Endpoint chip, Message::Via via) const {
    const bool network = via == Message::Via::to_network || via == Message::Via::from_network;
    const std::int64_t group = chip / team_.block() * team_.stride + chip % team_.stride;
    const std::int64_t rank = team_.rank_of(chip);
    const std::int64_t place = network ? rank % team_.members : rank / team_.members;
    return -2 * (group * team_.ranks + place) - (network ? 2 : 1);
  }
  Endpoint key_of(Endpoint chip, Message::Via via) const {
    const bool out_of = via == Message::Via::from_switch || via == Message::Via::from_network;
    return out_of ? switch_of(chip, via) : chip;
  }

  void add_chunk(FlowSimulator& simulator, double payload) {
    const auto count = static_cast<std::int32_t>(transfers_.size());
    const auto base = static_cast<std::int32_t>(added_);
    for (const Transfer& t : transfers_)
      simulator.add(t.uses, payload * t.message.share, t.latency);
    for (std::int32_t i = 0; i < count; ++i) {
      const Transfer& t = transfers_[static_cast<std::size_t>(i)];
      for (const std::int32_t need : t.needs) simulator.after_arrival(base + i, base + need);
      // Pipelined steps of a chip run side by side; each passes one chunk after another.
      if (chunks_ == 1)
        for (const std::int32_t before : t.previous) simulator.after_sent(base + i, base + before);
      if (base > 0) simulator.after_sent(base + i, base + i - count);
    }
    added_ += static_cast<std::size_t>(count);
  }

  static std::string name(const Transfer& t) {
    return "chip " + std::to_string(t.from) + "'s message to chip " + std::to_string(t.to) +
           " in step " + std::to_string(t.message.step);
  }

  const Topology& topology_;
  const Algorithm& algorithm_;
  Collective operation_;
  const Team& team_;
  StepTimes latency_;
  int chunks_;
  std::vector<Transfer> transfers_;
  std::vector<std::int64_t> offset_;  // of a class in ids_
  std::vector<std::int32_t> ids_;     // number of a link, or -1
  std::vector<Hop> used_;             // by number
  std::vector<double> rates_;
  std::size_t added_ = 0;
};

}  // namespace

Simulation simulate(const Topology& topology, const Algorithm& algorithm, Collective operation,
                    const Team& team, Bytes payload, const StepTimes& latency, int chunks) {
  return Schedule(topology, algorithm, operation, team, latency, chunks).run(payload);
}

}  // namespace headroom::network
