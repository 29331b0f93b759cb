// The plan of a published run.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/mapping/memory.h"
#include "sim/validation/resolve.h"

namespace headroom::validation {
namespace {

bool contains(std::string text, std::string_view word) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text.find(word) != std::string::npos;
}

// The words that sources have for a format.
Format format_of(const PublishedRun& run, std::vector<std::string>& assumptions) {
  const std::string& word = run.precision;
  if (word.empty()) {
    assumptions.emplace_back("plan: format bf16 (the row states none)");
    return Format::bf16;
  }
  if (contains(word, "nvfp4")) return Format::nvfp4;
  if (contains(word, "mxfp8") || (contains(word, "fp8-mx") && !contains(word, "fp8-cs")))
    return Format::mxfp8_e4m3;
  if (contains(word, "fp8")) return Format::fp8_e4m3;
  if (contains(word, "bf16") || contains(word, "bfloat16")) return Format::bf16;
  if (contains(word, "fp16") || contains(word, "float16")) return Format::fp16;
  throw Skipped{fmt::format("plan: precision '{}' is not known", word)};
}

// What a cell or a recipe says about sharding, least first; empty: nothing.
std::vector<Sharding> shardings_of(const std::string& word) {
  if (word.empty()) return {};
  const bool none = contains(word, "none") || contains(word, "ddp");
  std::vector<Sharding> result;
  if (none) result.push_back(Sharding::none);
  if (contains(word, "zero-1") || contains(word, "zero1") || contains(word, "distributed optim"))
    result.push_back(Sharding::zero1);
  if (contains(word, "zero-2") || contains(word, "zero2") || contains(word, "grad_op"))
    result.push_back(Sharding::zero2);
  if (contains(word, "zero-3") || contains(word, "zero3") || contains(word, "fsdp") ||
      contains(word, "full_shard"))
    result.push_back(Sharding::zero3);
  if (result.empty()) throw Skipped{fmt::format("plan: sharding '{}' is not known", word)};
  return result;
}

std::vector<Recompute> recomputes_of(const std::string& word) {
  if (word.empty()) return {};
  for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full})
    if (contains(word, to_string(recompute))) return {recompute};
  throw Skipped{fmt::format("plan: activation_recompute '{}' is not known", word)};
}

bool fits(const Experiment& experiment) {
  return peak_memory(experiment).total() <= experiment.chip.hbm.capacity.si();
}

class PlanResolver {
 public:
  PlanResolver(const PublishedRun& run, const Context& context, Experiment& experiment,
               std::vector<std::string>& assumptions)
      : run_(run),
        recipe_(recipe_of(run, context.tables)),
        framework_(framework_of(run, context.tables)),
        experiment_(experiment),
        plan_(experiment.plan),
        assumptions_(assumptions) {}

  void resolve() {
    plan_.format = format_of(run_, assumptions_);
    sizes();
    batch();
    candidates();
    memory();
  }

 private:
  void assume(const std::string& text) { assumptions_.push_back("plan: " + text); }

  [[nodiscard]] std::string recipe() const { return fmt::format("recipe ({})", recipe_->source); }

  void sizes() {
    plan_.context = run_.context.value_or(1);
    plan_.expert = run_.expert.value_or(1);
    plan_.virtual_pipeline = run_.virtual_pipeline.value_or(1);
    std::int64_t tensor = run_.tensor.value_or(0), pipeline = run_.pipeline.value_or(0);
    if (tensor == 0 && recipe_ != nullptr && recipe_->tensor > 0) {
      tensor = recipe_->tensor;
      assume(fmt::format("tensor {} from the {}", tensor, recipe()));
    }
    if (tensor == 0 && pipeline == 0 && !run_.data && recipe_ == nullptr)
      assume("no tensor, pipeline or data size is stated: data parallel over all chips");
    // With the data size given, what is missing is what the others leave.
    const std::int64_t chips = *run_.chips;
    const std::int64_t known = run_.data.value_or(0) * plan_.context *
                               std::max<std::int64_t>(1, std::max(tensor, pipeline));
    if (known > 0 && (tensor == 0) != (pipeline == 0) && chips % known == 0)
      (tensor == 0 ? tensor : pipeline) = chips / known;
    plan_.tensor = std::max<std::int64_t>(1, tensor);
    plan_.pipeline = std::max<std::int64_t>(1, pipeline);
    const std::int64_t others = plan_.tensor * plan_.pipeline * plan_.context;
    plan_.data = run_.data.value_or(std::max<std::int64_t>(1, chips / others));
    if (plan_.data * others != chips)
      throw Skipped{fmt::format(
          "plan: data {} x tensor {} x pipeline {} x context {} are not the "
          "row's {} chips",
          plan_.data, plan_.tensor, plan_.pipeline, plan_.context, chips)};
  }

