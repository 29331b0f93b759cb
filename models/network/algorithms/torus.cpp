// All dimensions of a torus at once (Sack and Gropp 2015; Kumar and Faraj on Blue Gene): the
// payload is cut into one part per dimension; part j is reduced along dimension j first, then along
// the next ones, and gathered back the other way, so that all links are busy. In a ring a shard
// goes both ways, half of it over the last hop; in an open line through to both ends. The parts are
// as large as makes all dimensions end together; where a dimension is too narrow for that, its part
// is left out.
#include <algorithm>
#include <array>
#include <cmath>

#include "models/network/algorithm.h"

namespace headroom::network {
namespace {

using Parts = std::array<double, 3>;

// Solves the k x k system with pivoting; false where it is singular.
bool solve(std::array<std::array<double, 5>, 4>& m, std::size_t k, std::array<double, 4>& x) {
  for (std::size_t c = 0; c < k; ++c) {
    std::size_t best = c;
    for (std::size_t r = c + 1; r < k; ++r)
      if (std::abs(m[r][c]) > std::abs(m[best][c])) best = r;
    if (std::abs(m[best][c]) < 1e-12) return false;
    std::swap(m[c], m[best]);
    for (std::size_t r = 0; r < k; ++r) {
      if (r == c) continue;
      const double factor = m[r][c] / m[c][c];
      for (std::size_t j = c; j <= k; ++j) m[r][j] -= factor * m[c][j];
    }
  }
  for (std::size_t c = 0; c < k; ++c) x[c] = m[c][k] / m[c][c];
  return true;
}

// Time of a dimension's links per unit of payload whose part is `j`.
double load(const Team& team, std::size_t dimension, std::size_t j) {
  const std::size_t k = team.dimensions.size();
  double kept = 1;  // of the part when it comes to this dimension
  for (std::size_t s = 0; (j + s) % k != dimension; ++s)
    kept /= static_cast<double>(team.dimensions[(j + s) % k].size);
  const TeamDimension& d = team.dimensions[dimension];
  return kept * static_cast<double>(d.size - 1) / static_cast<double>(d.size) / (d.ring ? 2 : 1);
}

double longest(const Team& team, const Parts& parts) {
  double most = 0;
  for (std::size_t d = 0; d < team.dimensions.size(); ++d) {
    double sum = 0;
    for (std::size_t j = 0; j < team.dimensions.size(); ++j) sum += parts.at(j) * load(team, d, j);
    most = std::max(most, sum);
  }
  return most;
}

// The parts that end soonest: among all choices of dimensions that start a part, those whose loads
// balance.
Parts parts_of(const Team& team) {
  const std::size_t k = team.dimensions.size();
  Parts best{};
  double least = 0;
  for (unsigned chosen = 1; chosen < (1U << k); ++chosen) {
    std::vector<std::size_t> used;
    for (std::size_t j = 0; j < k; ++j)
      if ((chosen >> j & 1U) != 0) used.push_back(j);
    // Unknown: the parts and the time; the chosen dimensions take that time, the parts add up to 1.
    std::array<std::array<double, 5>, 4> m{};
    for (std::size_t r = 0; r < used.size(); ++r) {
      for (std::size_t c = 0; c < used.size(); ++c) m.at(r).at(c) = load(team, used[r], used[c]);
      m.at(r).at(used.size()) = -1;
      m.at(used.size()).at(r) = 1;
    }
    m.at(used.size()).at(used.size() + 1) = 1;
    std::array<double, 4> x{};
    if (!solve(m, used.size() + 1, x)) continue;
    Parts parts{};
    bool positive = true;
    for (std::size_t r = 0; r < used.size(); ++r) {
      parts.at(used[r]) = x.at(r);
      positive = positive && x.at(r) >= 0;
    }
    if (!positive) continue;
    if (const double time = longest(team, parts); least == 0 || time < least) {
      least = time;
      best = parts;
    }
  }
  return best;
}

class TorusAlgorithm : public Algorithm {
 public:
  [[nodiscard]] std::string_view name() const override { return "torus"; }

  [[nodiscard]] std::string complaint(Collective operation, const Team& team) const override {
    if (operation != Collective::all_reduce && operation != Collective::reduce_scatter &&
        operation != Collective::all_gather)
      return "gathers and reduces only";
    return team.dimensions.empty() ? "needs a group that is a box of a torus" : "";
  }

  [[nodiscard]] std::vector<Phase> phases(Collective operation, const Team& team) const override {
    // A reduction ends before the gather begins.
    std::vector<Phase> phases;
    for (std::int64_t pass = 0; pass < passes(operation); ++pass) {
      Phase phase;
      phase.first = pass * pass_steps(team);
      phase.steps = pass_steps(team);
      phase.coupling = Phase::Coupling::concurrent;
      phases.push_back(phase);
    }
    return phases;
  }

