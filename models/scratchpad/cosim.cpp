#include "models/scratchpad/cosim.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>

#include "models/scratchpad/analytic.h"
#include "models/scratchpad/core.h"

namespace headroom::scratchpad::cosim {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Those that stall, one of each port; they live as long as the deque.
std::vector<const Edge*> random_edges(
    std::deque<RandomEdge>& owner, const Case& one, std::uint64_t salt, unsigned shut_percent) {
  std::vector<const Edge*> edges;
  for (int p = 0; p < one.parameters.ports; ++p) {
    const auto port = static_cast<std::uint64_t>(p);
    edges.push_back(
        &owner.emplace_back(mix(one.traffic.seed + salt) + port, shut_percent, one.span));
  }
  return edges;
}

void compare_cycles(
    const std::vector<std::vector<Cycles>>& rtl, const std::vector<std::vector<Cycles>>& cycle,
    Outcome& outcome, std::optional<Difference>& first) {
  for (std::size_t p = 0; p < rtl.size(); ++p)
    for (std::size_t i = 0; i < rtl[p].size(); ++i) {
      const Cycles a = rtl[p][i];
      const Cycles b = cycle[p][i];
      if (a == b) continue;
      ++outcome.cycle_mismatches;
      outcome.cycle_error = std::max(outcome.cycle_error, a > b ? a - b : b - a);
      if (!first || a < first->rtl) first = Difference{p, i, a, b, {}, {}};
    }
}

void compare_values(const Case& one, Outcome& outcome) {
  const auto expected = golden::replay(
      one.parameters, outcome.requests, outcome.rtl.timeline.granted, one.traffic.seed);
  std::optional<Difference>& first = outcome.first_wrong_word;
  for (std::size_t p = 0; p < expected.size(); ++p)
    for (std::size_t i = 0; i < expected[p].size(); ++i) {
      if (outcome.rtl.values[p][i] == expected[p][i]) continue;
      ++outcome.value_mismatches;
      const Cycles when = outcome.rtl.timeline.responded[p][i];
      if (!first || when < first->rtl)
        first = Difference{p, i, when, when, outcome.rtl.values[p][i], expected[p][i]};
    }
}

std::optional<Expectation> analytic(const Case& one) {
  Parameters parameters = one.parameters;
  parameters.outstanding_reads = std::max(
      parameters.outstanding_reads, parameters.read_latency + 1);
  try {
    return expect(parameters, one.traffic);
  } catch (const UnavailableFidelity&) {
    return std::nullopt;
  }
}

void compare_analytic(const Case& one, Outcome& outcome) {
  const std::optional<Expectation> expected = analytic(one);
  if (!expected) return;
  const auto cycles = static_cast<Cycles>(std::llround(expected->cycles));
  outcome.analytic_cycles = cycles;
  const bool stalls = one.request_shut_percent > 0 || one.response_shut_percent > 0 ||
                      one.parameters.outstanding_reads <= one.parameters.read_latency;
  if (!expected->exact || stalls) return;
  const Cycles rtl = outcome.rtl.cycles;
  outcome.analytic_compared = true;
  if (cycles == rtl) return;
  ++outcome.cycle_mismatches;
  outcome.cycle_error = std::max(outcome.cycle_error, cycles > rtl ? cycles - rtl : rtl - cycles);
}

}  // namespace

Case draw(const Options& options, std::uint64_t number) {
  const std::uint64_t seed = mix(mix(options.seed) + number);
  const auto pick = [seed](std::uint64_t salt, std::int64_t most) {
    return static_cast<std::int64_t>(mix(seed + salt) % static_cast<std::uint64_t>(most)) + 1;
  };
  Case one{options.parameters, {}, 0, 0, 1};
  Parameters& parameters = one.parameters;
  parameters.interleave = static_cast<Interleave>(pick(0, 2) - 1);
  parameters.one_read_one_write = pick(1, 2) == 1;
  Traffic& traffic = one.traffic;
  traffic.pattern = options.pattern;
  traffic.requests = pick(2, 200);
  // Half of the strides and offsets are powers of two.
  const auto step = [&](std::uint64_t salt) {
    return pick(salt, 2) == 1 ? std::int64_t{1} << (pick(salt + 1, 8) - 1)
                              : pick(salt + 2, 2 * parameters.words() + 1) - parameters.words() - 1;
  };
  traffic.stride = step(3);
  traffic.offset = step(6);
  traffic.hot_percent = static_cast<int>(pick(9, 101) - 1);
  const std::int64_t kind = pick(10, 4);
  traffic.write_percent = kind == 1 ? 0 : kind == 2 ? 100 : static_cast<int>(pick(11, 99));
  traffic.lockstep = pick(12, 3) == 1;
  traffic.seed = seed;
  if (!options.stalls) return one;
  parameters.outstanding_reads = static_cast<int>(pick(13, parameters.outstanding_reads));
  one.request_shut_percent = 25 * static_cast<unsigned>(pick(14, 4) - 1);
  one.response_shut_percent = 25 * static_cast<unsigned>(pick(15, 4) - 1);
  one.span = static_cast<Cycles>(pick(16, 12));
  return one;
}

Outcome run(const Case& one) {
  std::deque<RandomEdge> owner;
  const Edges edges{random_edges(owner, one, 1, one.request_shut_percent),
                    random_edges(owner, one, 2, one.response_shut_percent)};
  Outcome outcome;
  outcome.requests = requests_of(one.parameters, one.traffic);

  auto start = std::chrono::steady_clock::now();
  outcome.rtl = run_rtl(
      one.parameters, outcome.requests, edges, one.traffic.lockstep, one.traffic.seed);
  outcome.rtl_seconds = seconds_since(start);
  compare_values(one, outcome);

  start = std::chrono::steady_clock::now();
  Timeline timeline;
  Core core(one.parameters, outcome.requests, edges, one.traffic.lockstep, &timeline);
  while (!core.done()) core.advance();
  outcome.cycle_cycles = core.cycles();
  outcome.cycle_seconds = seconds_since(start);
  compare_cycles(
      outcome.rtl.timeline.granted, timeline.granted, outcome, outcome.first_wrong_grant);
  compare_cycles(
      outcome.rtl.timeline.responded, timeline.responded, outcome, outcome.first_wrong_response);
  compare_analytic(one, outcome);
  return outcome;
}

}  // namespace headroom::scratchpad::cosim
