// The closed form of the matrix engine's time; no events, any parameters.
#pragma once

#include "models/matrix_engine/matrix_engine.h"

namespace headroom::matrix_engine {

class AnalyticEngine final : public MatrixEngine {
 public:
  explicit AnalyticEngine(const ArrayParameters& parameters);
  [[nodiscard]] Cycles cycles(const Product& product) override;
  [[nodiscard]] Fidelity fidelity() const override { return Fidelity::analytic; }
};

}  // namespace headroom::matrix_engine