  void messages(Collective operation, const Team& team, std::int64_t step, std::int64_t rank,
                std::vector<Message>& out) const override {
    const Parts parts = parts_of(team);
    const bool reduce = reduces(operation, team, step);
    // A reduction is the gather run backwards.
    const std::int64_t at = reduce ? pass_steps(team) - 1 - step : step % pass_steps(team);
    for (std::size_t j = 0; j < team.dimensions.size(); ++j)
      if (parts.at(j) > 0) part_messages(team, j, parts.at(j), at, reduce, rank, out);
  }

  // Unit (part, rank, half).
  [[nodiscard]] std::int64_t units(Collective, const Team& team) const override {
    return 2 * team.ranks * static_cast<std::int64_t>(team.dimensions.size());
  }
  [[nodiscard]] std::int64_t owner(Collective, const Team& team, std::int64_t unit) const override {
    return unit / 2 % team.ranks;
  }

  // key: part, dimension and which halves; key2: the shard's place along the dimension.
  void units_of(Collective, const Team& team, std::int64_t, std::int64_t rank,
                const Message& message, std::vector<std::int64_t>& out) const override {
    const auto j = static_cast<std::size_t>(message.key % 4),
               s = static_cast<std::size_t>(message.key / 4 % 4);
    const std::int64_t halves = message.key / 16;
    for (std::int64_t r = 0; r < team.ranks; ++r) {
      bool inside = true;
      for (std::size_t t = 0; t <= s && inside; ++t) {
        const TeamDimension& d = dimension(team, j, t);
        const std::int64_t wanted = t == s ? message.key2 : place(rank, d);
        inside = place(r, d) == wanted;
      }
      if (!inside) continue;
      for (std::int64_t half = 0; half < 2; ++half)
        if ((halves >> half & 1) != 0)
          out.push_back((static_cast<std::int64_t>(j) * team.ranks + r) * 2 + half);
    }
  }

  [[nodiscard]] bool one_rank_stands_for_all(const Team& team) const override {
    return std::all_of(team.dimensions.begin(), team.dimensions.end(), [](const TeamDimension& d) {
      return d.ring;
    });
  }

 private:
  static std::int64_t passes(Collective operation) {
    return operation == Collective::all_reduce ? 2 : 1;
  }
  static bool reduces(Collective operation, const Team& team, std::int64_t step) {
    return operation == Collective::reduce_scatter ||
           (operation == Collective::all_reduce && step < pass_steps(team));
  }
  static std::int64_t hops(const TeamDimension& d) { return d.ring ? d.size / 2 : d.size - 1; }
  static std::int64_t pass_steps(const Team& team) {
    std::int64_t steps = 0;
    for (const TeamDimension& d : team.dimensions) steps += hops(d);
    return steps;
  }
  static std::int64_t place(std::int64_t rank, const TeamDimension& d) {
    return rank / d.rank_stride % d.size;
  }
  // The s-th dimension that part j is reduced along; gathered in the opposite order.
  static const TeamDimension& dimension(const Team& team, std::size_t j, std::size_t s) {
    return team.dimensions[(j + s) % team.dimensions.size()];
  }

  // Messages of part j in step `at` of a gather, or those of the gather run backwards.
  static void part_messages(const Team& team, std::size_t j, double part, std::int64_t at,
                            bool reduce, std::int64_t rank, std::vector<Message>& out) {
    std::size_t s = team.dimensions.size() - 1;
    while (at >= hops(dimension(team, j, s))) at -= hops(dimension(team, j, s)), --s;
    const TeamDimension& d = dimension(team, j, s);
    double share = part;
    for (std::size_t t = 0; t <= s; ++t) share /= static_cast<double>(dimension(team, j, t).size);
    const std::int64_t here = place(rank, d);
    for (const int side : {1, -1}) {
      // In a gather the sender passes on what came from the other side; backwards, the sender is
      // the one that then received.
      const std::int64_t next = here + side;
      if (!d.ring && (next < 0 || next >= d.size)) continue;
      const int direction = reduce ? -side : side;
      const std::int64_t sender = reduce ? next : here;
      std::int64_t shard = sender - direction * at;
      if (!d.ring && (shard < 0 || shard >= d.size)) continue;
      shard = (shard % d.size + 2 * d.size) % d.size;
      const bool last_of_even = d.ring && d.size % 2 == 0 && at == d.size / 2 - 1;
      Message message;
      message.to = rank + ((next + d.size) % d.size - here) * d.rank_stride;
      message.share = share * (last_of_even ? 0.5 : 1);
      message.reduce = reduce;
      message.channel = static_cast<std::int32_t>(j);
      const std::int64_t halves = last_of_even ? (direction > 0 ? 1 : 2) : 3;
      message.key = 16 * halves + 4 * static_cast<std::int64_t>(s) + static_cast<std::int64_t>(j);
      message.key2 = shard;
      out.push_back(message);
    }
  }
};

}  // namespace

std::unique_ptr<Algorithm> make_torus_algorithm() { return std::make_unique<TorusAlgorithm>(); }

}  // namespace headroom::network
