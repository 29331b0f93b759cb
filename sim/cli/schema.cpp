// headroom schema: the JSON Schema of the experiment file, or of a process node's, for editors and
// scripts.
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/config/load.h"
#include "sim/config/process_node.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

nlohmann::ordered_json node_schema() {
  nlohmann::ordered_json schema{
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"title", "Headroom process node"}};
  schema.update(config::process_node_record().schema());
  return schema;
}

}  // namespace

void add_schema_command(Command& program, CommandContext&) {
  auto kind = std::make_shared<std::string>("experiments");
  Command* command = program.add_subcommand(
      "schema", "Print the JSON Schema of an experiment file or of a process node's");
  command->add_option("KIND", *kind, "experiments or nodes")
      ->check(one_of(std::vector<std::string>{"experiments", "nodes"}))
      ->capture_default_str();
  command->footer("Example:\n  headroom schema > experiment.schema.json");
  command->callback([kind] {
    Output output("-");
    output.stream() << (*kind == "nodes" ? node_schema() : experiment_schema()).dump(2) << '\n';
    output.commit();
  });
}

}  // namespace headroom
