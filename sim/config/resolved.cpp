#include "sim/config/chip.h"
#include "sim/config/cluster.h"
#include "sim/config/load.h"
#include "sim/config/memory.h"
#include "sim/config/plan.h"
#include "sim/config/reliability.h"
#include "sim/config/stack.h"

namespace headroom {
namespace {

// The binding names every member, so that a new one cannot be forgotten here: it does not compile
// then.
config::Json write_model(const ModelDescription& model) {
  const auto& [id, family, layers, hidden, heads, kv_heads, head_dim, ffn, gated, vocab,
               max_positions, embedding_width, position_rows, norm, positions, attention_bias,
               mlp_bias, final_norm, tied_embedding] = model;
  static_cast<void>(id);  // a name or a path, which the outcome does not depend on
  return {
      {"family", family},
      {"layers", layers},
      {"hidden", hidden},
      {"heads", heads},
      {"kv_heads", kv_heads},
      {"head_dim", head_dim},
      {"ffn", ffn},
      {"gated", gated},
      {"vocab", vocab},
      {"max_positions", max_positions},
      {"embedding_width", embedding_width},
      {"position_rows", position_rows},
      {"norm", norm == Norm::layer ? "layer" : "rms"},
      {"positions", positions == Positions::learned ? "learned" : "rotary"},
      {"attention_bias", attention_bias},
      {"mlp_bias", mlp_bias},
      {"final_norm", final_norm},
      {"tied_embedding", tied_embedding}};
}

}  // namespace

config::Json resolved(const Experiment& experiment) {
  config::Json chip = config::chip_record().write(experiment.chip);
  chip["hbm"].update(config::write_device(experiment.chip.hbm.device));
  return {
      {"model", write_model(experiment.model)},
      {"cluster", config::write_cluster(experiment.cluster)},
      {"chip", std::move(chip)},
      {"plan", config::plan_record().write(experiment.plan)},
      {"reliability", config::reliability_record().write(experiment.reliability)},
      {"stack", config::stack_record().write(experiment.stack)},
      {"fidelity", config::fidelity_record().write(experiment.fidelity)}};
}

}  // namespace headroom
