#include "models/network/profile.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "models/network/flow_simulator.h"

namespace headroom::network {

double Profile::seconds_per_byte() const {
  double sum = 0;
  for (const Stage& stage : stages) sum += stage.seconds_per_byte;
  return sum;
}

void find_message_route(const Topology& topology, const Team& team, Endpoint chip,
                        const Message& message, Route& route) {
  using Via = Message::Via;
  if (message.via == Via::route) {
    topology.find_route(chip, team.chip_of(message.to, chip), route);
    return;
  }
  const bool egress = message.via == Via::to_switch || message.via == Via::to_network;
  const bool network = message.via == Via::to_network || message.via == Via::from_network;
  topology.find_switch_route(chip, egress, network, route);
}

namespace {

// Of one phase. Exchanges between all pairs have their own limit: their messages are few a chip.
constexpr std::size_t most_messages = 40'000, most_exchanges = 4'000'000;
constexpr std::int64_t most_without_symmetry = 16384;  // chips

bool power_of_two(std::int64_t n) { return n > 0 && (n & (n - 1)) == 0; }

// Whether a shift of all chips by `shift` maps the traffic of the phase onto itself.
bool maps_onto_itself(const Phase& phase, const Team& team, std::int64_t shift,
                      bool interchangeable) {
  if (shift % team.block() == 0) return true;  // groups onto groups
  if (phase.shift == 0 || !interchangeable) return false;
  if (phase.exclusive_or &&
      !(power_of_two(shift) && power_of_two(team.stride) && power_of_two(team.ranks)))
    return false;
  if (team.stride % shift == 0) return phase.shift == 1;
  return team.block() % shift == 0 && shift % (team.stride * phase.shift) == 0;
}

class Evaluation {
 public:
  Evaluation(const Topology& topology, const Algorithm& algorithm, Collective operation,
             const Team& team, bool use_symmetry)
      : topology_(topology),
        algorithm_(algorithm),
        operation_(operation),
        team_(team),
        use_symmetry_(use_symmetry) {}

  Profile run() {
    const std::vector<Phase> phases = algorithm_.phases(operation_, team_);
    profile_.coupling = phases.front().coupling;
    for (const Phase& phase : phases) {
      if (static_cast<std::size_t>(phase.stage) >= profile_.stages.size())
        profile_.stages.resize(static_cast<std::size_t>(phase.stage) + 1);
      evaluate(phase, profile_.stages[static_cast<std::size_t>(phase.stage)]);
    }
    for (const auto& [link, bytes] : loads_) {
      const auto [link_class, index, period] = link;
      const LinkClass& c = topology_.classes()[static_cast<std::size_t>(link_class)];
      profile_.loads.push_back(
          {link_class, index, std::max<std::int64_t>(1, c.count / period), bytes});
    }
    return std::move(profile_);
  }

 private:
  struct Use {
    Endpoint chip;
    Message message;
  };

  // Chips [0, fold) stand for all; links are folded the same way. 0: one chip of a torus does.
  std::int64_t fold_of(const Phase& phase) const {
    const std::int64_t all = topology_.endpoints();
    if (!use_symmetry_) return all;
    if (team_.torus) return algorithm_.one_rank_stands_for_all(team_) ? 0 : all;
    const std::int64_t period = topology_.period();
    // A last leaf that is not full breaks the symmetry; among very many full ones it is one of
    // many.
    if (all % period != 0 && all <= most_without_symmetry) return all;
    if (maps_onto_itself(phase, team_, period, topology_.interchangeable()))
      return std::min(period, all);
    const std::int64_t hull = std::lcm(period, team_.block());
    return std::min(hull, all);
  }

  std::vector<Endpoint> sources(std::int64_t fold) const {
    std::vector<Endpoint> chips;
    if (fold > 0) {
      // Chips behind the last whole group belong to none.
      const std::int64_t grouped = topology_.endpoints() / team_.block() * team_.block();
      chips.resize(static_cast<std::size_t>(std::min(fold, grouped)));
      std::iota(chips.begin(), chips.end(), 0);
      return chips;
    }
    return {0};
  }

  // Links of one class per fold.
  std::int64_t folded(std::int32_t link_class, std::int64_t fold) const {
    const LinkClass& c = topology_.classes()[static_cast<std::size_t>(link_class)];
    if (fold == 0) return c.per_period;
    if (fold >= topology_.endpoints()) return c.count;
    return std::min(c.count, c.per_period * (fold / topology_.period()));
  }

