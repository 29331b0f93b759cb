#include "models/network/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>

#include "models/network/flow_simulator.h"
#include "models/network/folded_links.h"
#include "models/network/link_sums.h"

namespace headroom::network {

double Profile::seconds_per_byte() const {
  double sum = 0;
  for (const Stage& stage : stages) sum += stage.seconds_per_byte;
  return sum;
}

Crossings crossings_of(const Route& route) {
  return {
      static_cast<double>(route.scale_out > 0 ? 0 : route.scale_up),
      static_cast<double>(route.scale_out), static_cast<double>(std::max(0, route.switches - 1))};
}
bool slower(const Crossings& a, const Crossings& b) {
  return std::tie(a.network, a.switches, a.scale_up) > std::tie(b.network, b.switches, b.scale_up);
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

// Of one phase. Rates of concurrent messages are settled one by one; exchanges between all pairs
// have a limit of their own, because their messages are few a chip.
constexpr std::size_t most_messages = 40'000, most_exchanges = 4'000'000;
constexpr std::int64_t most_without_symmetry = 16384;  // chips
// Loads of more links than this are listed by what they carry.
constexpr std::size_t most_listed = 1024;

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

void add(Crossings& sum, const Crossings& more, double times) {
  sum.scale_up += times * more.scale_up;
  sum.network += times * more.network;
  sum.switches += times * more.switches;
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
      Stage& stage = profile_.stages[static_cast<std::size_t>(phase.stage)];
      stage.steps += phase.steps;
      if (phase.coupling == Phase::Coupling::concurrent ||
          phase.coupling == Phase::Coupling::pipelined)
        add_up(phase, stage);
      else
        share(phase, stage);
    }
    list_loads();
    return std::move(profile_);
  }

 private:
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

  // One rank of a node in so many stands for the others.
  std::int64_t turn_of() const {
    const bool turns = use_symmetry_ && team_.stride == 1 && topology_.turning_block() > 0 &&
                       topology_.turning_block() % team_.members == 0 &&
                       algorithm_.turns_with_nodes(operation_, team_);
    return turns ? team_.members : 1;
  }

  // Chips [0, fold) that belong to a group: those behind the last whole one belong to none.
  std::int64_t grouped(std::int64_t fold) const {
    return std::min(fold, topology_.endpoints() / team_.block() * team_.block());
  }

  std::vector<Endpoint> sources(std::int64_t fold, std::int64_t turn) const {
    if (fold == 0) return {0};
    std::vector<Endpoint> chips;
    for (Endpoint chip = 0; chip < grouped(fold); chip += turn) chips.push_back(chip);
    return chips;
  }

  // A phase all of whose messages are under way at once: data passes all steps at the pace of the
  // tightest link.
  void add_up(const Phase& phase, Stage& stage) {
    const std::int64_t fold = fold_of(phase), turn = turn_of();
    const std::int64_t chips = grouped(fold), all = fold == 0 ? 1 : (chips + turn - 1) / turn;
    LinkSums sums(topology_, algorithm_, operation_, team_, phase, fold, turn);
    const bool may = use_symmetry_ && !team_.torus && topology_.interchangeable() &&
                     chips == team_.block();
    const std::int64_t windowed = may ? sums.windowed_sources(chips) : 0;
    if (windowed > 0 && windowed < all)
      sums.add_by_windows(chips);
    else
      sums.add_all(sources(fold, turn));
    const std::vector<LinkLoad> loads = sums.loads();
    finish(loads, 1, all);
    profile_.sent_bytes += sums.sent_bytes();
    profile_.flows += sums.flows();
    double most = 0;
    for (const LinkLoad& load : loads) most = std::max(most, load.bytes_per_byte / bandwidth(load));
    stage.seconds_per_byte += most;
    for (const Crossings& step : sums.slowest()) add(stage.crossings, step, 1);
  }

