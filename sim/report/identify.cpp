#include "sim/report/identify.h"

#include <algorithm>

namespace headroom {

void identify(Result& result, const Experiment& experiment) {
  const FidelityChoice& fidelity = experiment.fidelity;
  result.experiment = experiment.name;
  result.config_digest = experiment.digest;
  result.fidelity.matrix_engine = to_string(fidelity.matrix_engine);
  result.fidelity.vector_unit = to_string(fidelity.vector_unit);
  result.fidelity.hbm = to_string(fidelity.hbm);
  result.fidelity.link = to_string(fidelity.link);
  result.setup.model = experiment.model.id;
  result.setup.chip = experiment.chip.id;
  result.setup.cluster = experiment.cluster.id;
  result.setup.chips = experiment.cluster.chips;
  result.setup.plan = experiment.plan;
  // What the input left open stands before what the simulation assumed; an engine may have passed
  // it on already.
  auto& assumed = result.assumed;
  std::size_t place = 0;
  for (const std::string& entry : experiment.assumed)
    if (std::find(assumed.begin(), assumed.end(), entry) == assumed.end())
      assumed.insert(assumed.begin() + static_cast<std::ptrdiff_t>(place++), entry);
}

}  // namespace headroom
