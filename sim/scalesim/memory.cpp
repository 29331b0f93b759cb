#include "sim/scalesim/memory.h"

#include <algorithm>
#include <cmath>

namespace headroom::scalesim {
namespace {

// Elements of a side of the input that all windows together read, counted once for each window, or
// once in all. A last window that reaches beyond the edge reads less.
struct Side {
  std::int64_t valid, distinct;
};

Side side(std::int64_t ifmap, std::int64_t filter, std::int64_t stride, std::int64_t ofmap) {
  const std::int64_t reach = (ofmap - 1) * stride + filter;
  const std::int64_t valid = ofmap * filter - std::max<std::int64_t>(0, reach - ifmap);
  return {valid, stride >= filter ? valid : std::min(reach, ifmap)};
}

// words * part / whole to the nearest; as a double, because the product may overflow.
std::int64_t share(std::int64_t words, std::int64_t part, std::int64_t whole) {
  return std::llround(
      static_cast<double>(words) * static_cast<double>(part) / static_cast<double>(whole));
}

// Words of the rows of the input that the windows of `pixels` consecutive outputs touch.
std::int64_t band_words(const Layer& layer, std::int64_t pixels) {
  const std::int64_t ofmap_rows = std::min(
      layer.ofmap_height(), (pixels - 1) / layer.ofmap_width() + (pixels > 1 ? 2 : 1));
  const std::int64_t rows = std::min(
      layer.ifmap_height, (ofmap_rows - 1) * layer.stride_height + layer.filter_height);
  return rows * layer.ifmap_width * layer.channels;
}

// Words of the input that cross the interface.
std::int64_t ifmap_words(const Folding& folding, const Layer& layer, std::int64_t half) {
  const Side height = side(
      layer.ifmap_height, layer.filter_height, layer.stride_height, layer.ofmap_height());
  const Side width = side(
      layer.ifmap_width, layer.filter_width, layer.stride_width, layer.ofmap_width());
  const std::int64_t valid = height.valid * width.valid * layer.channels;
  const std::int64_t distinct = height.distinct * width.distinct * layer.channels;
  if (distinct <= half) return distinct;
  const bool held = folding.dataflow == Dataflow::input_stationary;
  const std::int64_t sweeps = held ? 1 : folding.column_folds;
  const bool weight_stationary = folding.dataflow == Dataflow::weight_stationary;
  const std::int64_t pixels = weight_stationary ? 1 : held ? folding.columns : folding.rows;
  if (band_words(layer, std::min(pixels, layer.product().m)) > half) return sweeps * valid;
  if (!weight_stationary) return sweeps * distinct;
  // A weight-stationary fold sweeps over all windows with a slice of each.
  const auto slice = [&](std::int64_t row_fold) {
    return share(valid, folding.rows_used(row_fold), folding.row_extent);
  };
  if (slice(0) <= distinct) return sweeps * valid;
  return sweeps *
         ((folding.row_folds - 1) * distinct + std::min(slice(folding.row_folds - 1), distinct));
}

}  // namespace

DramStream::DramStream(const EdgeStream& edge, std::int64_t dram_words, std::int64_t sram_half,
                       bool once_a_column_fold)
    : words(dram_words),
      half(sram_half),
      first_line(edge.first_line()),
      edge_(edge),
      once_a_column_fold_(once_a_column_fold) {}

std::int64_t DramStream::cycle_of_word(std::int64_t ordinal, std::int64_t fold_cycles) const {
  const std::int64_t passing = once_a_column_fold_ ? words : edge_.words();
  const std::int64_t passed = passing == words ? ordinal : share(passing, ordinal, words);
  return edge_.cycle_of_word(
      std::clamp<std::int64_t>(passed, 1, passing), fold_cycles, once_a_column_fold_);
}

PerMemory<DramStream> dram_streams(
    const Folding& folding, const Layer& layer, const PerMemory<std::int64_t>& sram_words) {
  const EdgeStream ifmap(folding, Operand::ifmap);
  const EdgeStream filter(folding, Operand::filter);
  const EdgeStream ofmap(folding, Operand::ofmap);
  const std::int64_t ifmap_half = sram_words.ifmap / 100 * 50;
  const std::int64_t filter_half = sram_words.filter / 100 * 50;
  const matrix_engine::Product product = layer.product();
  const std::int64_t distinct = product.k * product.n;
  const bool shared = folding.dataflow == Dataflow::output_stationary &&
                      filter.words(0, 0) <= filter_half;
  const bool once = distinct <= filter_half || shared;
  return {DramStream(ifmap, ifmap_words(folding, layer, ifmap_half), ifmap_half, false),
          DramStream(filter, once ? distinct : filter.words(), filter_half, shared),
          DramStream(ofmap, ofmap.words(), sram_words.ofmap / 2, false)};
}

}  // namespace headroom::scalesim
