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
using config::ConfigPaths;
using config::Node;

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

}  // namespace headroom
