#include "sim/config/power_use.h"

#include <fmt/format.h>

#include "models/power/distributions.h"

namespace headroom::config {
namespace {

struct Cap {
  std::string of;
  Watts cap;
  double chips;    // that share it
  double pue = 1;  // what of it goes to cooling and conversion
};

std::string watts(Watts power) { return fmt::format("{:g} W", power.si()); }

Kind<std::string> distribution() {
  std::vector<std::pair<std::string, std::string>> words;
  for (const std::string_view name : power::distributions) words.emplace_back(name, name);
  return word<std::string>(std::move(words));
}

void check_divisors(const PowerUse& use, std::int64_t node_size, const Node& given) {
  for (const char* key : {"node_cap", "node_overhead"})
    if (given[key].exists() && node_size == 0)
      given[key].fail("a value", "none: chips of this cluster are in no nodes");
  if (use.rack_cap > Watts(0) && use.rack_chips == 0)
    given["rack_cap"].fail(watts(use.rack_cap), "rack_chips beside it");
}

// What is left of it for a chip.
Watts share_of(const Cap& cap, Watts overhead, const Node& at) {
  const Watts each = cap.cap / (cap.pue * cap.chips);
  const Watts beside = cap.of == "chip" ? Watts(0) : overhead;
  if (each <= beside)
    at.fail(
        fmt::format("{}, {:.0f} W for each of {:g} chips", watts(cap.cap), each.si(), cap.chips),
        fmt::format("more than the {:.0f} W that node_overhead takes for each", beside.si()));
  return each - beside;
}

}  // namespace

const Record<PowerUse>& power_use_record() {
  using P = PowerUse;
  static const auto cap = quantity<Watts>(not_negative);
  static const auto record =
      Record<P>("what chips may draw, and the clock that follows")
          .optional("clock", &P::clock, word_of<ClockChoice>(clock_choice_names), "usual",
                    "measured: of large products at the chip's own cap; governed: highest "
                    "at which the step's power keeps the cap; usual: measured, unless a "
                    "cap below the chip's own binds")
          .optional("data", &P::data, distribution(), "normal",
                    "what products multiply, of headroom gemm --data")
          .optional("chip_cap", &P::chip_cap, cap, "0 W", "of a chip; 0: its power_cap")
          .optional("node_cap", &P::node_cap, cap, "0 W", "of a node with node_overhead; 0: none")
          .optional("node_overhead", &P::node_overhead, cap, "0 W",
                    "host, network adapters and fans of a node")
          .optional("rack_cap", &P::rack_cap, cap, "0 W",
                    "of a rack of rack_chips with their nodes' overhead; 0: none")
          .optional("rack_chips", &P::rack_chips, integer<std::int64_t>(0), "0", "chips of a rack")
          .optional("site_cap", &P::site_cap, cap, "0 W",
                    "of all chips and nodes, cooling and conversion; 0: none")
          .optional(
              "pue", &P::pue, number({1, 10}), "1", "power of the site over that of its nodes");
  return record;
}

void find_cap(Experiment& experiment, const Node& given) {
  PowerUse& use = experiment.power;
  const ClusterDescription& cluster = experiment.cluster;
  use.cap = experiment.chip.power_cap;
  check_divisors(use, cluster.node_size, given);
  const Watts overhead = use.overhead_per_chip(cluster.node_size);
  const Cap caps[] = {
      {"chip", use.chip_cap, 1},
      {"node", use.node_cap, static_cast<double>(cluster.node_size)},
      {"rack", use.rack_cap, static_cast<double>(use.rack_chips)},
      {"site", use.site_cap, static_cast<double>(cluster.chips), use.pue}};
  for (const Cap& cap : caps) {
    if (cap.cap == Watts(0)) continue;
    const Node at = given[cap.of + "_cap"];
    const Watts left = share_of(cap, overhead, at);
    if (left >= use.cap) continue;
    use.cap = left, use.cap_of = cap.of, use.cap_at = at.position();
  }
}

}  // namespace headroom::config
