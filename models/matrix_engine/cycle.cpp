#include "models/matrix_engine/cycle.h"

namespace headroom::matrix_engine {

CycleArray::CycleArray(const sc_core::sc_module_name& name, const ArrayParameters& array,
                       const Product& product, const Edges& edges, const sc_core::sc_time& period)
    : sc_core::sc_module(name),
      core_(array, product, edges),
      period_(period),
      finished_("finished") {
  SC_HAS_PROCESS(CycleArray);
  SC_METHOD(advance);
}

void CycleArray::advance() {
  if (core_.done()) {
    finished_.notify(sc_core::SC_ZERO_TIME);
    return;
  }
  ++events_;
  next_trigger(period_ * static_cast<double>(core_.advance()));
}

CycleEngine::CycleEngine(const ArrayParameters& parameters) : MatrixEngine(parameters) {
  check(parameters);
  refuse_chained_folds(parameters, "cycle");
}

Cycles CycleEngine::cycles(const Product& product) {
  Core core(parameters(), product, open_edges());
  while (!core.done()) core.advance();
  return core.cycles();
}

}  // namespace headroom::matrix_engine
