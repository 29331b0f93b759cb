// A histogram of latencies in cycles: exact below 2048, to one part in 1024 above; its size does
// not depend on the number of values.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "models/hbm/policy.h"

namespace headroom::hbm {

class Histogram {
 public:
  void add(Cycle value) {
    const auto v = static_cast<std::uint64_t>(value);
    const std::size_t i = index(v);
    if (i >= counts_.size()) counts_.resize(std::max<std::size_t>(2 * sub, i + 1));
    ++counts_[i];
    ++count_;
    sum_ += v;
    max_ = std::max(max_, v);
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double mean() const {
    return count_ == 0 ? 0 : static_cast<double>(sum_) / static_cast<double>(count_);
  }
  [[nodiscard]] double max() const { return static_cast<double>(max_); }
  // The least value that `share` of all values do not exceed; 0 without values.
  [[nodiscard]] double percentile(double share) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      below += counts_[i];
      if (below > 0 && below >= wanted) return std::min(value(i), max());
    }
    return max();
  }

 private:
  static constexpr std::size_t sub = 1024;  // buckets of an octave

  static std::size_t index(std::uint64_t v) {
    if (v < 2 * sub) return v;
    const int shift = 53 - __builtin_clzll(v);  // leaves 11 bits
    return static_cast<std::size_t>(shift) * sub + (v >> shift);
  }
  static double value(std::size_t i) {
    if (i < 2 * sub) return static_cast<double>(i);
    const std::size_t shift = i / sub - 1;
    return static_cast<double>((i - shift * sub) << shift);
  }

  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0, sum_ = 0, max_ = 0;
};

}  // namespace headroom::hbm
