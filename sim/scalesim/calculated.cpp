#include "sim/scalesim/calculated.h"

namespace headroom::scalesim {
namespace {

// The words per cycle that SCALE-Sim assumes until the first half of an SRAM is full.
constexpr std::int64_t first_fetch_rate = 10;

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// What fits into half the SRAM comes before cycle 0, in whole hundredths of the SRAM. Else a half
// comes before the first request, and the last whole half has been asked for when its last word
// passes into the array.
Access fetched(const DramStream& stream, std::int64_t fold_cycles) {
  if (stream.fits()) {
    const std::int64_t hundredth = stream.half / 50;
    return {-ceil_div(ceil_div(stream.words, hundredth) * hundredth, first_fetch_rate), -1,
            stream.words};
  }
  const std::int64_t in_whole_halves = stream.words / stream.half * stream.half;
  return {stream.first_line - ceil_div(stream.half, first_fetch_rate),
          stream.cycle_of_word(in_whole_halves, fold_cycles) + 1, stream.words};
}

// A word for each column a cycle: from the last cycle on where half the SRAM holds all results,
// else from the cycle in which they exceed it. That drain flushes the line of words that is being
// put together, and SCALE-Sim counts the line as full.
Access drained(const DramStream& stream, std::int64_t columns, std::int64_t fold_cycles,
               std::int64_t last_cycle) {
  if (stream.fits())
    return {last_cycle, last_cycle + ceil_div(stream.words, columns) - 1, stream.words};
  const std::int64_t padding = columns - 1 - stream.half % columns;
  const std::int64_t rest = stream.words - (stream.words - 1) / stream.half * stream.half;
  return {stream.cycle_of_word(stream.half + 1, fold_cycles),
          last_cycle + ceil_div(rest + padding, columns) - 1, stream.words + padding};
}

}  // namespace

Timeline calculated(const Folding& folding, const PerMemory<DramStream>& streams,
                    std::int64_t fold_cycles) {
  const std::int64_t end = folding.count() * fold_cycles;
  return {end - fold_cycles,
          end,
          {fetched(streams.ifmap, fold_cycles), fetched(streams.filter, fold_cycles),
           drained(streams.ofmap, folding.columns, fold_cycles, end - 1)}};
}

}  // namespace headroom::scalesim
