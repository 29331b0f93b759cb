// Expectations for requests that fall on bank ports by chance.
#pragma once

#include <vector>

namespace headroom::scratchpad {

// `count` bank ports that each get `share` of all requests; the shares of all, times their counts,
// sum to 1.
struct Share {
  double share;
  int count;
};

// Requests that the bank ports grant in a cycle when `ports` ports each always offer one, drawn
// anew after each grant. Two ports: exact, the Markov chain of "both at bank k" and "at different
// ones". More: each bank port is a queue in discrete time with binomial arrivals,
//   L = (2 l - l^2 - l p) / (2 (1 - l)),   l = p X its load,
// and X is the rate at which the queues hold all `ports` requests. For equal shares that is Rau's
// closed form X = c - sqrt(c^2 - 2 ports banks), c = ports + banks - 1/2 ("Interleaved memory
// bandwidth in a model of a multiprocessor computer system", IEEE Trans. Computers C-28, 1979).
[[nodiscard]] double steady_rate(const std::vector<Share>& shares, int ports);

// Expected largest number of `balls` that fall on one bank port, exactly: P(max <= k) = balls!
// times the coefficient of x^balls in the product over bank ports of sum_{i <= k} (share x)^i / i!.
[[nodiscard]] double expected_most(const std::vector<Share>& shares, int balls);

// Sum over bank ports of share squared: the probability that two requests fall on the same.
[[nodiscard]] double meeting_probability(const std::vector<Share>& shares);

}  // namespace headroom::scratchpad