  void evaluate(const Phase& phase, Stage& stage) {
    using Coupling = Phase::Coupling;
    const bool at_once = phase.coupling == Coupling::concurrent ||
                         phase.coupling == Coupling::pipelined;
    const std::int64_t fold = fold_of(phase);
    const std::vector<Endpoint> chips = sources(fold);
    uses_.clear();
    std::vector<Message> messages;
    for (const Endpoint chip : chips) {
      messages.clear();
      if (at_once)
        algorithm_.all_messages(operation_, team_, team_.rank_of(chip), messages);
      else
        algorithm_.messages(operation_, team_, phase.first, team_.rank_of(chip), messages);
      for (const Message& message : messages)
        if (!at_once || (message.step >= phase.first && message.step < phase.first + phase.steps))
          uses_.push_back({chip, message});
      if (uses_.size() > (algorithm_.name() == "direct" ? most_exchanges : most_messages))
        throw TooLarge("too many messages without symmetry");
    }
    profile_.sources = std::max(profile_.sources, static_cast<std::int64_t>(chips.size()));
    flow(phase, fold, at_once, stage);
    stage.steps += phase.steps;
  }

  // Puts the messages of uses_ on the links.
  void flow(const Phase& phase, std::int64_t fold, bool at_once, Stage& stage) {
    number_links(fold);
    std::vector<double> bytes;  // by link
    std::vector<std::pair<std::vector<LinkUse>, double>> flows;
    std::vector<Crossings> slowest(static_cast<std::size_t>(at_once ? phase.steps : 1));
    Crossings around;
    const double repeats = at_once ? 1 : static_cast<double>(phase.steps);
    Route route;
    for (std::size_t i = 0; i < uses_.size();) {
      // Messages between the same two chips are one flow.
      const Endpoint chip = uses_[i].chip;
      const Message& first = uses_[i].message;
      double share = 0;
      find_message_route(topology_, team_, chip, first, route);
      const Crossings crossed = crossings(route);
      for (; i < uses_.size() && uses_[i].chip == chip && uses_[i].message.to == first.to &&
             uses_[i].message.via == first.via;
           ++i) {
        share += uses_[i].message.share;
        Crossings& step = slowest[static_cast<std::size_t>(
            at_once ? uses_[i].message.step - phase.first : 0)];
        if (slower(crossed, step)) step = crossed;
        add(around, crossed, 1);
      }
      std::vector<LinkUse> links;
      for (const Hop& hop : route.hops) {
        const std::int32_t id = link_id(hop, fold);
        links.push_back({id, hop.share});
        if (bytes.size() <= static_cast<std::size_t>(id))
          bytes.resize(static_cast<std::size_t>(id) + 1);
        bytes[static_cast<std::size_t>(id)] += share * hop.share;
      }
      profile_.sent_bytes += share * repeats;
      flows.emplace_back(std::move(links), share);
    }
    profile_.flows += flows.size();
    bytes.resize(used_.size());
    for (std::size_t id = 0; id < used_.size(); ++id) {
      const auto [link_class, index] = used_[id];
      loads_[{link_class, index, folded(link_class, fold)}] += bytes[id] * repeats;
    }
    count_ports(bytes, repeats);
    if (at_once) {
      // Data passes all steps at the pace of the tightest link.
      double most = 0;
      for (std::size_t i = 0; i < bytes.size(); ++i) most = std::max(most, bytes[i] / rates_[i]);
      stage.seconds_per_byte += most;
      for (const Crossings& step : slowest) add(stage.crossings, step, 1);
      return;
    }
    FlowSimulator simulator(rates_);
    for (const auto& [links, share] : flows) simulator.add(links, share, 0);
    stage.seconds_per_byte += repeats * simulator.run([](std::int32_t) { return ""; });
    if (phase.coupling == Phase::Coupling::around) {
      // All hops, for every pass, less as many in a row as there are passes: the fewest.
      const double ring = static_cast<double>(phase.ring), passes = repeats / (ring - 1);
      add(stage.crossings, around, passes * ring / static_cast<double>(uses_.size()));
      add(stage.crossings, cheapest_in_a_row(phase, passes > 1.5 ? 2 : 1), -1);
    } else {
      add(stage.crossings, slowest.front(), repeats);
    }
  }

