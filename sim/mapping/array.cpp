#include "sim/mapping/array.h"

#include <utility>

namespace headroom {

matrix_engine::ArrayParameters array_of(const ChipDescription& chip, Format format) {
  matrix_engine::ArrayParameters array;
  array.rows = chip.matrix.rows;
  array.columns = chip.matrix.columns;
  array.dot_length = static_cast<int>(chip.matrix.dot_length * chip.matrix.rate.at(format));
  array.format = format;
  array.double_buffered = chip.matrix.double_buffered;
  return array;
}

ArrayCycles cost_of(std::shared_ptr<matrix_engine::MatrixEngine> engine) {
  return [engine = std::move(engine)](const Product& product) { return engine->cycles(product); };
}

}  // namespace headroom
