// headroom list: the names that experiments and options may use.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/config/paths.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

const std::vector<std::string> folders{
    "chips", "clusters",  "models", "experiments", "memories",
    "links", "libraries", "stacks", "nodes",       "dies"};

struct Options {
  std::string folder;  // "" = all
  std::vector<std::string> config_paths;
};

void list(const Options& options) {
  const config::ConfigPaths paths({options.config_paths.begin(), options.config_paths.end()});
  Output output("-");
  // One kind: bare names, one a line, for scripts. All kinds: with headings, for people.
  if (!options.folder.empty()) {
    for (const std::string& name : paths.names(options.folder)) output.stream() << name << '\n';
    return output.commit();
  }
  for (const std::string& folder : folders) {
    output.stream() << folder << '\n';
    for (const std::string& name : paths.names(folder)) output.stream() << "  " << name << '\n';
  }
  output.commit();
}

}  // namespace

void add_list_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "list", "List the chips, clusters, models, … that can be named");
  command->add_option("KIND", options->folder, "Only this kind, bare names")
      ->check(one_of(folders));
  add_config_path_option(*command, options->config_paths);
  command->footer("Example:\n  headroom list chips");
  command->callback([options] { list(*options); });
}

}  // namespace headroom
