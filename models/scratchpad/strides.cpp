#include "models/scratchpad/strides.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "models/scratchpad/bank_map.h"

namespace headroom::scratchpad {
namespace {

std::int64_t modulo(std::int64_t value, std::int64_t divisor) {
  return (value % divisor + divisor) % divisor;
}

// P(at most `most` of `count` are writes, and at most `most` reads), each a write with `writes`.
double balanced_within(int count, int most, double writes) {
  double sum = 0;
  for (int k = std::max(0, count - most); k <= std::min(count, most); ++k)
    sum += std::exp(std::lgamma(count + 1) - std::lgamma(k + 1) - std::lgamma(count - k + 1)) *
           std::pow(writes, k) * std::pow(1 - writes, count - k);
  return sum;
}

// `requests` of each bank of one vector.
Vectors count_vector(const std::vector<int>& requests, double writes) {
  Vectors vector;
  const int most = *std::max_element(requests.begin(), requests.end());
  const double same_kind = writes * writes + (1 - writes) * (1 - writes);
  for (const int count : requests) vector.refused += same_kind * count * (count - 1) / 2;
  for (int cycle = 0; cycle < most; ++cycle) {  // takes more than `cycle` cycles
    double over = 1;
    for (const int count : requests) over *= balanced_within(count, cycle, writes);
    vector.cycles += 1 - over;
  }
  return vector;
}

// Delay on a ring with `at` ports at each of its banks, in the order of the walk.
std::int64_t delay_on(const std::vector<int>& at, int ports, std::int64_t requests) {
  const auto banks = static_cast<std::int64_t>(at.size());
  std::int64_t delay = 0;
  for (std::int64_t start = 0; start < banks; ++start) {
    if (at[static_cast<std::size_t>(start)] == 0) continue;
    // The excess repeats from round to round, or grows: the first and the last round decide.
    std::int64_t ahead = 0;
    for (std::int64_t step = 0; step < banks; ++step) {
      ahead += at[static_cast<std::size_t>((start + step) % banks)];
      if (step >= requests) break;
      const std::int64_t rounds = (requests - 1 - step) / banks;
      for (const std::int64_t round : {std::int64_t{0}, rounds})
        delay = std::max(delay, round * ports + ahead - (round * banks + step + 1));
    }
  }
  return delay;
}

}  // namespace

Vectors count_vectors(const Parameters& parameters, const Traffic& traffic) {
  const std::int64_t words = parameters.words();
  const double writes = parameters.one_read_one_write ? traffic.write_percent / 100.0 : 0;
  const std::int64_t stride = modulo(traffic.stride, words);
  const std::int64_t
      period = parameters.interleave == Interleave::low_order ? 1 : words / std::gcd(stride, words);
  Vectors all, partial;  // of a period, and of the vectors behind the last whole one
  const std::int64_t whole = traffic.requests / period;
  for (std::int64_t i = 0; i < std::min(period, traffic.requests); ++i) {
    std::vector<int> requests(static_cast<std::size_t>(parameters.banks), 0);
    for (std::int64_t p = 0; p < parameters.ports; ++p) {
      const std::int64_t offset = p * modulo(traffic.offset, words);
      ++requests[static_cast<std::size_t>(bank_of(parameters, (offset + i * stride) % words))];
    }
    const Vectors vector = count_vector(requests, writes);
    all.cycles += vector.cycles;
    all.refused += vector.refused;
    if (i >= traffic.requests % period) continue;
    partial.cycles += vector.cycles;
    partial.refused += vector.refused;
  }
  const auto times = static_cast<double>(whole);
  return {all.cycles * times + partial.cycles, all.refused * times + partial.refused};
}

Walk walk_of(const Parameters& parameters, const Traffic& traffic) {
  const std::int64_t banks = parameters.banks;
  const std::int64_t stride = modulo(traffic.stride, banks);
  const std::int64_t classes = std::gcd(stride, banks);
  const std::int64_t ring = banks / classes;
  std::vector<int> at_bank(static_cast<std::size_t>(banks), 0);
  for (std::int64_t p = 0; p < parameters.ports; ++p)
    ++at_bank[static_cast<std::size_t>(p * modulo(traffic.offset, banks) % banks)];
  Walk walk;
  for (std::int64_t c = 0; c < classes; ++c) {
    std::vector<int> at(static_cast<std::size_t>(ring));
    for (std::int64_t step = 0; step < ring; ++step)
      at[static_cast<std::size_t>(step)] = at_bank[static_cast<std::size_t>(
          (c + step * stride) % banks)];
    const int ports = std::accumulate(at.begin(), at.end(), 0);
    walk.delay = std::max(walk.delay, delay_on(at, ports, traffic.requests));
    walk.slowdown = std::max(walk.slowdown, static_cast<double>(ports) / static_cast<double>(ring));
    walk.rate += static_cast<double>(std::min<std::int64_t>(ports, ring));
  }
  return walk;
}

}  // namespace headroom::scratchpad
