#include "sim/mapping/optimizer.h"

#include "sim/workload/graph.h"
#include "sim/workload/precision.h"

namespace headroom {
namespace {

constexpr double master_bytes = 4;
constexpr double scaled_block = 2048;  // elements of an int8 moment that share a scale of four
                                       // bytes

double moment_bytes(OptimizerState state) {
  switch (state) {
    case OptimizerState::fp32: return 4;
    case OptimizerState::bf16: return 2;
    case OptimizerState::int8: break;
  }
  return 1 + 4 / scaled_block;
}

// Scale and look up; absolute value, maximum, scale and search.
double moment_operations(OptimizerState state) { return state == OptimizerState::int8 ? 6 : 0; }

}  // namespace

UpdateCost update_cost(Optimizer optimizer, OptimizerState state) {
  const double bytes = moment_bytes(state), operations = moment_operations(state);
  switch (optimizer) {
    case Optimizer::adam: return {master_bytes + 2 * bytes, 0, 12 + 2 * operations, 2};
    // And the decay of the weight.
    case Optimizer::adamw: return {master_bytes + 2 * bytes, 0, 13 + 2 * operations, 2};
    // Momentum, decay, step, conversion.
    case Optimizer::sgd: return {master_bytes + bytes, 0, 4 + operations, 0};
    case Optimizer::muon: break;
  }
  // Momentum and Nesterov's look ahead; then what the iterations made of them: scale, decay, step.
  return {master_bytes + bytes, activation_bytes, 6 + operations, 0};
}

Optimizer optimizer_of_ends(Optimizer optimizer) {
  return optimizer == Optimizer::muon ? Optimizer::adamw : optimizer;
}

std::vector<Matrices> matrices_of(const ModelDescription& model, const LayerKind& kind) {
  std::vector<Matrices> result;
  for (const Operator& op : layer_forward(model, kind, GraphShape{1, 1, 1}))
    if (op.kind == OperatorKind::linear || op.kind == OperatorKind::grouped)
      result.push_back({op.inputs, op.outputs, op.groups, op.kind == OperatorKind::grouped});
  return result;
}

}  // namespace headroom
