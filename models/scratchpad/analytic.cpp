#include "models/scratchpad/analytic.h"

#include <cmath>
#include <string>

#include "models/scratchpad/contention.h"
#include "models/scratchpad/strides.h"

namespace headroom::scratchpad {
namespace {

// Where a request of random or hot-bank traffic falls.
std::vector<Share> shares_of(const Parameters& parameters, const Traffic& traffic) {
  const double hot = traffic.pattern == Pattern::hot_bank ? traffic.hot_percent / 100.0 : 0;
  const double cold = (1 - hot) / parameters.banks;
  const double writes = parameters.one_read_one_write ? traffic.write_percent / 100.0 : 0;
  std::vector<Share> banks{{cold, parameters.banks}};
  if (hot > 0) banks = {{hot + cold, 1}, {cold, parameters.banks - 1}};
  std::vector<Share> shares;
  for (const double kind : {writes, 1 - writes})
    for (const auto& [share, count] : banks)
      if (kind * share > 0 && count > 0) shares.push_back({kind * share, count});
  return shares;
}

bool reads_and_writes(const Traffic& traffic) {
  return traffic.write_percent > 0 && traffic.write_percent < 100;
}

void refuse(const Parameters& parameters, const Traffic& traffic) {
  if (parameters.outstanding_reads <= parameters.read_latency)
    throw UnavailableFidelity(
        "scratchpad analytic needs",
        std::to_string(parameters.read_latency + 1) + " outstanding reads at read latency " +
            std::to_string(parameters.read_latency),
        std::to_string(parameters.outstanding_reads));
  if (traffic.pattern != Pattern::strided || traffic.lockstep || parameters.ports == 1) return;
  const char* const needed = "low_order banks of one port, or ports in lock-step, for strides";
  if (parameters.interleave == Interleave::xor_hashed)
    throw UnavailableFidelity("scratchpad analytic needs", needed, "xor_hashed");
  if (parameters.one_read_one_write && reads_and_writes(traffic))
    throw UnavailableFidelity(
        "scratchpad analytic needs", needed, "reads and writes mixed over 1R1W banks");
}

Expectation expect_random(const Parameters& parameters, const Traffic& traffic) {
  const std::vector<Share> shares = shares_of(parameters, traffic);
  const double ports = parameters.ports;
  Expectation e;
  if (traffic.lockstep) {
    e.slowdown = expected_most(shares, parameters.ports);
    const double meetings = ports * (ports - 1) / 2 * meeting_probability(shares);
    e.conflict_probability = meetings / (ports + meetings);
  } else {
    e.slowdown = ports / steady_rate(shares, parameters.ports);
    e.conflict_probability = 1 - 1 / e.slowdown;
  }
  e.requests_per_cycle = ports / e.slowdown;
  e.cycles = static_cast<double>(traffic.requests) * e.slowdown;
  e.exact = (parameters.ports == 1 || shares.front().share == 1) && !reads_and_writes(traffic);
  return e;
}

Expectation expect_strided(const Parameters& parameters, const Traffic& traffic) {
  const double ports = parameters.ports;
  Expectation e;
  if (traffic.lockstep) {
    const Vectors vectors = count_vectors(parameters, traffic);
    e.cycles = vectors.cycles;
    e.slowdown = vectors.cycles / static_cast<double>(traffic.requests);
    e.requests_per_cycle = ports / e.slowdown;
    e.conflict_probability = vectors.refused /
                             (vectors.refused + ports * static_cast<double>(traffic.requests));
    e.exact = !reads_and_writes(traffic);
  } else {
    const Walk walk = walk_of(parameters, traffic);
    e.cycles = static_cast<double>(traffic.requests + walk.delay);
    e.slowdown = walk.slowdown;
    e.requests_per_cycle = walk.rate;
    e.conflict_probability = 1 - walk.rate / ports;
    e.exact = !reads_and_writes(traffic) &&
              (parameters.arbitration == Arbitration::age || walk.slowdown <= 1);
  }
  return e;
}

}  // namespace

Expectation expect(const Parameters& parameters, const Traffic& traffic) {
  check(parameters);
  check(traffic);
  refuse(parameters, traffic);
  Expectation e = traffic.pattern == Pattern::strided
                      ? expect_strided(parameters, traffic)
                      : expect_random(parameters, traffic);
  if (traffic.write_percent < 100) e.cycles += parameters.read_latency;
  return e;
}

AnalyticScratchpad::AnalyticScratchpad(const Parameters& parameters) : Scratchpad(parameters) {
  check(parameters);
}

Cycles AnalyticScratchpad::cycles(const Traffic& traffic) {
  return static_cast<Cycles>(std::llround(expect(parameters(), traffic).cycles));
}

}  // namespace headroom::scratchpad