  // The cheapest `hops` consecutive hops of the first group's first ring.
  Crossings cheapest_in_a_row(const Phase& phase, int hops) const {
    constexpr std::int64_t far_enough = 1024;  // the ring repeats itself long before
    Crossings previous, cheapest;
    std::int64_t rank = 0;
    std::vector<Message> messages;
    Route route;
    for (std::int64_t i = 0; i <= std::min(phase.ring, far_enough); ++i) {
      messages.clear();
      algorithm_.messages(operation_, team_, phase.first, rank, messages);
      find_message_route(topology_, team_, rank * team_.stride, messages.front(), route);
      const Crossings hop = crossings(route);
      Crossings row = hop;
      if (hops == 2) add(row, previous, 1);
      if (i == hops - 1 || (i >= hops && slower(cheapest, row))) cheapest = row;
      previous = hop;
      rank = messages.front().to;
    }
    return cheapest;
  }

  void count_ports(const std::vector<double>& bytes, double repeats) {
    std::map<std::tuple<Port::Kind, Endpoint, bool>, double> ports;
    for (std::size_t id = 0; id < used_.size(); ++id) {
      const Port port = topology_.port_of(used_[id].first, used_[id].second);
      ports[{port.kind, port.chip, port.egress}] += bytes[id];
    }
    double up = 0, out = 0;
    for (const auto& [port, b] : ports) {
      if (std::get<0>(port) == Port::Kind::scale_up) up = std::max(up, b);
      if (std::get<0>(port) == Port::Kind::network) out = std::max(out, b);
    }
    profile_.scale_up_bytes += up * repeats;
    profile_.network_bytes += out * repeats;
  }

  // Links get numbers when they are first used, in a table of one period.
  void number_links(std::int64_t fold) {
    used_.clear();
    rates_.clear();
    offset_.clear();
    std::int64_t links = 0;
    for (std::size_t c = 0; c < topology_.classes().size(); ++c) {
      offset_.push_back(links);
      links += folded(static_cast<std::int32_t>(c), fold);
    }
    ids_.assign(static_cast<std::size_t>(links), -1);
  }

  std::int32_t link_id(const Hop& hop, std::int64_t fold) {
    const std::int64_t index = hop.index % folded(hop.link_class, fold);
    const auto link_class = static_cast<std::size_t>(hop.link_class);
    std::int32_t& id = ids_[static_cast<std::size_t>(offset_[link_class] + index)];
    if (id < 0) {
      id = static_cast<std::int32_t>(used_.size());
      used_.emplace_back(hop.link_class, index);
      rates_.push_back(topology_.classes()[link_class].bandwidth.si());
    }
    return id;
  }

  static Crossings crossings(const Route& route) {
    return {
        static_cast<double>(route.scale_out > 0 ? 0 : route.scale_up),
        static_cast<double>(route.scale_out), static_cast<double>(std::max(0, route.switches - 1))};
  }
  static bool slower(const Crossings& a, const Crossings& b) {
    return std::tie(a.network, a.switches, a.scale_up) >
           std::tie(b.network, b.switches, b.scale_up);
  }
  static void add(Crossings& sum, const Crossings& more, double times) {
    sum.scale_up += times * more.scale_up;
    sum.network += times * more.network;
    sum.switches += times * more.switches;
  }

  const Topology& topology_;
  const Algorithm& algorithm_;
  Collective operation_;
  const Team& team_;
  bool use_symmetry_;
  Profile profile_;
  std::vector<Use> uses_;
  std::vector<std::int64_t> offset_;                         // of a class in ids_
  std::vector<std::int32_t> ids_;                            // number of a link, or -1
  std::vector<std::pair<std::int32_t, std::int64_t>> used_;  // class and index, by number
  std::vector<double> rates_;
  std::map<std::tuple<std::int32_t, std::int64_t, std::int64_t>, double> loads_;
};

}  // namespace

Profile profile(const Topology& topology, const Algorithm& algorithm, Collective operation,
                const Team& team, bool use_symmetry) {
  return Evaluation(topology, algorithm, operation, team, use_symmetry).run();
}

}  // namespace headroom::network
