#include "sim/sweep/draw.h"

#include <cmath>
#include <numeric>
#include <random>
#include <utility>

namespace headroom::sweep {
namespace {

double uniform(std::mt19937_64& generator) {
  return std::ldexp(static_cast<double>(generator() >> 11U), -53);
}

std::vector<std::size_t> permutation(std::mt19937_64& generator, std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = count; i > 1; --i) {
    const auto other = static_cast<std::size_t>(uniform(generator) * static_cast<double>(i));
    std::swap(order[i - 1], order[other]);
  }
  return order;
}

}  // namespace

std::vector<double> draw_shares(const Sample& sample, std::size_t dimensions) {
  const auto count = static_cast<std::size_t>(sample.count);
  std::mt19937_64 generator(static_cast<std::uint64_t>(sample.seed));
  std::vector<double> shares(count * dimensions);
  if (sample.method == Method::random) {
    for (double& share : shares) share = uniform(generator);
    return shares;
  }
  for (std::size_t d = 0; d < dimensions; ++d) {
    const std::vector<std::size_t> intervals = permutation(generator, count);
    for (std::size_t i = 0; i < count; ++i)
      shares[i * dimensions + d] = (static_cast<double>(intervals[i]) + uniform(generator)) /
                                   static_cast<double>(count);
  }
  return shares;
}

}  // namespace headroom::sweep
