// From a published run to an experiment: what the row leaves out is filled in by the rules below,
// and every rule that was used is written down.
//
//   model       the dimensions of the row; what it does not state (gate, norms, biases, vocabulary
//               …) from the model's name by configs/validation/models.yaml
//   chip        the name by configs/validation/chips.yaml
//   slices      more chips than one network of them has: one slice with its share of the batch, as
//   if
//               the exchange between slices were free
//   network     the source and chip by configs/validation/clusters.yaml, else the usual one of the
//               chip; runs on that are reported apart
//   software    the source by configs/validation/frameworks.yaml: a file of configs/stacks
//   plan        context, pipeline and tensor of 1; data = chips / (tensor x pipeline x context)
//   batch       a blank global batch is one micro-batch a replica; one that the replicas do not
//               divide is the nearest that they do
//   micro-batch 1 in a pipeline; else all of a replica's sequences at once, or the largest part of
//               them that fits with full recomputation
//   sharding,   the least that fits: recomputation none, selective, full; within each sharding
//   recompute   none, zero1 (without a pipeline also zero3)
// Recipes (configs/validation/recipes.yaml) come before these rules, the row before recipes.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "sim/config/experiment.h"
#include "sim/config/run_tables.h"
#include "sim/validation/constants.h"
#include "sim/validation/run.h"

namespace headroom::validation {

struct ResolvedRun {
  PublishedRun run;  // the row, or one slice of it
  Experiment experiment;
  std::vector<std::string> assumptions;
  std::vector<std::string> chip_changes;  // assignments over the chip's file
  std::string framework, stack;           // "" where the source's is not known
  bool default_network = false;           // no table names the network of this source
  double parameters = 0;                  // the row's number where it states one, else the model's
};

// Why a run cannot be predicted, for a reader: "chip: 'Gaudi3' is not described yet".
struct Skipped {
  std::string reason;
};

// Assignments as of --set over the files that a run is resolved to.
struct Changes {
  std::vector<std::string> chip, cluster, stack;
};

// Settings that come in while a run is resolved.
struct Context {
  const config::ConfigPaths& paths;
  const RunTables& tables;
  FidelityChoice fidelity;
  Changes changes = {};
  // Those whose ranges give each prediction an interval (interval.h); nullptr: none is asked for.
  const std::vector<Constant>* ranged = nullptr;
  // Done to each experiment before its step is simulated, if there is any.
  std::function<void(Experiment&)> prepare = {};
};

[[nodiscard]] std::variant<ResolvedRun, Skipped> resolve(
    const PublishedRun& run, const Context& context);

// The parts of it; each adds to `assumptions` and throws Skipped.
[[nodiscard]] ModelDescription resolve_model(
    const PublishedRun& run, const Context& context, std::vector<std::string>& assumptions);
// `experiment` has model, chip and cluster.
void resolve_plan(const PublishedRun& run, const Context& context, Experiment& experiment,
                  std::vector<std::string>& assumptions);

// The first row of a table that a run matches; nullptr where there is none.
[[nodiscard]] const FrameworkOf* framework_of(const PublishedRun& run, const RunTables& tables);
[[nodiscard]] const Recipe* recipe_of(const PublishedRun& run, const RunTables& tables);

}  // namespace headroom::validation
