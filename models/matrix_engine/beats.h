// The edge beats of a product in the order in which they pass, as the array's neighbours cut and
// collect them.
//
// The array sees the weight port and the activation port; input-stationary exchanges the operands:
// rows of A are held, columns of B stream, and C leaves transposed.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/matrix_engine/folds.h"
#include "models/matrix_engine/golden.h"
#include "models/matrix_engine/lane_packing.h"
#include "models/matrix_engine/operand_view.h"

namespace headroom::matrix_engine {

// Beats of one port, cut to its lanes and padded with +0.
class InputBeats {
 public:
  [[nodiscard]] bool any() const { return index_ < folds_.count(); }
  [[nodiscard]] const std::uint32_t* words() const { return packed_.words(); }
  [[nodiscard]] const Fold& fold() const { return fold_; }
  [[nodiscard]] bool end() const { return beat_ == beats_ - 1; }

 protected:
  InputBeats(const ArrayParameters& array, const golden::Operands& operands, OperandView view,
             int lanes)
      : in_place_(array.dataflow == Dataflow::output_stationary),
        dot_length_(array.dot_length),
        lanes_(lanes),
        folds_(array, operands.product),
        view_(view),
        elements_(static_cast<std::size_t>(array.dot_length)),
        packed_(datapath_of(array.format), array.dot_length, lanes) {}

  // Goes on to the next beat; a fold has `beats` of them.
  void advance() {
    if (end()) {
      beat_ = 0;
      ++index_;
    } else {
      ++beat_;
    }
  }
  void start(std::int64_t beats) {
    fold_ = folds_.at(index_);
    beats_ = beats;
  }
  void put(int lane, std::int64_t line, std::int64_t k) {
    const std::uint32_t scale = view_.read(line, k, dot_length_, elements_.data());
    packed_.set_lane(lane, elements_.data(), scale);
  }

  [[nodiscard]] std::int64_t stream_beats() const {
    return folds_.stream_beats(folds_.block_of(index_));
  }

  const bool in_place_;
  const int dot_length_, lanes_;
  const Folds folds_;
  std::int64_t index_ = 0, beat_ = 0, beats_ = 1;
  Fold fold_{};

 private:
  const OperandView view_;
  std::vector<std::uint32_t> elements_;
  PackedBeat packed_;
};

// Column c of the array in lane c: `rows` beats a fold of the stationary operand, k ascending;
// output-stationary: all k of the tile.
class WeightBeats : public InputBeats {
 public:
  WeightBeats(const ArrayParameters& array, const golden::Operands& operands)
      : InputBeats(
            array, operands,
            array.dataflow == Dataflow::input_stationary
                ? OperandView::rows_of_a(array.format, operands)
                : OperandView::columns_of_b(array.format, operands),
            array.columns),
        rows_(array.rows) {
    fill();
  }
  void next() {
    advance();
    if (any()) fill();
  }

 private:
  void fill() {
    start(in_place_ ? stream_beats() : rows_);
    for (int c = 0; c < lanes_; ++c)
      put(c, fold_.first_column + c, fold_.first_k + beat_ * dot_length_);
  }

  const std::int64_t rows_;
};

// Row r of the array in lane r: one beat for each streamed row, all k of the fold in it;
// output-stationary: the rows of the tile, one beat for each dot_length of k.
class ActivationBeats : public InputBeats {
 public:
  ActivationBeats(const ArrayParameters& array, const golden::Operands& operands)
      : InputBeats(
            array, operands,
            array.dataflow == Dataflow::input_stationary
                ? OperandView::columns_of_b(array.format, operands)
                : OperandView::rows_of_a(array.format, operands),
            array.rows) {
    fill();
  }
  void next() {
    advance();
    if (any()) fill();
  }

 private:
  void fill() {
    start(stream_beats());
    for (int r = 0; r < lanes_; ++r) {
      if (in_place_)
        put(r, fold_.first_row + r, beat_ * dot_length_);
      else
        put(r, fold_.first_row + beat_, fold_.first_k + std::int64_t{r} * dot_length_);
    }
  }
};

// Puts output beats where they belong in C.
class OutputBeats {
 public:
  OutputBeats(const ArrayParameters& array, const golden::Operands& operands)
      : dataflow_(array.dataflow),
        rows_(array.rows),
        n_(operands.product.n),
        folds_(array, operands.product),
        beat_(static_cast<std::size_t>(array.columns)),
        values_(static_cast<std::size_t>(operands.product.m * operands.product.n)) {}
  [[nodiscard]] bool any() const { return index_ < folds_.count(); }
  std::uint32_t* beat() { return beat_.data(); }
  void taken() {
    const Fold fold = folds_.at(index_);
    const bool in_place = dataflow_ == Dataflow::output_stationary;
    // A tile's last row leaves first, and rows beyond the product leave too.
    const std::int64_t row = in_place ? rows_ - 1 - taken_ : taken_;
    if (row < fold.rows)
      for (std::int64_t c = 0; c < fold.columns; ++c) put(fold, row, c);
    if (++taken_ == (in_place ? rows_ : fold.rows)) {
      taken_ = 0;
      index_ += folds_.folds_per_block();  // only the last fold of a block delivers
    }
  }
  std::vector<std::uint32_t> values() { return std::move(values_); }

 private:
  void put(const Fold& fold, std::int64_t row, std::int64_t column) {
    const std::int64_t r = fold.first_row + row;
    const std::int64_t c = fold.first_column + column;
    const std::int64_t at = dataflow_ == Dataflow::input_stationary ? c * n_ + r : r * n_ + c;
    values_[static_cast<std::size_t>(at)] = beat_[static_cast<std::size_t>(column)];
  }

  const Dataflow dataflow_;
  const std::int64_t rows_, n_;
  const Folds folds_;
  std::int64_t index_ = 0, taken_ = 0;
  std::vector<std::uint32_t> beat_, values_;
};

}  // namespace headroom::matrix_engine
