// How SCALE-Sim folds a product onto an array, and what passes the array's edges when.
//
// Rows of the array hold `row_extent`, columns `column_extent`; `beats` lines stream through each
// fold. Folds run through all rows before the next columns. One convention of SCALE-Sim is kept
// here and nowhere else: cycles count from 0, and the streams of a fold take the lines below.
//
//              lines x lanes         first line        skewed by one cycle a lane
//   os ifmap   beats x rows used     0                 yes
//   os filter  beats x columns used  0                 yes
//   os ofmap   rows x columns used   beats - 1 + R - rows used   yes   (bottom row first)
//   ws filter, is ifmap   rows x columns used   R - rows used   no     (bottom row first)
//   ws ifmap,  is filter  beats x rows used     R      yes
//   ws ofmap,  is ofmap   beats x columns used  2R - 1           yes
#pragma once

#include <cstdint>

#include "models/matrix_engine/matrix_engine.h"
#include "sim/scalesim/configuration.h"

namespace headroom::scalesim {

struct Folding {
  Folding(Dataflow dataflow, int array_rows, int array_columns,
          const matrix_engine::Product& product);

  Dataflow dataflow;
  std::int64_t rows, columns;  // of the array
  std::int64_t row_extent, column_extent, beats;
  std::int64_t row_folds, column_folds;

  [[nodiscard]] std::int64_t count() const { return row_folds * column_folds; }
  // Rows and columns of the array that a fold uses: all but in the last fold.
  [[nodiscard]] std::int64_t rows_used(std::int64_t row_fold) const;
  [[nodiscard]] std::int64_t columns_used(std::int64_t column_fold) const;
};

enum class Operand { ifmap, filter, ofmap };

// The words of one operand at the array's edge.
class EdgeStream {
 public:
  EdgeStream(const Folding& folding, Operand operand);

  [[nodiscard]] std::int64_t words(std::int64_t row_fold, std::int64_t column_fold) const;
  [[nodiscard]] std::int64_t words() const;  // of all folds

  // Cycle of the first line in fold (0, 0), and of the last line in the last fold, both counted
  // from the beginning of that fold.
  [[nodiscard]] std::int64_t first_line() const;
  [[nodiscard]] std::int64_t last_line() const;

  // The cycle at which word `ordinal` (from 1) passes when folds begin every `fold_cycles`.
  // `once_per_column_fold`: only the folds with row fold 0 are counted.
  [[nodiscard]] std::int64_t cycle_of_word(
      std::int64_t ordinal, std::int64_t fold_cycles, bool once_per_column_fold) const;

 private:
  struct Block {
    std::int64_t lines, lanes, first;
  };
  [[nodiscard]] Block block(std::int64_t row_fold, std::int64_t column_fold) const;

  Folding folding_;
  bool stationary_;  // lines x lanes = rows x columns used, else beats stream by
  bool by_rows_;     // lanes are the array's rows, else its columns
  bool skewed_;
  std::int64_t first_;  // line of a fold that uses all rows
};

}  // namespace headroom::scalesim
