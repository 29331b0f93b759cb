// The commands. Each file adds its own to the program; its callback does the work and throws what
// goes wrong.
#pragma once

#include "sim/cli/command.h"

namespace headroom {

// What a command hands back beside exceptions.
struct CommandContext {
  int exit_code = 0;  // for commands that go on after a wrong input (check)
};

void add_run_command(Command& program, CommandContext& context);
void add_plan_command(Command& program, CommandContext& context);
void add_sweep_command(Command& program, CommandContext& context);
void add_export_command(Command& program, CommandContext& context);
void add_pareto_command(Command& program, CommandContext& context);
void add_sensitivity_command(Command& program, CommandContext& context);
void add_validate_command(Command& program, CommandContext& context);
void add_formats_command(Command& program, CommandContext& context);
void add_collective_command(Command& program, CommandContext& context);
void add_gemm_command(Command& program, CommandContext& context);
void add_cosim_command(Command& program, CommandContext& context);
void add_node_command(Command& program, CommandContext& context);
void add_energy_command(Command& program, CommandContext& context);
void add_die_command(Command& program, CommandContext& context);
void add_memory_command(Command& program, CommandContext& context);
void add_quality_command(Command& program, CommandContext& context);
void add_scalesim_command(Command& program, CommandContext& context);
void add_list_command(Command& program, CommandContext& context);
void add_check_command(Command& program, CommandContext& context);
void add_schema_command(Command& program, CommandContext& context);

}  // namespace headroom
