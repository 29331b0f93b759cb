#include "sim/validation/compare.h"

#include <fmt/format.h>

#include "sim/validation/convention.h"

namespace headroom::validation {
namespace {

constexpr double tera = 1e12;

// Seconds of a step of the plan as resolved, by a column of time or rate.
struct Timed {
  std::string column;
  double step_s;
};

std::optional<Timed> timed(const PublishedRun& run, const Plan& plan, bool derived) {
  const double sequences = static_cast<double>(plan.global_batch);
  const double tokens = sequences * static_cast<double>(plan.sequence);
  const auto may = [&](const char* column) { return run.derived(column) == derived; };
  if (run.step_time_s && may("step_time_s")) {
    const double stated = static_cast<double>(run.global_batch.value_or(plan.global_batch));
    return Timed{"step_time_s", *run.step_time_s * sequences / stated};
  }
  if (run.tokens_per_s_per_chip && may("tokens_per_s_per_chip"))
    return Timed{"tokens_per_s_per_chip",
                 tokens / (*run.tokens_per_s_per_chip * static_cast<double>(*run.chips))};
  if (run.tokens_per_s && may("tokens_per_s_total"))
    return Timed{"tokens_per_s_total", tokens / *run.tokens_per_s};
  return std::nullopt;
}

// A column of FLOP/s, and whether it counts what the chip does or what the model needs.
struct Counted {
  std::string column;
  double tflops;
  bool hardware;
};

std::optional<Counted> counted(const PublishedRun& run, bool derived) {
  const auto may = [&](const char* column) { return run.derived(column) == derived; };
  if (run.model_tflops && may("model_tflops_per_chip"))
    return Counted{"model_tflops_per_chip", *run.model_tflops, false};
  if (run.hardware_tflops && may("hw_tflops_per_chip"))
    return Counted{"hw_tflops_per_chip", *run.hardware_tflops, true};
  if (!run.peak_tflops) return std::nullopt;
  if (run.mfu && may("mfu_pct")) return Counted{"mfu_pct", *run.mfu * *run.peak_tflops, false};
  if (run.hfu && may("hfu_pct")) return Counted{"hfu_pct", *run.hfu * *run.peak_tflops, true};
  return std::nullopt;
}

// Seconds of a step that a count of FLOP/s stands for.
double step_of(const Counted& counted, const FlopConvention& convention, const ResolvedRun& run) {
  const double chips = static_cast<double>(run.experiment.cluster.chips);
  return step_flops(convention, run, counted.hardware) / (counted.tflops * tera * chips);
}

}  // namespace

bool states_throughput(const PublishedRun& run) {
  return run.step_time_s || run.tokens_per_s_per_chip || run.tokens_per_s || stated_tflops(run);
}

Figure stated_tflops(const PublishedRun& run) {
  if (run.model_tflops) return run.model_tflops;
  if (run.hardware_tflops) return run.hardware_tflops;
  if (!run.peak_tflops) return std::nullopt;
  if (run.mfu) return *run.mfu * *run.peak_tflops;
  if (run.hfu) return *run.hfu * *run.peak_tflops;
  return std::nullopt;
}

std::optional<Comparison> compare(const PublishedRun& run, const ResolvedRun& resolved,
                                  const Predicted& predicted, const RunTables& tables) {
  const FlopConvention* convention = convention_of(run, tables);
  Comparison result;
  for (const bool derived : {false, true}) {
    if (const auto time = timed(run, resolved.experiment.plan, derived); time) {
      result.figure = time->column;
      result.published_step_s = time->step_s;
      break;
    }
    const auto count = counted(run, derived);
    if (!count) continue;
    if (convention == nullptr) return std::nullopt;
    result.figure = count->column;
    result.published_step_s = step_of(*count, *convention, resolved);
    break;
  }
  if (result.figure.empty()) return std::nullopt;
  const double faster = result.published_step_s / predicted.step_s;
  if (const Figure stated = stated_tflops(run); stated) {
    result.convention = convention != nullptr ? convention->name
                                              : "the row's, which it does not name";
    result.published_tflops = *stated;
    result.predicted_tflops = *stated * faster;
  } else {
    const double chips = static_cast<double>(resolved.experiment.cluster.chips);
    result.convention = "ours: causal attention, no recomputation (the row states no FLOP/s)";
    result.predicted_tflops = predicted.model_flops / (predicted.step_s * chips * tera);
    result.published_tflops = result.predicted_tflops / faster;
  }
  return result;
}

}  // namespace headroom::validation
