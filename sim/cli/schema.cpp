// headroom schema: the JSON Schema of the experiment file, for editors and scripts.
#include <nlohmann/json.hpp>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/config/load.h"
#include "sim/report/output.h"

namespace headroom {

void add_schema_command(Command& program, CommandContext&) {
  Command* command = program.add_subcommand(
      "schema", "Print the JSON Schema of an experiment file");
  command->footer("Example:\n  headroom schema > experiment.schema.json");
  command->callback([] {
    Output output("-");
    output.stream() << experiment_schema().dump(2) << '\n';
    output.commit();
  });
}

}  // namespace headroom
