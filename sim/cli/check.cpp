#include "sim/cli/commands.h"
namespace headroom {
void add_check_command(CLI::App& program, CommandContext&) {
  program.add_subcommand("check", "Check files");
}
}  // namespace headroom
