#include "models/matrix_engine/cosim.h"

#include <algorithm>
#include <chrono>

#include "models/base/random.h"
#include "models/matrix_engine/analytic.h"
#include "models/matrix_engine/core.h"

namespace headroom::matrix_engine::cosim {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::uint64_t distance(Cycles a, Cycles b) { return a > b ? a - b : b - a; }

}  // namespace

Case draw(const Options& options, std::uint64_t number) {
  const std::uint64_t seed = mix(mix(options.seed) + number);
  const auto pick = [seed](std::uint64_t salt, std::int64_t most) {
    return static_cast<std::int64_t>(mix(seed + salt) % static_cast<std::uint64_t>(most)) + 1;
  };
  Case one{options.array, {}, {}, seed, {0, 0, 0}, 1};
  ArrayParameters& array = one.array;
  array.double_buffered = pick(0, 4) > 1;
  array.accumulator_rows = pick(1, 2) == 1 ? static_cast<int>(pick(2, 2 * array.rows))
                                           : rtl_accumulator_rows;
  const std::int64_t block = traits(array.format).block;
  std::int64_t deepest = 4 * std::int64_t{array.rows} * array.dot_length;
  if (pick(3, 4) == 1) deepest = std::max(deepest, 2 * block + array.dot_length);
  const std::int64_t widest = 4 * std::int64_t{std::max(array.rows, array.columns)};
  one.product = {pick(4, widest), pick(5, widest), pick(6, deepest)};
  one.values = static_cast<golden::Values>(pick(7, 3) - 1);
  if (!options.stalls) return one;
  for (unsigned& percent : one.shut_percent)
    percent = 25 * static_cast<unsigned>(
                       pick(8 + static_cast<std::uint64_t>(&percent - one.shut_percent), 3) - 1);
  one.span = static_cast<Cycles>(pick(11, 12));
  return one;
}

Outcome run(const Case& one, bool stalls) {
  const RandomEdge weights(one.seed + 1, one.shut_percent[0], one.span);
  const RandomEdge activations(one.seed + 2, one.shut_percent[1], one.span);
  const RandomEdge output(one.seed + 3, one.shut_percent[2], one.span);
  const Edges edges = stalls ? Edges{weights, activations, output} : open_edges();
  Outcome outcome;
  outcome.operands = golden::random_operands(one.array.format, one.product, one.seed, one.values);

  auto start = std::chrono::steady_clock::now();
  outcome.rtl = run_rtl(one.array, outcome.operands, edges, one.seed);
  outcome.rtl_seconds = seconds_since(start);
  outcome.expected = golden::multiply(one.array, outcome.operands);
  for (std::size_t i = 0; i < outcome.expected.size(); ++i)
    if (outcome.rtl.values[i] != outcome.expected[i]) {
      if (outcome.value_mismatches++ == 0) outcome.first_wrong = i;
    }

  start = std::chrono::steady_clock::now();
  Core core(one.array, one.product, edges);
  while (!core.done()) core.advance();
  outcome.cycle_cycles = core.cycles();
  outcome.cycle_seconds = seconds_since(start);
  outcome.analytic_cycles = AnalyticEngine(one.array).cycles(one.product);
  outcome.cycle_error = distance(outcome.cycle_cycles, outcome.rtl.cycles);
  if (!stalls)
    outcome.cycle_error = std::max(
        outcome.cycle_error, distance(outcome.analytic_cycles, outcome.rtl.cycles));
  return outcome;
}

}  // namespace headroom::matrix_engine::cosim
