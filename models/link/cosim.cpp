#include "models/link/cosim.h"

#include <algorithm>
#include <chrono>

#include "models/base/random.h"
#include "models/base/unavailable_fidelity.h"
#include "models/link/analytic.h"
#include "models/link/core.h"

namespace headroom::link::cosim {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

RtlPins::Variant variant_of(int flit_bits) {
  for (const RtlPins::Variant& variant : RtlPins::built())
    if (variant.flit_bits == flit_bits) return variant;
  Parameters wanted;
  wanted.flit_bits = flit_bits;
  return rtl_variant(wanted);  // says what was built
}

void compare(Outcome& outcome) {
  for (std::size_t i = 0; i < outcome.expected.size(); ++i) {
    if (!(outcome.rtl.flits[i] == outcome.expected[i]) && outcome.value_mismatches++ == 0)
      outcome.first_wrong = i;
    const Cycles a = outcome.rtl.deliveries[i], b = outcome.deliveries[i];
    if (a != b && !outcome.first_late) outcome.first_late = i;
    outcome.cycle_error = std::max(outcome.cycle_error, a > b ? a - b : b - a);
  }
}

}  // namespace

Case draw(const Options& options, std::uint64_t number) {
  const RtlPins::Variant variant = variant_of(options.flit_bits);
  const std::uint64_t seed = mix(mix(options.seed) + number);
  const auto pick = [seed](std::uint64_t salt, std::int64_t most) {
    return static_cast<std::int64_t>(mix(seed + salt) % static_cast<std::uint64_t>(most)) + 1;
  };
  Case one;
  Parameters& link = one.parameters;
  link.flit_bits = variant.flit_bits;
  link.max_payload = static_cast<int>(pick(0, variant.max_payload));
  link.replay_packets = static_cast<int>(pick(1, variant.replay_packets));
  link.buffer_flits = link.max_payload - 1 +
                      static_cast<int>(pick(2, variant.buffer_flits - link.max_payload + 1));
  link.forward_delay = static_cast<Cycles>(pick(3, 4) == 1 ? pick(4, 60) : pick(4, 8));
  link.backward_delay = static_cast<Cycles>(pick(5, 4) == 1 ? pick(6, 60) : pick(6, 8));
  link.control_spacing = static_cast<Cycles>(pick(7, 2) == 1 ? 1 : pick(8, 20));
  const Cycles trip = link.round_trip(link.max_payload) + link.control_spacing;
  link.timeout = trip + static_cast<Cycles>(pick(9, 3 * static_cast<std::int64_t>(trip)));
  link.control_refresh = static_cast<Cycles>(pick(10, 400));
  one.traffic.seed = seed;
  for (std::int64_t i = pick(11, 20); i > 0; --i)
    one.traffic.message_flits.push_back(
        pick(100 + static_cast<std::uint64_t>(i), 3 * std::int64_t{link.max_payload} + 1));
  if (options.stalls == StallKind::random) {
    const auto side = [&](std::uint64_t salt) {
      return Stalls{seed + salt, 25 * static_cast<unsigned>(pick(salt, 4) - 1),
                    static_cast<Cycles>(pick(salt + 1, 12))};
    };
    one.stalls = {side(30), side(40)};
  } else if (options.stalls == StallKind::shut) {
    one.stalls.sink.shut_percent = 100;
  }
  if (options.bit_errors) {
    // One case in four: a single packet to replay, the shortest timeout and frequent words
    // backward. Where one of them is lost, the packet is sent again, and the next arrives while it
    // is.
    if (pick(12, 4) == 1) {
      link.replay_packets = 1;
      link.timeout = trip + 1;
      link.control_refresh = static_cast<Cycles>(pick(13, static_cast<std::int64_t>(trip)));
    }
    // A full packet is hit once in 2 to once in 1000 times.
    constexpr std::array<double, 4> hits{0.001, 0.01, 0.1, 0.5};
    one.bit_error_rate = hits[static_cast<std::size_t>(pick(50, 4) - 1)] /
                         packet_bits(link, link.max_payload);
    one.errors = WireErrors(seed, one.bit_error_rate, link.flit_bits);
  }
  return one;
}

Outcome run(const Case& one) {
  Outcome outcome;
  auto start = std::chrono::steady_clock::now();
  Core core(one.parameters, one.traffic, one.stalls, one.errors);
  while (!core.done()) core.advance();
  outcome.cycle_seconds = seconds_since(start);
  outcome.cycle_cycles = core.cycles();
  outcome.deliveries = core.deliveries();
  outcome.packets = core.transmitter().packets_sent();
  outcome.resent = core.transmitter().packets_resent();
  outcome.lost = core.receiver().packets_lost();

  start = std::chrono::steady_clock::now();
  outcome.rtl = run_rtl(one.parameters, one.traffic, one.stalls, one.errors);
  outcome.rtl_seconds = seconds_since(start);
  outcome.expected = golden::arrivals(one.parameters, one.traffic);
  outcome.analytic_cycles = analytic_cycles(one.parameters, one.traffic, one.bit_error_rate);
  compare(outcome);
  return outcome;
}

}  // namespace headroom::link::cosim
