// What each operand asks of DRAM, given the SRAM beside the array. Rules, the same for both kinds
// of bandwidth:
//   - An SRAM is a double buffer; half of it serves the array while the other half fills.
//   - An input whose distinct words fit into the serving half is fetched once, before the first
//     fold.
//   - A block of the filter that consecutive output-stationary folds share, and that fits, is
//     fetched once for all of them.
//   - Windows of a convolution overlap. Where the rows of the input that one fold works on at a
//   time
//     fit, neighbouring windows share their words: a sweep over all windows fetches no word twice.
//   - What is left is fetched as often as the array reads it.
//   - Every word that the array puts out is written once; partial sums are not read back.
#pragma once

#include <cstdint>

#include "sim/scalesim/configuration.h"
#include "sim/scalesim/folding.h"
#include "sim/scalesim/topology.h"

namespace headroom::scalesim {

// Words that pass an interface, and the first and last cycle in which some do. Cycles before the
// first fold are negative.
struct Access {
  std::int64_t start = 0, stop = 0, words = 0;
};

// When the folds of a layer run and its words cross the interfaces to DRAM.
struct Timeline {
  std::int64_t last_fold_begin = 0;  // cycle; fold 0 begins in cycle 0
  std::int64_t end = 0;              // the cycle after the last fold
  PerMemory<Access> dram;
};

// The words of one operand that cross the interface to DRAM, in the order in which the array needs
// or makes them.
class DramStream {
 public:
  std::int64_t words;       // at least 1
  std::int64_t half;        // of the SRAM; of an input's, which SCALE-Sim manages in hundredths, 50
  std::int64_t first_line;  // of fold 0 in which the array touches one

  // All words have crossed before the first fold.
  [[nodiscard]] bool fits() const { return words <= half; }

  // The cycle in which the array reads or makes word `ordinal` (from 1) when a fold begins every
  // `fold_cycles`. Where windows share words, those that the array reads are taken to be new at an
  // even rate.
  [[nodiscard]] std::int64_t cycle_of_word(std::int64_t ordinal, std::int64_t fold_cycles) const;

 private:
  friend PerMemory<DramStream> dram_streams(
      const Folding& folding, const Layer& layer, const PerMemory<std::int64_t>& sram_words);
  DramStream(const EdgeStream& edge, std::int64_t dram_words, std::int64_t sram_half,
             bool once_a_column_fold);

  EdgeStream edge_;
  bool once_a_column_fold_;  // only the folds with row fold 0 fetch
};

[[nodiscard]] PerMemory<DramStream> dram_streams(
    const Folding& folding, const Layer& layer, const PerMemory<std::int64_t>& sram_words);

}  // namespace headroom::scalesim
