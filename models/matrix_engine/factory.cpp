#include "models/matrix_engine/analytic.h"
#include "models/matrix_engine/cycle.h"
#include "models/matrix_engine/matrix_engine.h"
#include "models/matrix_engine/rtl.h"

namespace headroom::matrix_engine {

std::unique_ptr<MatrixEngine> make_matrix_engine(
    Fidelity fidelity, const ArrayParameters& parameters) {
  switch (fidelity) {
    case Fidelity::analytic: return std::make_unique<AnalyticEngine>(parameters);
    case Fidelity::cycle: return std::make_unique<CycleEngine>(parameters);
    case Fidelity::rtl: return std::make_unique<RtlEngine>(parameters);
    case Fidelity::golden: break;
  }
  throw UnavailableFidelity(
      "matrix_engine has the fidelities", "analytic, cycle, rtl for time", "golden");
}

}  // namespace headroom::matrix_engine
