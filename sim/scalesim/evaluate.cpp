#include "sim/scalesim/evaluate.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "models/matrix_engine/fold_time.h"
#include "sim/scalesim/calculated.h"
#include "sim/scalesim/double_buffer.h"
#include "sim/scalesim/folding.h"

namespace headroom::scalesim {
namespace {

// An SRAM answers in the cycle after the request; SCALE-Sim's reports show the answer's cycle.
constexpr std::int64_t sram_latency = 1;

double ratio(std::int64_t a, std::int64_t b) {
  return static_cast<double>(a) / static_cast<double>(b);
}

// The part of `product` that one fold of the array covers, full in the array's two directions.
matrix_engine::Product one_fold(
    const matrix_engine::ArrayParameters& array, const matrix_engine::Product& product) {
  switch (array.dataflow) {
    case Dataflow::output_stationary: return {array.rows, array.columns, product.k};
    case Dataflow::input_stationary: return {array.columns, product.n, array.rows};
    case Dataflow::weight_stationary: break;
  }
  return {product.m, array.columns, array.rows};
}

// The last line of the last fold in which a word of the input is read. Windows that reach beyond
// the input's edge read less than their lanes could; of a held input this is not followed.
std::int64_t last_ifmap_line(const Folding& folding, const Layer& layer) {
  const EdgeStream stream(folding, Operand::ifmap);
  if (folding.dataflow == Dataflow::input_stationary) return stream.last_line();
  const matrix_engine::Product product = layer.product();
  const std::int64_t rows_before = (folding.row_folds - 1) * folding.rows;
  const bool output_stationary = folding.dataflow == Dataflow::output_stationary;
  const std::int64_t first_pixel = output_stationary ? rows_before : 0;
  const std::int64_t first_k = output_stationary ? 0 : rows_before;
  std::int64_t last = 0;  // lines behind the stream's first
  for (std::int64_t pixel = product.m - 1;
       pixel >= first_pixel && pixel - first_pixel + product.k - 1 - first_k > last; --pixel) {
    const std::int64_t y = pixel / layer.ofmap_width() * layer.stride_height;
    const std::int64_t x = pixel % layer.ofmap_width() * layer.stride_width;
    const std::int64_t height = std::min(layer.filter_height, layer.ifmap_height - y);
    const std::int64_t width = std::min(layer.filter_width, layer.ifmap_width - x);
    const std::int64_t k = ((height - 1) * layer.filter_width + width) * layer.channels - 1;
    if (k >= first_k) last = std::max(last, pixel - first_pixel + k - first_k);
  }
  return stream.first_line() + last;
}

PerMemory<Access> sram_accesses(
    const Folding& folding, const Layer& layer, std::int64_t last_fold_begin) {
  const auto access = [&](Operand operand, std::int64_t last_line, std::int64_t latency) {
    const EdgeStream stream(folding, operand);
    return Access{
        stream.first_line() + latency, last_fold_begin + last_line + latency, stream.words()};
  };
  PerMemory<Access> sram{
      access(Operand::ifmap, last_ifmap_line(folding, layer), sram_latency),
      access(Operand::filter, EdgeStream(folding, Operand::filter).last_line(), sram_latency),
      access(Operand::ofmap, EdgeStream(folding, Operand::ofmap).last_line(), 0)};
  // SCALE-Sim adds the array's height and width to the words that each output-stationary fold
  // writes.
  if (folding.dataflow == Dataflow::output_stationary)
    sram.ofmap.words += folding.count() * (folding.rows + folding.columns);
  return sram;
}

void set_utilization(LayerResult& result, const Folding& folding) {
  const std::int64_t elements = folding.rows * folding.columns;
  // A single multiply-accumulate ends in cycle 0, by which SCALE-Sim divides.
  result.overall_utilization = ratio(
      result.macs, std::max<std::int64_t>(1, result.total_cycles) * elements);
  // Folds use row_extent rows and column_extent columns in all, each pair of folds both.
  const std::int64_t used = folding.row_extent * folding.column_extent;
  result.mapping_efficiency = ratio(used, folding.count() * elements);
  // SCALE-Sim's length of a fold for this one figure: with a stationary input it counts the skew of
  // the columns twice.
  const bool output_stationary = folding.dataflow == Dataflow::output_stationary;
  const std::int64_t length = folding.beats + folding.rows + folding.columns - 2 +
                              (output_stationary ? 0 : folding.rows + folding.columns - 1);
  result.compute_utilization = result.mapping_efficiency * ratio(folding.beats, length);
}

Timeline given(const Configuration& configuration, const Layer& layer, const Folding& folding,
               const PerMemory<DramStream>& streams, std::int64_t fold_cycles) {
  constexpr std::int64_t max_swaps = 100'000'000;  // some ten seconds
  if (swaps(streams) > max_swaps)
    throw InputError(
        layer.at, fmt::format("layer '{}'", layer.name),
        fmt::format("words for {} fillings of half an SRAM", swaps(streams)),
        fmt::format("at most {}: a smaller layer or larger SRAMs", max_swaps));
  return double_buffered(folding, streams, configuration.bandwidth, fold_cycles);
}

}  // namespace

matrix_engine::ArrayParameters array_of(const Configuration& configuration) {
  matrix_engine::ArrayParameters array;
  array.rows = configuration.rows;
  array.columns = configuration.columns;
  array.format = Format::int8;  // a word is a byte
  array.dataflow = configuration.dataflow;
  array.double_buffered = false;
  array.accumulator_rows = std::numeric_limits<int>::max();
  return array;
}

std::int64_t fold_cycles(
    matrix_engine::MatrixEngine& engine, const matrix_engine::Product& product) {
  const matrix_engine::ArrayParameters& array = engine.parameters();
  const matrix_engine::Product fold = one_fold(array, product);
  const std::int64_t drain_offset = matrix_engine::fold_time(array, 1).drain;
  return static_cast<std::int64_t>(engine.cycles(fold)) - drain_offset;
}

LayerResult evaluate(const Configuration& configuration, const Layer& layer,
                     matrix_engine::MatrixEngine& engine) {
  const matrix_engine::Product product = layer.product();
  const Folding folding(configuration.dataflow, configuration.rows, configuration.columns, product);
  const PerMemory<DramStream> streams = dram_streams(folding, layer, configuration.sram_words);
  const std::int64_t cycles = fold_cycles(engine, product);
  const Timeline timeline = configuration.user_bandwidth
                                ? given(configuration, layer, folding, streams, cycles)
                                : calculated(folding, streams, cycles);
  LayerResult result;
  result.folds = folding.count();
  result.macs = product.m * product.n * product.k;
  result.total_cycles = timeline.end - 1;
  result.stall_cycles = timeline.end - folding.count() * cycles;
  result.sram = sram_accesses(folding, layer, timeline.last_fold_begin);
  result.dram = timeline.dram;
  result.cycles_with_prefetch = result.dram.ofmap.stop -
                                std::min(result.dram.ifmap.start, result.dram.filter.start);
  set_utilization(result, folding);
  return result;
}

}  // namespace headroom::scalesim
