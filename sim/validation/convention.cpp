#include "sim/validation/convention.h"

#include "sim/workload/graph.h"

namespace headroom::validation {
namespace {

double as_double(std::int64_t value) { return static_cast<double>(value); }

// Parameters of one layer that its tokens are multiplied by: no norms, no biases.
double layer_products(const ModelDescription& model) {
  const double query = as_double(model.heads * model.head_dim),
               key_value = as_double(2 * model.kv_heads * model.head_dim),
               hidden = as_double(model.hidden);
  return hidden * (2 * query + key_value) + (model.gated ? 3 : 2) * hidden * as_double(model.ffn);
}

double keys_per_query(const std::string& attention, double sequence) {
  if (attention == "none") return 0;
  return attention == "causal" ? sequence / 2 : sequence;
}

}  // namespace

const FlopConvention* convention_of(const PublishedRun& run, const RunTables& tables) {
  for (const std::string* text : {&run.flops_convention, &run.derived_fields, &run.notes}) {
    if (text->empty()) continue;
    for (const FlopConvention& convention : tables.conventions)
      if (convention.source_match.matches(run.source) && convention.text_match.matches(*text))
        return &convention;
  }
  return nullptr;
}

double step_flops(const FlopConvention& convention, const ResolvedRun& run, bool hardware) {
  const ModelDescription& model = run.experiment.model;
  const Plan& plan = run.experiment.plan;
  // Layers of several kinds, experts and latents follow the operators: every published convention
  // of theirs counts the parameters that a token meets, and the mask.
  if (!model.pattern.empty() || model.experts.count > 0 || model.latent.kv_rank > 0)
    return closed_form_model_flops(model, plan.global_batch, plan.sequence);
  const bool again = (hardware || convention.recomputation) && plan.recompute == Recompute::full;
  const double passes = again ? 8 : 6;
  const double layers = as_double(model.layers);
  const double head = as_double(model.vocab * model.hidden);
  // "HFU = 4/3 MFU": sources that count N parameters count all of them again.
  const double products = convention.parameters == "total"
                              ? passes * run.parameters
                              : passes * layers * layer_products(model) + 6 * head;
  const double attention = 2 * passes * layers * as_double(model.heads * model.head_dim) *
                           keys_per_query(convention.attention, as_double(plan.sequence));
  return (products + attention) * as_double(plan.global_batch) * as_double(plan.sequence);
}

}  // namespace headroom::validation
