// What passes the array's edges when, against a listing of every word of every line.
#include <map>
#include <random>

#include "sim/scalesim/folding.h"
#include "tests/sim/scalesim/support.h"

namespace headroom::scalesim {
namespace {

// Cycle of each word of an operand, in order of cycles.
std::vector<std::int64_t> listed(
    const Folding& folding, Operand operand, std::int64_t fold_cycles) {
  std::vector<std::int64_t> cycles;
  std::int64_t begin = 0;
  for (std::int64_t c0 = 0; c0 < folding.column_extent; c0 += folding.columns)
    for (std::int64_t r0 = 0; r0 < folding.row_extent; r0 += folding.rows, begin += fold_cycles) {
      const std::int64_t rows = std::min(folding.rows, folding.row_extent - r0);
      const std::int64_t columns = std::min(folding.columns, folding.column_extent - c0);
      const std::int64_t array_rows = folding.rows;
      std::multimap<std::int64_t, int> words;
      const auto stream = [&](std::int64_t lanes, std::int64_t first) {
        for (std::int64_t lane = 0; lane < lanes; ++lane)
          for (std::int64_t beat = 0; beat < folding.beats; ++beat)
            words.emplace(begin + first + beat + lane, 0);
      };
      // Row 0 is the top; the bottom row goes first.
      const auto block = [&](std::int64_t first, bool skewed) {
        for (std::int64_t row = 0; row < rows; ++row)
          for (std::int64_t column = 0; column < columns; ++column)
            words.emplace(begin + first + array_rows - 1 - row + (skewed ? column : 0), 0);
      };
      if (folding.dataflow == Dataflow::output_stationary) {
        if (operand == Operand::ifmap) stream(rows, 0);
        if (operand == Operand::filter) stream(columns, 0);
        if (operand == Operand::ofmap) block(folding.beats - 1, true);
      } else {
        const bool weights = folding.dataflow == Dataflow::weight_stationary;
        const Operand held = weights ? Operand::filter : Operand::ifmap;
        if (operand == held)
          block(0, false);
        else if (operand == Operand::ofmap)
          stream(columns, 2 * array_rows - 1);
        else
          stream(rows, array_rows);
      }
      for (const auto& [cycle, word] : words) cycles.push_back(cycle);
    }
  return cycles;
}

TEST(EdgeStream, AgreesWithEveryWordListed) {
  std::mt19937 generator(7);
  const auto pick = [&](int most) {
    return std::uniform_int_distribution<int>(1, most)(generator);
  };
  for (int i = 0; i < 300; ++i) {
    const Folding folding(
        static_cast<Dataflow>(i % 3), pick(6), pick(6), {pick(17), pick(17), pick(17)});
    // Long enough that no word of a fold passes in the next.
    const std::int64_t fold_cycles = folding.beats + 2 * folding.rows + folding.columns;
    for (const Operand operand : {Operand::ifmap, Operand::filter, Operand::ofmap}) {
      SCOPED_TRACE(testing::Message() << "case " << i << " operand " << static_cast<int>(operand));
      const std::vector<std::int64_t> cycles = listed(folding, operand, fold_cycles);
      const EdgeStream stream(folding, operand);
      ASSERT_EQ(stream.words(), static_cast<std::int64_t>(cycles.size()));
      EXPECT_EQ(stream.first_line(), cycles.front());
      EXPECT_EQ((folding.count() - 1) * fold_cycles + stream.last_line(), cycles.back());
      for (std::size_t word = 0; word < cycles.size(); ++word)
        ASSERT_EQ(stream.cycle_of_word(static_cast<std::int64_t>(word) + 1, fold_cycles, false),
                  cycles[word])
            << word;
    }
  }
}

}  // namespace
}  // namespace headroom::scalesim
