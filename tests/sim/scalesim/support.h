// What the tests of the SCALE-Sim reader share.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "models/matrix_engine/analytic.h"
#include "models/matrix_engine/core.h"
#include "sim/config/error.h"
#include "sim/scalesim/evaluate.h"

namespace headroom::scalesim {

// The message of the InputError that `action` throws, "" if it throws none.
template <class Action>
std::string message_of(const Action& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

// The cycle fidelity without SystemC.
class CoreEngine final : public matrix_engine::MatrixEngine {
 public:
  explicit CoreEngine(const matrix_engine::ArrayParameters& array) : MatrixEngine(array) {}
  [[nodiscard]] Cycles cycles(const matrix_engine::Product& product) override {
    matrix_engine::Core core(parameters(), product, matrix_engine::open_edges());
    while (!core.done()) core.advance();
    return core.cycles();
  }
  [[nodiscard]] Fidelity fidelity() const override { return Fidelity::cycle; }
};

inline Configuration configuration(
    Dataflow dataflow, int rows, int columns, std::int64_t sram_kib = 64) {
  Configuration result;
  result.run_name = "test";
  result.rows = rows;
  result.columns = columns;
  result.dataflow = dataflow;
  result.sram_words = {1024 * sram_kib, 1024 * sram_kib, 1024 * sram_kib};
  return result;
}

// The convolution that a product is.
inline Layer product_layer(std::int64_t m, std::int64_t n, std::int64_t k) {
  return {"product", m, k, 1, k, 1, n, 1, 1, {}};
}

inline LayerResult evaluate(const Configuration& array, const Layer& layer) {
  matrix_engine::AnalyticEngine engine(array_of(array));
  return evaluate(array, layer, engine);
}

}  // namespace headroom::scalesim
