#include "sim/scalesim/folding.h"

#include <algorithm>

namespace headroom::scalesim {
namespace {

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// 1 + 2 + … + n, 0 for negative n.
std::int64_t triangle(std::int64_t n) { return n <= 0 ? 0 : n * (n + 1) / 2; }

// Words that have passed with line `line` when each lane starts one line after the lane before.
std::int64_t skewed_words(std::int64_t lines, std::int64_t lanes, std::int64_t line) {
  const std::int64_t begun = line + 1;
  return triangle(begun) - triangle(begun - lanes) - triangle(begun - lines) +
         triangle(begun - lines - lanes);
}

// The line in which word `ordinal` passes.
std::int64_t skewed_line(std::int64_t lines, std::int64_t lanes, std::int64_t ordinal) {
  std::int64_t low = 0;
  std::int64_t high = lines + lanes - 2;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (skewed_words(lines, lanes, middle) >= ordinal)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

}  // namespace

Folding::Folding(Dataflow chosen, int array_rows, int array_columns,
                 const matrix_engine::Product& product)
    : dataflow(chosen),
      rows(array_rows),
      columns(array_columns),
      row_extent(chosen == Dataflow::output_stationary ? product.m : product.k),
      column_extent(chosen == Dataflow::input_stationary ? product.m : product.n),
      beats(chosen == Dataflow::output_stationary ? product.k
            : chosen == Dataflow::weight_stationary
                ? product.m
                : product.n),
      row_folds(ceil_div(row_extent, rows)),
      column_folds(ceil_div(column_extent, columns)) {}

std::int64_t Folding::rows_used(std::int64_t row_fold) const {
  return std::min(rows, row_extent - row_fold * rows);
}

std::int64_t Folding::columns_used(std::int64_t column_fold) const {
  return std::min(columns, column_extent - column_fold * columns);
}

EdgeStream::EdgeStream(const Folding& folding, Operand operand) : folding_(folding) {
  const bool output_stationary = folding.dataflow == Dataflow::output_stationary;
  const Operand held = output_stationary ? Operand::ofmap
                       : folding.dataflow == Dataflow::weight_stationary
                           ? Operand::filter
                           : Operand::ifmap;
  stationary_ = operand == held;
  // Of the two streams that pass by, outputs leave at the columns; in os the filter enters there.
  by_rows_ = !stationary_ && operand != Operand::ofmap &&
             !(output_stationary && operand == Operand::filter);
  skewed_ = output_stationary || !stationary_;
  if (output_stationary)
    first_ = stationary_ ? folding.beats - 1 : 0;
  else
    first_ = stationary_ ? 0 : by_rows_ ? folding.rows : 2 * folding.rows - 1;
}

EdgeStream::Block EdgeStream::block(std::int64_t row_fold, std::int64_t column_fold) const {
  const std::int64_t rows = folding_.rows_used(row_fold);
  const std::int64_t columns = folding_.columns_used(column_fold);
  if (stationary_) return {rows, columns, first_ + folding_.rows - rows};
  return {folding_.beats, by_rows_ ? rows : columns, first_};
}

std::int64_t EdgeStream::words(std::int64_t row_fold, std::int64_t column_fold) const {
  const Block all = block(row_fold, column_fold);
  return all.lines * all.lanes;
}

std::int64_t EdgeStream::words() const {
  if (stationary_) return folding_.row_extent * folding_.column_extent;
  return by_rows_ ? folding_.beats * folding_.row_extent * folding_.column_folds
                  : folding_.beats * folding_.column_extent * folding_.row_folds;
}

std::int64_t EdgeStream::first_line() const { return block(0, 0).first; }

std::int64_t EdgeStream::last_line() const {
  const Block last = block(folding_.row_folds - 1, folding_.column_folds - 1);
  return last.first + last.lines - 1 + (skewed_ ? last.lanes - 1 : 0);
}

std::int64_t EdgeStream::cycle_of_word(
    std::int64_t ordinal, std::int64_t fold_cycles, bool once_per_column_fold) const {
  // All row folds but the last are alike, and so are all column folds but the last.
  const std::int64_t row_folds = once_per_column_fold ? 1 : folding_.row_folds;
  const auto words_of_column = [&](std::int64_t column_fold) {
    return (row_folds - 1) * words(0, column_fold) + words(row_folds - 1, column_fold);
  };
  std::int64_t before = ordinal - 1;
  const std::int64_t column_fold = std::min(before / words_of_column(0), folding_.column_folds - 1);
  before -= column_fold * words_of_column(0);
  const std::int64_t row_fold = std::min(before / words(0, column_fold), row_folds - 1);
  before -= row_fold * words(0, column_fold);
  const Block fold = block(row_fold, column_fold);
  const std::int64_t line = skewed_ ? skewed_line(fold.lines, fold.lanes, before + 1)
                                    : before / fold.lanes;
  return (column_fold * folding_.row_folds + row_fold) * fold_cycles + fold.first + line;
}

}  // namespace headroom::scalesim
