// The matrix engine at rtl fidelity: rtl/matrix_engine, compiled by Verilator, fed and drained at
// its edges.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "models/matrix_engine/edge.h"
#include "models/matrix_engine/golden.h"
#include "models/matrix_engine/matrix_engine.h"
#include "models/matrix_engine/rtl_pins.h"

namespace headroom::matrix_engine {

struct RtlRun {
  Cycles cycles = 0;     // first accepted to last delivered beat, inclusive
  Cycles simulated = 0;  // from reset to the last delivered beat
  std::int64_t folds = 0;
  std::vector<std::uint32_t> values;  // bits of C, m x n row by row
};

// Throws UnavailableFidelity unless the variant was built; the text lists those that were.
void check_rtl_variant(const ArrayParameters& array);

// One product from reset to its last output beat. Throws std::logic_error when nothing moves for a
// million cycles.
[[nodiscard]] RtlRun run_rtl(const ArrayParameters& array, const golden::Operands& operands,
                             const Edges& edges, std::uint64_t seed = 0);

class RtlEngine final : public MatrixEngine {
 public:
  explicit RtlEngine(const ArrayParameters& parameters);
  [[nodiscard]] Cycles cycles(const Product& product) override;
  [[nodiscard]] Fidelity fidelity() const override { return Fidelity::rtl; }

 private:
  std::map<std::tuple<std::int64_t, std::int64_t, std::int64_t>, Cycles> known_;
};

}  // namespace headroom::matrix_engine
