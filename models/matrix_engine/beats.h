// The edge beats of a product in the order in which they pass, as the array's neighbours cut and
// collect them.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/matrix_engine/folds.h"
#include "models/matrix_engine/golden.h"

namespace headroom::matrix_engine {

// Rows of B, cut to the array's columns and padded with +0.
class WeightBeats {
 public:
  WeightBeats(const ArrayParameters& array, const golden::Operands& operands)
      : operands_(operands),
        folds_(array, operands.product),
        rows_(array.rows),
        beat_(static_cast<std::size_t>(array.columns)) {
    fill();
  }
  [[nodiscard]] bool any() const { return fold_ < folds_.count(); }
  [[nodiscard]] const std::uint16_t* beat() const { return beat_.data(); }
  void next() {
    if (++row_ == rows_) {
      row_ = 0;
      ++fold_;
    }
    if (any()) fill();
  }

 private:
  void fill() {
    const Fold fold = folds_.at(fold_);
    const std::int64_t n = operands_.product.n;
    for (std::size_t c = 0; c < beat_.size(); ++c) {
      const auto column = static_cast<std::int64_t>(c);
      const bool real = row_ < fold.depth && column < fold.columns;
      beat_[c] = real ? operands_.b[static_cast<std::size_t>(
                            (fold.first_k + row_) * n + fold.first_column + column)]
                      : std::uint16_t{0};
    }
  }

  const golden::Operands& operands_;
  const Folds folds_;
  const std::int64_t rows_;
  std::int64_t fold_ = 0, row_ = 0;
  std::vector<std::uint16_t> beat_;
};

// Rows of A, cut to the array's rows and padded with +0.
class ActivationBeats {
 public:
  ActivationBeats(const ArrayParameters& array, const golden::Operands& operands)
      : operands_(operands),
        folds_(array, operands.product),
        beat_(static_cast<std::size_t>(array.rows)) {
    fill();
  }
  [[nodiscard]] bool any() const { return index_ < folds_.count(); }
  [[nodiscard]] const std::uint16_t* beat() const { return beat_.data(); }
  [[nodiscard]] const Fold& fold() const { return fold_; }
  [[nodiscard]] bool end() const { return row_ == fold_.rows - 1; }
  void next() {
    if (end()) {
      row_ = 0;
      ++index_;
    } else {
      ++row_;
    }
    if (any()) fill();
  }

 private:
  void fill() {
    fold_ = folds_.at(index_);
    for (std::size_t r = 0; r < beat_.size(); ++r) {
      const auto k = static_cast<std::int64_t>(r);
      beat_[r] = k < fold_.depth
                     ? operands_.a[static_cast<std::size_t>(
                           (fold_.first_row + row_) * operands_.product.k + fold_.first_k + k)]
                     : std::uint16_t{0};
    }
  }

  const golden::Operands& operands_;
  const Folds folds_;
  Fold fold_{};
  std::int64_t index_ = 0, row_ = 0;
  std::vector<std::uint16_t> beat_;
};

// Puts output beats where they belong in C.
class OutputBeats {
 public:
  OutputBeats(const ArrayParameters& array, const golden::Operands& operands)
      : product_(operands.product),
        folds_(array, operands.product),
        beat_(static_cast<std::size_t>(array.columns)),
        values_(static_cast<std::size_t>(product_.m * product_.n)) {}
  [[nodiscard]] bool any() const { return index_ < folds_.count(); }
  std::uint32_t* beat() { return beat_.data(); }
  void taken() {
    const Fold fold = folds_.at(index_);
    const std::int64_t start = (fold.first_row + row_) * product_.n + fold.first_column;
    for (std::int64_t c = 0; c < fold.columns; ++c)
      values_[static_cast<std::size_t>(start + c)] = beat_[static_cast<std::size_t>(c)];
    if (++row_ == fold.rows) {
      row_ = 0;
      index_ += folds_.folds_per_block();  // only the last fold of a block delivers
    }
  }
  std::vector<std::uint32_t> values() { return std::move(values_); }

 private:
  const Product product_;
  const Folds folds_;
  std::int64_t index_ = 0, row_ = 0;
  std::vector<std::uint32_t> beat_, values_;
};

}  // namespace headroom::matrix_engine
