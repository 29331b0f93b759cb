#include "sim/config/load.h"

#include <fmt/format.h>

#include "sim/config/chip.h"
#include "sim/config/cluster.h"
#include "sim/config/cost.h"
#include "sim/config/die.h"
#include "sim/config/digest.h"
#include "sim/config/library.h"
#include "sim/config/link.h"
#include "sim/config/memory.h"
#include "sim/config/plan.h"
#include "sim/config/power.h"
#include "sim/config/power_use.h"
#include "sim/config/process_node.h"
#include "sim/config/reliability.h"
#include "sim/config/run_tables.h"
#include "sim/config/stack.h"
#include "sim/config/stream_table.h"
#include "sim/quality/published.h"
#include "sim/quality/recipe.h"
#include "sim/workload/import.h"
#include "sim/workload/terse.h"

namespace headroom {
using config::bare;
using config::ConfigPaths;
using config::Json;
using config::Node;
using config::Record;

namespace {

// An experiment file as written: names where an Experiment has descriptions.
struct ExperimentFile {
  std::string model;
  config::ClusterSpec cluster;
  Plan plan;
  Reliability reliability;
  PowerUse power;
  FidelityChoice fidelity;
};

// A model by name or path, or its keys; read_model() takes the latter.
config::Kind<std::string> model_kind() {
  config::Kind<std::string> kind = config::text();
  const auto named = kind.read;
  kind.read = [named](const Node& node) { return bare(node).is_mapping() ? "" : named(node); };
  kind.schema = Json{
      {"anyOf", Json::array({kind.schema, terse_record().schema(), cut_record().schema()})}};
  return kind;
}

const Record<ExperimentFile>& experiment_record() {
  using E = ExperimentFile;
  static const auto
      record = Record<E>("an experiment of Headroom")
                   .required(
                       "model", &E::model, model_kind(),
                       "a folder of configs/models, the path of a file, or the keys of a model")
                   .group("cluster", &E::cluster, config::cluster_use_record())
                   .ignored("chip", config::chip_record().schema(true))
                   .group("plan", &E::plan, config::plan_record())
                   .ignored("cost", config::cost_use_schema())
                   .ignored("stack", config::text().schema)
                   .group("reliability", &E::reliability, config::reliability_record())
                   .group("power", &E::power, config::power_use_record())
                   .group("fidelity", &E::fidelity, config::fidelity_record());
  return record;
}

// Names the defaults that change the answer, so that none is silent (design.md section 9).
void note_assumptions(Experiment& experiment, const Node& document) {
  for (const config::Parameter& parameter : config::plan_record().parameters()) {
    const std::string& key = parameter.key;
    if (key != "sharding" && key != "recompute" && key != "format" && key != "micro_batch")
      continue;
    if (!document["plan"][key].exists())
      experiment.assumed.push_back(fmt::format("plan.{}: {} (default)", key, *parameter.fallback));
  }
  const Node model = bare(document["model"]);
  if (model.is_mapping() && !model["base"].exists())
    for (const config::Parameter& parameter : terse_record().parameters())
      if ((parameter.key == "gated" || parameter.key == "kv_heads" ||
           parameter.key == "tied_embedding") &&
          !model[parameter.key].exists())
        experiment.assumed.push_back(
            fmt::format("model.{}: {} (default)", parameter.key, *parameter.fallback));
  if (!document["chip"].is_mapping()) return;
  std::string changed;
  for (const auto& [key, value] : document["chip"].entries())
    changed += (changed.empty() ? "" : ", ") + key;
  experiment.assumed.push_back(
      fmt::format("chip: {} with another {}", experiment.chip.id, changed));
}

ModelDescription read_model(const Node& given, const ConfigPaths& paths) {
  if (!given.is_mapping()) return load_model(paths.resolve(given, "models", "model"));
  if (!given["base"].exists()) return import_terse(given, "inline");
  return cut(given, load_model(paths.resolve(bare(given["base"]), "models", "model")));
}

}  // namespace

Experiment load_experiment(const std::filesystem::path& file, const ConfigPaths& paths,
                           const std::vector<std::string>& assignments) {
  Node document = Node::load(file);
  if (!document.is_mapping())
    document.expected("an experiment: a mapping with model, cluster and plan");
  for (const std::string& assignment : assignments) document = set(document, assignment);

  ExperimentFile given;
  experiment_record().read_into(document, given);
  given.cluster = config::read_cluster(document["cluster"], paths);

  Experiment experiment;
  experiment.name = file.stem().string();
  const Node chip = bare(document["cluster"]["chip"]);
  experiment.model = read_model(bare(document["model"]), paths);
  const std::filesystem::path chip_file = paths.resolve(chip, "chips", "chip");
  experiment.chip = config::read_chip(
      Node::load(chip_file), document["chip"], paths, experiment.die);
  experiment.chip.id = chip_file.stem().string();
  if (document["cost"].exists() || paths.find("technology", "cost"))
    experiment.cost = config::read_cost_use(
        document["cost"], config::load_cost_constants(paths), experiment.chip.id,
        experiment.chip.hbm.device.id);
  experiment.cluster = given.cluster.cluster;
  experiment.plan = given.plan;
  experiment.stack = config::read_stack(document["stack"], paths);
  experiment.plan_at = document["plan"].position();
  experiment.matrix_engine_at = bare(document["fidelity"]["matrix_engine"]).position();
  experiment.reliability = given.reliability;
  experiment.fidelity = given.fidelity;
  experiment.power = given.power;
  config::find_cap(experiment, document["power"]);
  config::check_plan(experiment, document["plan"]);
  note_assumptions(experiment, document);
  experiment.digest = config::digest(resolved(experiment).dump());
  return experiment;
}

std::string check_file(const std::filesystem::path& file, const ConfigPaths& paths) {
  const Node document = Node::load(file);
  const auto has = [&](std::string_view key) { return document[key].exists(); };
  if (has("plan") || has("cluster")) {
    static_cast<void>(load_experiment(file, paths));
    return "experiment";
  }
  if (has("matrix_engines") || has("published_peak")) {
    static_cast<void>(config::read_chip(document, document["no changes"], paths));
    return "chip";
  }
  if (has("topology")) {
    config::ClusterSpec spec;
    config::read_cluster_file(document, paths, spec);
    return "cluster";
  }
  if (has("lanes") || has("collective_latency")) {
    LinkDescription link;
    config::read_link_file(document, link);
    return "link";
  }
  if (has("reduction_channels")) {
    static_cast<void>(config::library_record().read(document));
    return "library";
  }
  if (has("between_steps")) {
    static_cast<void>(config::stack_record().read(document));
    return "stack";
  }
  if (has("organisation") || has("timing")) {
    static_cast<void>(config::read_memory_file(document, document["no changes"]));
    return "memory";
  }
  if (has("logic_density")) {
    static_cast<void>(config::read_process_node(document, file.stem().string()));
    return "node";
  }
  if (has("published_energies")) {
    static_cast<void>(config::read_published_energies(document, config::load_process_nodes(paths)));
    return "energies";
  }
  if (has("published_area")) {
    static_cast<void>(config::read_die_design(document, file.stem().string(), paths));
    return "die";
  }
  if (has("slot_transistors")) {
    static_cast<void>(config::die_constants_record().read(document));
    return "constants of area";
  }
  if (has("list_price")) {
    static_cast<void>(config::read_cost_constants(document));
    return "prices";
  }
  if (has("regulator_efficiency")) {
    static_cast<void>(config::read_power_constants(document));
    return "constants of power";
  }
  if (has("gaps")) {
    static_cast<void>(quality::read_published_quality(document));
    return "published quality";
  }
  if (has("validation_sequences")) {
    static_cast<void>(quality::read_recipe(document));
    return "training experiment";
  }
  if (has("stream_slowdowns")) {
    static_cast<void>(config::read_stream_table(document));
    return "table of streams";
  }
  for (const std::string& key : config::run_table_keys())
    if (has(key)) {
      RunTables tables;
      config::read_run_table(document, paths, tables);
      return "table of published runs";
    }
  if (has("model_type") || has("architectures") || is_terse(document)) {
    static_cast<void>(load_model(file));
    return "model";
  }
  document.fail(
      "a document of no known kind",
      "an experiment (plan), chip (matrix_engines), cluster (topology), link (lanes), library "
      "(reduction_channels), memory (timing), model (model_type, layers), node (logic_density) or "
      "stack (between_steps)");
}

Json experiment_schema() {
  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"title", "Headroom experiment"}};
  schema.update(experiment_record().schema());
  return schema;
}

std::vector<config::Parameter> experiment_parameters() { return experiment_record().parameters(); }

}  // namespace headroom
