#include <fmt/format.h>

#include <map>
#include <utility>

#include "sim/config/chip.h"
#include "sim/config/cluster.h"
#include "sim/config/cost.h"
#include "sim/config/die.h"
#include "sim/config/digest.h"
#include "sim/config/load.h"
#include "sim/config/plan.h"
#include "sim/config/power_use.h"
#include "sim/config/reliability.h"
#include "sim/config/stack.h"
#include "sim/workload/import.h"
#include "sim/workload/terse.h"

namespace headroom {
using config::Assignment;
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

// A part of an experiment with what the digest is taken of.
template <class T>
struct Part {
  T value;
  std::string text;
};

// Parts that were read, by the assignments that they depend on. Forgets all when full: axes of
// many values never come back to one.
template <class T>
class Remembered {
 public:
  template <class Read>
  const Part<T>& get(const std::string& key, const Read& read) {
    const auto known = parts_.find(key);
    if (known != parts_.end()) return known->second;
    Part<T> part = read();
    if (parts_.size() >= most) parts_.clear();
    return parts_.emplace(key, std::move(part)).first->second;
  }

 private:
  static constexpr std::size_t most = 256;
  std::map<std::string, Part<T>> parts_;
};

// A chip with its dies and prices.
struct Machine {
  ChipDescription chip;
  DieUse die;
  CostUse cost;
};

Machine read_machine(const Node& document, const ConfigPaths& paths) {
  Machine machine;
  const auto file = paths.resolve(bare(document["cluster"]["chip"]), "chips", "chip");
  machine.chip = config::read_chip(Node::load(file), document["chip"], paths, machine.die);
  machine.chip.id = file.stem().string();
  if (document["cost"].exists() || paths.find("technology", "cost"))
    machine.cost = config::read_cost_use(
        document["cost"], config::load_cost_constants(paths), machine.chip.id,
        machine.chip.hbm.device.id);
  return machine;
}

// As in resolved(), without the braces.
std::string text_of(const Machine& machine) {
  return fmt::format(
      R"("chip":{},"die":{},"cost":{})", resolved_chip(machine.chip).dump(),
      config::die_use_record().write(machine.die).dump(),
      config::write_cost_use(machine.cost).dump());
}

// The assignments below one of `heads`, as text.
std::string key_of(const std::vector<Assignment>& assignments,
                   std::initializer_list<std::string_view> heads) {
  std::string key;
  for (const Assignment& assignment : assignments)
    for (const std::string_view head : heads)
      if (assignment.path.compare(0, head.size(), head) == 0 &&
          (assignment.path.size() == head.size() || assignment.path[head.size()] == '.'))
        key += assignment.path + '=' + assignment.value.json().dump() + '\n';
  return key;
}

}  // namespace

struct ExperimentReader::Parts {
  Remembered<ModelDescription> models;
  Remembered<ClusterDescription> clusters;
  Remembered<Machine> chips;
  Remembered<Stack> stacks;
};

ExperimentReader::ExperimentReader(const std::filesystem::path& file, ConfigPaths paths)
    : paths_(std::move(paths)),
      document_(Node::load(file)),
      name_(file.stem().string()),
      parts_(std::make_unique<Parts>()) {
  if (!document_.is_mapping())
    document_.expected("an experiment: a mapping with model, cluster and plan");
}

ExperimentReader::~ExperimentReader() = default;

Node ExperimentReader::document(const std::vector<Assignment>& assignments) const {
  Node document = document_;
  for (const Assignment& assignment : assignments) document = set(document, assignment);
  return document;
}

Experiment ExperimentReader::read(const std::vector<Assignment>& assignments) {
  const Node document = this->document(assignments);
  ExperimentFile given;
  experiment_record().read_into(document, given);
  const auto& cluster = parts_->clusters.get(key_of(assignments, {"cluster"}), [&] {
    ClusterDescription read = config::read_cluster(document["cluster"], paths_).cluster;
    return Part<ClusterDescription>{read, config::write_cluster(read).dump()};
  });
  const auto& model = parts_->models.get(key_of(assignments, {"model"}), [&] {
    ModelDescription read = read_model(bare(document["model"]), paths_);
    return Part<ModelDescription>{read, resolved_model(read).dump()};
  });
  // `cluster` too, which may be assigned as a whole.
  const auto& machine = parts_->chips.get(key_of(assignments, {"chip", "cluster", "cost"}), [&] {
    Machine read = read_machine(document, paths_);
    std::string text = text_of(read);
    return Part<Machine>{std::move(read), std::move(text)};
  });
  const auto& stack = parts_->stacks.get(key_of(assignments, {"stack"}), [&] {
    Stack read = config::read_stack(document["stack"], paths_);
    return Part<Stack>{read, config::stack_record().write(read).dump()};
  });

  Experiment experiment;
  experiment.name = name_;
  experiment.model = model.value;
  experiment.chip = machine.value.chip;
  experiment.die = machine.value.die;
  experiment.cost = machine.value.cost;
  experiment.cluster = cluster.value;
  experiment.plan = given.plan;
  experiment.stack = stack.value;
  experiment.plan_at = document["plan"].position();
  experiment.matrix_engine_at = bare(document["fidelity"]["matrix_engine"]).position();
  experiment.reliability = given.reliability;
  experiment.fidelity = given.fidelity;
  experiment.power = given.power;
  config::find_cap(experiment, document["power"]);
  config::check_plan(experiment, document["plan"]);
  note_assumptions(experiment, document);
  // resolved(experiment).dump(), from the parts' own texts.
  experiment.digest = config::digest(fmt::format(
      R"({{"model":{},"cluster":{},{},"plan":{},"reliability":{},"power":{},"stack":{},"fidelity":{}}})",
      model.text, cluster.text, machine.text, config::plan_record().write(given.plan).dump(),
      config::reliability_record().write(given.reliability).dump(),
      config::power_use_record().write(experiment.power).dump(), stack.text,
      config::fidelity_record().write(given.fidelity).dump()));
  return experiment;
}

void ExperimentReader::check_values(const std::vector<Assignment>& assignments) const {
  const Node document = this->document(assignments);
  ExperimentFile given;
  experiment_record().read_into(document, given);
  static_cast<void>(config::read_cluster(document["cluster"], paths_));
  static_cast<void>(read_model(bare(document["model"]), paths_));
  static_cast<void>(read_machine(document, paths_));
  static_cast<void>(config::read_stack(document["stack"], paths_));
}

Experiment load_experiment(const std::filesystem::path& file, const ConfigPaths& paths,
                           const std::vector<std::string>& texts) {
  ExperimentReader reader(file, paths);
  std::vector<Assignment> assignments;
  assignments.reserve(texts.size());
  for (const std::string& text : texts) assignments.push_back(Assignment::parse(text));
  return reader.read(assignments);
}

Json experiment_schema() {
  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"title", "Headroom experiment"}};
  schema.update(experiment_record().schema());
  return schema;
}

std::vector<config::Parameter> experiment_parameters() { return experiment_record().parameters(); }

}  // namespace headroom