  void batch() {
    if (plan_.context > 1)
      assume(fmt::format("context {}: the row does not say how", to_string(plan_.context_method)));
    plan_.sequence = run_.sequence.value_or(recipe_ != nullptr ? recipe_->sequence : 0);
    if (plan_.sequence == 0) throw Skipped{"plan: neither the row nor a recipe states seq_len"};
    if (!run_.sequence)
      assume(fmt::format("sequences of {} from the {}", plan_.sequence, recipe()));
    plan_.micro_batch = run_.micro_batch.value_or(0);
    std::int64_t global = run_.global_batch.value_or(0);
    if (global == 0 && recipe_ != nullptr && recipe_->sequences_per_chip > 0) {
      global = recipe_->sequences_per_chip * *run_.chips;
      assume(fmt::format("global batch {} from the {}", global, recipe()));
    }
    if (global == 0) {
      if (plan_.micro_batch == 0 || plan_.pipeline > 1)
        throw Skipped{"plan: neither the row nor a recipe states global_batch_seqs"};
      global = plan_.data * plan_.micro_batch;
      assume(fmt::format("global batch {}: one micro-batch a replica", global));
    }
    const std::int64_t unit = plan_.data * std::max<std::int64_t>(1, plan_.micro_batch);
    plan_.global_batch = std::max<std::int64_t>(1, (global + unit / 2) / unit) * unit;
    if (plan_.global_batch != global)
      assume(fmt::format(
          "global batch {} instead of {}, which {} replicas do not divide; rates are "
          "compared per token",
          plan_.global_batch, global, plan_.data));
  }

  void candidates() {
    shardings_ = shardings_of(run_.sharding);
    if (contains(run_.sharding, "offload")) {
      if (!experiment_.cluster.host.is_described())
        throw Skipped{fmt::format(
            "plan: sharding '{}': no host is described for cluster '{}'", run_.sharding,
            experiment_.cluster.id)};
      plan_.offload = Offload::optimizer;
    }
    const std::string& by_recipe = recipe_ != nullptr ? recipe_->sharding : run_.sharding;
    if (shardings_.empty() && !by_recipe.empty()) {
      shardings_ = shardings_of(by_recipe);
      assume(fmt::format("sharding {} from the {}", by_recipe, recipe()));
    }
    if (shardings_.empty() && framework_ != nullptr && !framework_->sharding.empty()) {
      shardings_ = shardings_of(framework_->sharding);
      assume(fmt::format("sharding {}, as {} does unless told otherwise", framework_->sharding,
                         framework_->framework));
    }
    recomputes_ = recomputes_of(run_.recompute);
    if (recomputes_ == std::vector<Recompute>{Recompute::selective} && recipe_ != nullptr &&
        recipe_->recompute == "selective" && !recipe_->recompute_parts.empty()) {
      plan_.recompute = Recompute::selective;
      plan_.recompute_parts = recipe_->recompute_parts;
      assume(
          fmt::format("parts of recomputation {} from the {}", recompute_words(plan_), recipe()));
    }
    if (recomputes_.empty() && recipe_ != nullptr && !recipe_->recompute.empty()) {
      recomputes_ = recomputes_of(recipe_->recompute);
      plan_.recompute = recomputes_.front();
      plan_.recompute_parts = recipe_->recompute_parts;
      assume(fmt::format("recomputation {} from the {}", recompute_words(plan_), recipe()));
    }
  }

  // The least recomputation and sharding that fit; the most where none do.
  void memory() {
    const bool open_sharding = shardings_.size() != 1, open_recompute = recomputes_.empty();
    if (shardings_.empty()) {
      shardings_ = {Sharding::none};
      if (plan_.data > 1) shardings_.push_back(Sharding::zero1);
      if (plan_.data > 1 && plan_.pipeline == 1) shardings_.push_back(Sharding::zero3);
    }
    if (recomputes_.empty()) recomputes_ = {Recompute::none, Recompute::selective, Recompute::full};
    if (plan_.micro_batch == 0) choose_micro_batch();
    const bool found = choose_least();
    experiment_.allow_misfit = !found;
    if (open_sharding)
      assume(fmt::format("sharding {}{}", to_string(plan_.sharding),
                         found ? ", the least that fits" : ", the most"));
    if (open_recompute)
      assume(fmt::format("recomputation {}{}", to_string(plan_.recompute),
                         found ? ", the least that fits" : ", the most"));
    if (!found) {
      const double need = peak_memory(experiment_).total();
      assume(fmt::format("does not fit by our count: {:.1f} of {:.1f} GB; predicted all the same",
                         need / 1e9, experiment_.chip.hbm.capacity.si() / 1e9));
    }
  }

  bool choose_least() {
    for (const Recompute recompute : recomputes_)
      for (const Sharding sharding : shardings_) {
        plan_.recompute = recompute;
        plan_.sharding = sharding;
        if (fits(experiment_)) return true;
      }
    return false;
  }

  void choose_micro_batch() {
    const std::int64_t share = plan_.global_batch / plan_.data;
    if (plan_.pipeline > 1) {
      plan_.micro_batch = 1;
      return assume("micro-batch 1, as pipelines have their least bubble");
    }
    plan_.recompute = recomputes_.back();
    plan_.sharding = shardings_.back();
    for (std::int64_t parts = 1; parts <= share; ++parts) {
      if (share % parts != 0) continue;
      plan_.micro_batch = share / parts;
      if (fits(experiment_)) break;
    }
    assume(fmt::format("micro-batch {}, {} of a replica's {} sequences", plan_.micro_batch,
                       plan_.micro_batch == share ? "all" : "the most that fit", share));
  }

  const PublishedRun& run_;
  const Recipe* recipe_;
  const FrameworkOf* framework_;
  Experiment& experiment_;
  Plan& plan_;
  std::vector<std::string>& assumptions_;
  std::vector<Sharding> shardings_;
  std::vector<Recompute> recomputes_;
};

}  // namespace

void resolve_plan(const PublishedRun& run, const Context& context, Experiment& experiment,
                  std::vector<std::string>& assumptions) {
  PlanResolver(run, context, experiment, assumptions).resolve();
}

}  // namespace headroom::validation
