// The command line: finds the command, runs it, and turns what went wrong into a message and an
// exit code.
#pragma once

namespace headroom {

// 0: done. 1: the run failed. 2: the input is wrong (command line or file). Results go to standard
// output, messages to standard error. Called once, from sc_main.
int run_command_line(int argc, const char* const* argv);

}  // namespace headroom