  // A phase of steps that wait for one another: each lasts until the last of its messages, which
  // share the links, has ended.
  void share(const Phase& phase, Stage& stage) {
    const std::int64_t fold = fold_of(phase);
    const std::vector<Endpoint> chips = sources(fold, 1);
    FoldedLinks links(topology_, fold, 1);
    std::vector<double> bytes;  // by link
    std::vector<std::pair<std::vector<LinkUse>, double>> flows;
    Crossings slowest, around;
    std::vector<Message> messages;
    Route route;
    std::size_t count = 0;
    const double repeats = static_cast<double>(phase.steps);
    for (const Endpoint chip : chips) {
      messages.clear();
      algorithm_.messages(operation_, team_, phase.first, team_.rank_of(chip), messages);
      count += messages.size();
      // In an exchange all send as much as the first.
      const bool exchange = algorithm_.name() == "direct";
      refuse_above(exchange ? most_exchanges : most_messages,
                   exchange ? messages.size() * chips.size() : count);
      for (std::size_t i = 0; i < messages.size();) {
        // Messages between the same two chips are one flow.
        const Message& first = messages[i];
        double share = 0;
        find_message_route(topology_, team_, chip, first, route);
        const Crossings crossed = crossings_of(route);
        if (slower(crossed, slowest)) slowest = crossed;
        for (; i < messages.size() && messages[i].to == first.to && messages[i].via == first.via;
             ++i) {
          share += messages[i].share;
          add(around, crossed, 1);
        }
        flows.emplace_back(put(route, share, links, bytes), share);
        profile_.sent_bytes += share * repeats;
      }
    }
    profile_.flows += flows.size();
    std::vector<LinkLoad> loads;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const FoldedLinks::Link& link = links.used()[i];
      loads.push_back({link.link_class, link.index, link.alike, bytes[i]});
    }
    finish(loads, repeats, static_cast<std::int64_t>(chips.size()));
    FlowSimulator simulator(links.rates());
    for (const auto& [uses, share] : flows) simulator.add(uses, share, 0);
    stage.seconds_per_byte += repeats * simulator.run([](std::int32_t) { return ""; });
    if (phase.coupling == Phase::Coupling::around) {
      // All hops, for every pass, less as many in a row as there are passes: the fewest.
      const double ring = static_cast<double>(phase.ring), passes = repeats / (ring - 1);
      add(stage.crossings, around, passes * ring / static_cast<double>(count));
      add(stage.crossings, cheapest_in_a_row(phase, passes > 1.5 ? 2 : 1), -1);
    } else {
      add(stage.crossings, slowest, repeats);
    }
  }

  void refuse_above(std::size_t most, std::size_t flows) const {
    if (flows > most)
      throw TooLarge(fmt::format(
          "{} has {} flows or more at once here, and at most {} are settled", algorithm_.name(),
          flows, most));
  }

  // Puts a message on the links of its route.
  static std::vector<LinkUse> put(
      const Route& route, double share, FoldedLinks& links, std::vector<double>& bytes) {
    std::vector<LinkUse> uses;
    for (const Hop& hop : route.hops) {
      const std::int32_t number = links.number(hop);
      uses.push_back({number, hop.share});
      bytes.resize(links.used().size());
      bytes[static_cast<std::size_t>(number)] += share * hop.share * links.together(hop.link_class);
    }
    return uses;
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
      const Crossings hop = crossings_of(route);
      Crossings row = hop;
      if (hops == 2) add(row, previous, 1);
      if (i == hops - 1 || (i >= hops && slower(cheapest, row))) cheapest = row;
      previous = hop;
      rank = messages.front().to;
    }
    return cheapest;
  }

  double bandwidth(const LinkLoad& load) const {
    return topology_.classes()[static_cast<std::size_t>(load.link_class)].bandwidth.si();
  }

  // What links and ports carried in a phase.
  void finish(const std::vector<LinkLoad>& loads, double repeats, std::int64_t sources) {
    profile_.sources = std::max(profile_.sources, sources);
    std::vector<std::pair<std::tuple<Port::Kind, Endpoint, bool>, double>> ports;
    for (LinkLoad load : loads) {
      const Port port = topology_.port_of(load.link_class, load.index);
      if (port.kind != Port::Kind::none)
        ports.push_back({{port.kind, port.chip, port.egress}, load.bytes_per_byte});
      load.bytes_per_byte *= repeats;
      profile_.loads.push_back(load);
    }
    std::stable_sort(ports.begin(), ports.end(), [](const auto& a, const auto& b) {
      return a.first < b.first;
    });
    double up = 0, out = 0, sum = 0;
    for (std::size_t i = 0; i < ports.size(); ++i) {
      sum = i > 0 && ports[i].first == ports[i - 1].first ? sum + ports[i].second : ports[i].second;
      double& most = std::get<0>(ports[i].first) == Port::Kind::scale_up ? up : out;
      most = std::max(most, sum);
    }
    profile_.scale_up_bytes += up * repeats;
    profile_.network_bytes += out * repeats;
  }

  // What one link carries in several phases is one load; of very many links those of a class that
  // carry the same are one.
  void list_loads() {
    std::vector<LinkLoad>& loads = profile_.loads;
    const auto merge = [&loads](const auto& same, const auto& into) {
      std::size_t kept = 0;
      for (std::size_t i = 1; i < loads.size(); ++i) {
        if (same(loads[kept], loads[i]))
          into(loads[kept], loads[i]);
        else
          loads[++kept] = loads[i];
      }
      if (!loads.empty()) loads.resize(kept + 1);
    };
    const auto sort = [&loads](const auto& key) {
      std::stable_sort(loads.begin(), loads.end(), [&key](const LinkLoad& a, const LinkLoad& b) {
        return key(a) < key(b);
      });
    };
    const auto link = [](const LinkLoad& l) { return std::tuple(l.link_class, l.index, l.alike); };
    sort(link);
    merge([&](const LinkLoad& a, const LinkLoad& b) { return link(a) == link(b); },
          [](LinkLoad& a, const LinkLoad& b) { a.bytes_per_byte += b.bytes_per_byte; });
    if (loads.size() <= most_listed) return;
    sort([](const LinkLoad& l) { return std::tuple(l.link_class, l.bytes_per_byte); });
    merge(
        [](const LinkLoad& a, const LinkLoad& b) {
          return a.link_class == b.link_class &&
                 b.bytes_per_byte <= a.bytes_per_byte * (1 + rounding);
        },
        [](LinkLoad& a, const LinkLoad& b) {
          a.alike += b.alike;
          a.index = std::min(a.index, b.index);
        });
    sort(link);
  }
  static constexpr double rounding = 1e-9;

  const Topology& topology_;
  const Algorithm& algorithm_;
  Collective operation_;
  const Team& team_;
  bool use_symmetry_;
  Profile profile_;
};

}  // namespace

Profile profile(const Topology& topology, const Algorithm& algorithm, Collective operation,
                const Team& team, bool use_symmetry) {
  return Evaluation(topology, algorithm, operation, team, use_symmetry).run();
}

}  // namespace headroom::network
