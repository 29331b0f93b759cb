#include "sim/validation/predict.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/hbm/bandwidth.h"
#include "sim/engine/analytic_step.h"
#include "sim/engine/workers.h"
#include "sim/mapping/memory.h"
#include "sim/report/causes.h"
#include "sim/report/invariants.h"
#include "sim/validation/compare.h"
#include "sim/validation/interval.h"

namespace headroom::validation {
namespace {

RunOutcome about(const PublishedRun& run) {
  RunOutcome outcome;
  outcome.id = run.id;
  outcome.source = run.source;
  outcome.chip = run.chip;
  outcome.model = run.model;
  return outcome;
}

RunOutcome skipped(const PublishedRun& run, const std::string& reason) {
  RunOutcome outcome = about(run);
  outcome.reason = reason;
  return outcome;
}

std::string words(const Plan& plan) {
  std::string text = fmt::format(
      "data {}, tensor {}, pipeline {}", plan.data, plan.tensor, plan.pipeline);
  if (plan.virtual_pipeline > 1) text += fmt::format(" x {} chunks", plan.virtual_pipeline);
  if (plan.context > 1) text += fmt::format(", context {}", plan.context);
  if (plan.expert > 1) text += fmt::format(", expert {}", plan.expert);
  return text + fmt::format(", sharding {}, recompute {}, batch {} by {}, sequence {}, {}",
                            to_string(plan.sharding), recompute_words(plan), plan.global_batch,
                            plan.micro_batch, plan.sequence, to_string(plan.format));
}

// Every cause that takes time, and the ideal, as shares of the step, the largest first.
std::vector<std::pair<std::string, double>> shares(const TimeBreakdown& time) {
  const double total = total_s(time);
  std::vector<std::pair<std::string, double>> result{{"useful matrix work", time.ideal_s / total}};
  for (const Cause& cause : causes(time))
    if (cause.seconds.value_or(0) != 0) result.emplace_back(cause.name, *cause.seconds / total);
  std::stable_sort(result.begin(), result.end(), [](const auto& a, const auto& b) {
    return a.second > b.second;
  });
  return result;
}

bool fits(const Experiment& experiment) {
  return peak_memory(experiment).total() <= experiment.chip.hbm.capacity.si();
}

void describe(const ResolvedRun& resolved, const Result& result, RunOutcome& outcome) {
  const Experiment& experiment = resolved.experiment;
  outcome.plan = words(experiment.plan);
  outcome.framework = resolved.framework;
  outcome.stack = resolved.stack;
  outcome.cluster = experiment.cluster.id;
  outcome.default_network = resolved.default_network;
  outcome.fits = fits(experiment);
  outcome.predicted_step_s = result.step.time_s;
  outcome.bound_by = result.bound_by;
  outcome.time = shares(result.time);
  outcome.assumptions = resolved.assumptions;
  outcome.digest = experiment.digest;
}

}  // namespace

namespace {

RunOutcome predict(const PublishedRun& run, const ResolvedRun& resolved, const Context& context) {
  const Result result = simulate(resolved.experiment, Tracing::off).result;
  RunOutcome outcome = about(run);
  describe(resolved, result, outcome);
  if (outcome.fits) check(result);
  const auto comparison = compare(
      resolved.run, resolved, {result.step.time_s, result.step.model_flops}, context.tables);
  if (!comparison) {
    outcome.status = Status::unknown_convention;
    outcome.convention = "not named; the prediction counts causal attention and no recomputation";
    outcome.predicted_tflops = result.throughput.model_tflops_per_chip;
    return outcome;
  }
  outcome.status = Status::used;
  outcome.figure = comparison->figure;
  outcome.convention = comparison->convention;
  outcome.predicted_tflops = comparison->predicted_tflops;
  outcome.published_tflops = comparison->published_tflops;
  outcome.published_step_s = comparison->published_step_s;
  outcome.error_pct = 100 * (outcome.predicted_tflops / outcome.published_tflops - 1);
  return outcome;
}

}  // namespace

RunOutcome predict(const PublishedRun& run, const Context& context) {
  if (!states_throughput(run)) return skipped(run, "row: states no throughput");
  const auto attempt = resolve(run, context);
  if (const auto* reason = std::get_if<Skipped>(&attempt); reason != nullptr)
    return skipped(run, reason->reason);
  ResolvedRun resolved = std::get<ResolvedRun>(attempt);
  if (context.prepare) context.prepare(resolved.experiment);
  RunOutcome outcome = predict(run, resolved, context);
  if (context.ranged != nullptr)
    outcome.interval = interval(run, resolved, outcome.predicted_tflops, context, *context.ranged);
  return outcome;
}

namespace {

RunOutcome predict_or_skip(const PublishedRun& run, const Context& context) {
  try {
    return predict(run, context);
  } catch (const std::exception& error) {
    return skipped(run, fmt::format("simulation: {}", error.what()));
  }
}

// Steps that are computed need no process each: every process takes its share of the runs.
std::vector<RunOutcome> compute_all(
    const std::vector<PublishedRun>& runs, const Context& context, std::size_t jobs,
    const std::function<void(std::size_t done)>& progress) {
  const std::size_t processes = std::clamp<std::size_t>(jobs, 1, runs.size());
  const auto work = [&](std::size_t first) {
    nlohmann::ordered_json outcomes = nlohmann::ordered_json::array();
    for (std::size_t i = first; i < runs.size(); i += processes)
      outcomes.push_back(to_json(predict_or_skip(runs[i], context)));
    return outcomes.dump();
  };
  std::vector<RunOutcome> outcomes(runs.size());
  std::size_t done = 0;
  const std::vector<WorkerAnswer> finished = run_forked(processes, processes, work, {});
  for (std::size_t first = 0; first < processes; ++first) {
    if (!finished[first].ok) throw std::runtime_error("predictions: " + finished[first].text);
    const auto share = nlohmann::ordered_json::parse(finished[first].text);
    for (std::size_t k = 0; k < share.size(); ++k, ++done)
      outcomes[first + k * processes] = outcome_from_json(share[k]);
    if (progress) progress(done);
  }
  return outcomes;
}

}  // namespace

std::vector<RunOutcome> predict_all(
    const std::vector<PublishedRun>& runs, const Context& context, std::size_t jobs,
    const std::function<void(std::size_t done)>& progress) {
  // Once here instead of in every fork: descriptions of configuration files and the rates of each
  // chip's HBM are found on first use and remembered.
  std::set<std::string> met;
  for (const PublishedRun& run : runs) {
    if (met.count(run.chip) > 0) continue;
    const auto resolved = resolve(run, context);
    if (!std::holds_alternative<ResolvedRun>(resolved)) continue;
    met.insert(run.chip);
    measure_all(std::get<ResolvedRun>(resolved).experiment.chip.hbm);
  }
  if (is_analytic(context.fidelity)) return compute_all(runs, context, jobs, progress);
  const auto work = [&](std::size_t i) { return to_json(predict(runs[i], context)).dump(); };
  const std::vector<WorkerAnswer> finished = run_forked(runs.size(), jobs, work, progress);
  std::vector<RunOutcome> outcomes;
  outcomes.reserve(runs.size());
  for (std::size_t i = 0; i < runs.size(); ++i)
    outcomes.push_back(
        finished[i].ok ? outcome_from_json(nlohmann::ordered_json::parse(finished[i].text))
                       : skipped(runs[i], fmt::format("simulation: {}", finished[i].text)));
  return outcomes;
}

}  // namespace headroom::validation
