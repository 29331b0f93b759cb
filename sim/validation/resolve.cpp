#include "sim/validation/resolve.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/config/digest.h"
#include "sim/config/load.h"
#include "sim/config/load_chip.h"
#include "sim/config/load_cluster.h"
#include "sim/config/plan.h"
#include "sim/config/stack.h"

namespace headroom::validation {
namespace {

const ChipName& chip_name(const PublishedRun& run, const RunTables& tables) {
  for (const ChipName& name : tables.chips)
    if (name.match.matches(run.chip) && name.source_match.matches(run.source)) return name;
  throw Skipped{fmt::format("chip: '{}' is not described yet", run.chip)};
}

const ClusterOf* cluster_of(const PublishedRun& run, const RunTables& tables) {
  for (const ClusterOf& cluster : tables.clusters)
    if (cluster.source_match.matches(run.source) && cluster.chip_match.matches(run.chip))
      return &cluster;
  return nullptr;
}

// A row of a mixture of experts whose name stands for none.
void refuse_unknown_experts(const PublishedRun& run, const ModelDescription& model) {
  if (model.experts.count == 0 && (run.active_parameters || run.expert.value_or(1) > 1))
    throw Skipped{fmt::format("model: the experts of '{}' are not described yet", run.model)};
}

// One of the slices that the run's chips are in, with its share of the batch.
PublishedRun one_slice(const PublishedRun& run, std::int64_t slice,
                       std::vector<std::string>& assumptions) {
  if (slice == 0 || *run.chips <= slice || *run.chips % slice != 0) return run;
  const std::int64_t slices = *run.chips / slice;
  PublishedRun one = run;
  one.chips = slice;
  for (Count PublishedRun::*count : {&PublishedRun::global_batch, &PublishedRun::data})
    if (one.*count) {
      if (*(one.*count) % slices != 0)
        throw Skipped{fmt::format("row: its {} slices have no equal shares of the batch", slices)};
      one.*count = *(one.*count) / slices;
    }
  if (one.tokens_per_s) one.tokens_per_s = *one.tokens_per_s / static_cast<double>(slices);
  assumptions.push_back(fmt::format(
      "network: one of {} slices of {} chips; the sum of gradients between slices is taken as free",
      slices, slice));
  return one;
}

// A note of the table's author that a row is no measurement of what it seems to be.
void refuse_disclaimed(const PublishedRun& run) {
  if (run.notes.find("do not validate") != std::string::npos)
    throw Skipped{"row: its own note says not to validate against it"};
}

// The message of an InputError; without the place where it is of the plan, which no file holds.
std::string complaint(const InputError& error, const PublishedRun& run) {
  const Position& at = error.position();
  if (at.file != run.id) return error.what();
  const std::string place = fmt::format("{}:{}:{}: ", at.file, at.line, at.column);
  return std::string(error.what()).substr(place.size());
}

// What the framework of the run does; without a known one launches are free.
void resolve_software(const PublishedRun& run, const Context& context, ResolvedRun& result) {
  const FrameworkOf* framework = framework_of(run, context.tables);
  if (framework != nullptr) result.framework = framework->framework;
  if (framework == nullptr || framework->stack.empty()) {
    result.assumptions.emplace_back(
        "software: what the source ran is not described; launches and the time between steps are "
        "free");
    return;
  }
  if (framework->dropout && result.experiment.model.family == "gpt") {
    result.experiment.model.dropout = result.experiment.model.attention_dropout = true;
    result.assumptions.push_back("model: dropout, as " + framework->framework + " does by default");
  }
  result.stack = framework->stack;
  result.experiment.stack = config::read_stack(
      config::Node::parse(framework->stack, run.id), context.paths, context.changes.stack);
}

ResolvedRun resolve_or_throw(const PublishedRun& row, const Context& context) {
  refuse_disclaimed(row);
  if (!row.chips) throw Skipped{"row: no chip_count"};
  const ChipName& chip = chip_name(row, context.tables);
  ResolvedRun result;
  const PublishedRun& run = result.run = one_slice(row, chip.slice, result.assumptions);
  Experiment& experiment = result.experiment;
  experiment.name = run.id;
  experiment.fidelity = context.fidelity;
  experiment.model = resolve_model(run, context, result.assumptions);
  refuse_unknown_experts(run, experiment.model);
  result.chip_changes = chip.changes;
  std::vector<std::string> changes = chip.changes;
  changes.insert(changes.end(), context.changes.chip.begin(), context.changes.chip.end());
  experiment.chip = load_chip(chip.chip, context.paths, changes);
  if (!chip.changes.empty())
    result.assumptions.push_back(
        fmt::format("chip: {} with {}", chip.chip, fmt::join(chip.changes, ", ")));
  if (!chip.assumption.empty()) result.assumptions.push_back("chip: " + chip.assumption);
  const ClusterOf* cluster = cluster_of(run, context.tables);
  result.default_network = cluster == nullptr;
  const std::string& network = cluster == nullptr ? chip.cluster : cluster->cluster;
  experiment.cluster = load_cluster(network, chip.chip, *run.chips, 0, context.paths,
                                    context.changes.cluster)
                           .cluster;
  if (result.default_network)
    result.assumptions.push_back(fmt::format(
        "network: {}, the usual one of the chip; the source's is not described", network));
  resolve_software(run, context, result);
  resolve_plan(run, context, experiment, result.assumptions);
  const config::Node written = config::Node::parse("{}", run.id);
  experiment.plan_at = {run.at.file, run.at.line, run.at.column};
  config::check_plan(experiment, written["plan"]);
  experiment.digest = config::digest(resolved(experiment).dump());
  result.parameters = run.parameters.value_or(static_cast<double>(experiment.model.parameters()));
  return result;
}

}  // namespace

const FrameworkOf* framework_of(const PublishedRun& run, const RunTables& tables) {
  const auto in_time = [&](const FrameworkOf& framework) {
    return !run.year || (framework.from_year <= *run.year && *run.year <= framework.to_year);
  };
  for (const FrameworkOf& framework : tables.frameworks)
    if (framework.source_match.matches(run.source) && framework.model_match.matches(run.model) &&
        framework.chip_match.matches(run.chip) && framework.sharding_match.matches(run.sharding) &&
        framework.notes_match.matches(run.notes) && in_time(framework))
      return &framework;
  return nullptr;
}

const Recipe* recipe_of(const PublishedRun& run, const RunTables& tables) {
  for (const Recipe& recipe : tables.recipes)
    if (recipe.source_match.matches(run.source) && recipe.model_match.matches(run.model) &&
        recipe.chip_match.matches(run.chip) && recipe.format_match.matches(run.precision))
      return &recipe;
  return nullptr;
}

std::variant<ResolvedRun, Skipped> resolve(const PublishedRun& run, const Context& context) {
  try {
    return resolve_or_throw(run, context);
  } catch (const Skipped& skipped) {
    return skipped;
  } catch (const InputError& error) {
    return Skipped{complaint(error, run)};
  }
}

}  // namespace headroom::validation
