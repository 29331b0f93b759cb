// The matrix engine at cycle fidelity: as a SystemC module, and alone without a kernel.
#pragma once

#include <cstdint>
#include <systemc>

#include "models/matrix_engine/core.h"
#include "models/matrix_engine/matrix_engine.h"

namespace headroom::matrix_engine {

// Works off one product from time zero on and notifies finished() in the cycle after the last
// output beat. It has no clock: it activates only where an edge may change.
class CycleArray : public sc_core::sc_module {
 public:
  // The edges outlive the module.
  CycleArray(const sc_core::sc_module_name& name, const ArrayParameters& array,
             const Product& product, const Edges& edges, const sc_core::sc_time& period);

  [[nodiscard]] const sc_core::sc_event& finished() const { return finished_; }
  [[nodiscard]] bool done() const { return core_.done(); }
  [[nodiscard]] Cycles cycles() const { return core_.cycles(); }
  [[nodiscard]] std::int64_t folds() const { return core_.folds(); }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  void advance();

  Core core_;
  const sc_core::sc_time period_;
  std::uint64_t events_ = 0;
  sc_core::sc_event finished_;
};

// The same core, run to its end at once: usable whether or not a simulation is running.
class CycleEngine final : public MatrixEngine {
 public:
  explicit CycleEngine(const ArrayParameters& parameters);
  [[nodiscard]] Cycles cycles(const Product& product) override;
  [[nodiscard]] Fidelity fidelity() const override { return Fidelity::cycle; }
};

}  // namespace headroom::matrix_engine
