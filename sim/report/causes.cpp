#include "sim/report/causes.h"

namespace headroom {

std::vector<Cause> causes(const TimeBreakdown& time) {
  return {
      {"power-limited clock", "clock_s", time.clock_s},
      {"array shape and tiling", "shape_s", time.shape_s},
      {"on-chip stall", "on_chip_stall_s", time.on_chip_stall_s},
      {"HBM stall", "memory_stall_s", time.memory_stall_s},
      {"vector work", "vector_s", time.vector_s},
      {"recomputation", "recompute_s", time.recompute_s},
      {"exposed tensor communication", "exposed_communication_s.tensor", time.exposed_tensor_s},
      {"exposed pipeline communication", "exposed_communication_s.pipeline",
       time.exposed_pipeline_s},
      {"exposed data communication", "exposed_communication_s.data", time.exposed_data_s},
      {"exposed expert communication", "exposed_communication_s.expert", time.exposed_expert_s},
      {"exposed context communication", "exposed_communication_s.context", time.exposed_context_s},
      {"pipeline bubble", "bubble_s", time.bubble_s},
      {"optimiser", "optimizer_s", time.optimizer_s},
      {"host", "host_s", time.host_s},
      {"stragglers", "straggler_s", time.straggler_s},
  };
}

double total_s(const TimeBreakdown& time) {
  double total = time.ideal_s;
  for (const Cause& cause : causes(time)) total += cause.seconds.value_or(0);
  return total;
}

std::string largest_cause(const TimeBreakdown& time) {
  std::string name = "useful matrix work";
  double most = 0;
  for (const Cause& cause : causes(time)) {
    if (cause.seconds.value_or(0) <= most) continue;
    most = *cause.seconds;
    name = cause.name;
  }
  return name;
}

}  // namespace headroom
