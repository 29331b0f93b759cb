#include "models/scratchpad/contention.h"

#include <algorithm>

namespace headroom::scratchpad {
namespace {

using Polynomial = std::vector<double>;  // up to x^balls

Polynomial product(const Polynomial& a, const Polynomial& b) {
  Polynomial c(a.size(), 0);
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = 0; i + j < a.size(); ++j) c[i + j] += a[i] * b[j];
  return c;
}

Polynomial power(Polynomial base, int exponent) {
  Polynomial result(base.size(), 0);
  result[0] = 1;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result = product(result, base);
    base = product(base, base);
  }
  return result;
}

double probability_of_at_most(const std::vector<Share>& shares, int balls, int most) {
  const auto size = static_cast<std::size_t>(balls) + 1;
  Polynomial all(size, 0);
  all[0] = 1;
  for (const Share& share : shares) {
    Polynomial one(size, 0);
    double term = 1;
    for (int i = 0; i <= most && i <= balls; ++i) {
      one[static_cast<std::size_t>(i)] = term;
      term *= share.share / (i + 1);
    }
    all = product(all, power(one, share.count));
  }
  double probability = all.back();
  for (int i = 2; i <= balls; ++i) probability *= i;
  return probability;
}

double largest(const std::vector<Share>& shares) {
  double most = 0;
  for (const Share& share : shares) most = std::max(most, share.share);
  return most;
}

double rate_of_two(const std::vector<Share>& shares) {
  double together = 0;
  for (const Share& share : shares)
    together += share.count * share.share * share.share / (1 - share.share);
  return 2 - together / (1 + together);
}

// Requests in all queues at rate `rate`.
double held_at(const std::vector<Share>& shares, double rate) {
  double sum = 0;
  for (const auto& [p, count] : shares) {
    const double load = p * rate;
    sum += count * (2 * load - load * load - load * p) / (2 * (1 - load));
  }
  return sum;
}

double rate_of_queues(const std::vector<Share>& shares, int held) {
  const double most = largest(shares);
  if (held <= 1 || most >= 1) return held == 0 ? 0 : 1;
  if (held == 2) return rate_of_two(shares);
  double low = 0;
  double high = std::min<double>(held, 1 / most);
  for (int step = 0; step < 100; ++step) {
    const double rate = (low + high) / 2;
    (rate * most < 1 && held_at(shares, rate) < held ? low : high) = rate;
  }
  return low;
}

// Adds to `chances[k]` the probability, times `weight`, that k of `drawn` requests hit.
void add_binomial(std::vector<double>& chances, int drawn, double hit, double weight) {
  double term = weight;
  for (int i = 0; i < drawn; ++i) term *= 1 - hit;
  for (int k = 0; k <= drawn; ++k) {
    chances[static_cast<std::size_t>(k)] += term;
    term *= hit / (1 - hit) * (drawn - k) / (k + 1);
  }
}

// The rate of `held` requests in a bank port with this share and a rest that grants rest[n] of n
// requests a cycle, as a chain over the queue of the bank port: it falls by at most one, so what
// goes down over each border equals what comes up over it.
double rate_with(const std::vector<double>& rest, double share, int held) {
  const auto states = static_cast<std::size_t>(held) + 1;
  std::vector<std::vector<double>> arrivals;
  for (std::size_t queue = 0; queue < states; ++queue) {
    std::vector<double> chances(states + 2, 0);
    const double mean = rest[states - 1 - queue];
    const int whole = static_cast<int>(mean);
    const int own = queue > 0 ? 1 : 0;
    add_binomial(chances, own + whole, share, 1 - (mean - whole));
    if (mean > whole) add_binomial(chances, own + whole + 1, share, mean - whole);
    arrivals.push_back(chances);
  }
  std::vector<double> weight{1};
  double all = 1;
  for (std::size_t border = 0; border + 1 < states; ++border) {  // between it and one more
    double up = 0;
    for (std::size_t queue = 0; queue <= border; ++queue) {
      const std::size_t left = queue > 0 ? queue - 1 : 0;
      for (std::size_t k = border + 1 - left; k < arrivals[queue].size(); ++k)
        up += weight[queue] * arrivals[queue][k];
    }
    weight.push_back(up / arrivals[border + 1][0]);
    all += weight.back();
  }
  return (1 - weight[0] / all) / share;
}

std::vector<double> with_one_more(const std::vector<double>& rest, double share) {
  std::vector<double> rates{0, 1};
  for (int held = 2; held < static_cast<int>(rest.size()); ++held)
    rates.push_back(rate_with(rest, share, held));
  return rates;
}

}  // namespace

double steady_rate(const std::vector<Share>& shares, int ports) {
  if (ports == 2 && largest(shares) < 1) return rate_of_two(shares);
  // The bank ports that stand alone with a larger share than any other's, ascending.
  std::vector<Share> rest = shares, alone;
  std::sort(rest.begin(), rest.end(), [](const Share& a, const Share& b) {
    return a.share != b.share ? a.share < b.share : a.count < b.count;
  });
  for (std::size_t i = rest.size(); i-- > 1;)
    if (rest[i].count == 1) {
      alone.insert(alone.begin(), rest[i]);
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
    }
  double sum = 0;
  for (const Share& share : rest) sum += share.share * share.count;
  for (Share& share : rest) share.share /= sum;
  std::vector<double> rates;  // of 0, 1 … requests
  for (int held = 0; held <= ports; ++held) rates.push_back(rate_of_queues(rest, held));
  for (const Share& share : alone) {
    sum += share.share;
    rates = with_one_more(rates, share.share / sum);
  }
  return rates.back();
}

double expected_most(const std::vector<Share>& shares, int balls) {
  double expected = 0;
  for (int most = 0; most < balls; ++most)
    expected += 1 - probability_of_at_most(shares, balls, most);
  return expected;
}

double meeting_probability(const std::vector<Share>& shares) {
  double sum = 0;
  for (const Share& share : shares) sum += share.count * share.share * share.share;
  return sum;
}

}  // namespace headroom::scratchpad
