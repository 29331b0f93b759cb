// The program. SystemC's kernel must be running around everything that elaborates modules, so main
// only starts it.
#include <cstdlib>
#include <systemc>

#include "sim/cli/command_line.h"

int sc_main(int argc, char** argv) { return headroom::run_command_line(argc, argv); }

int main(int argc, char** argv) {
  // The kernel's banner would stand in front of every result.
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  return sc_core::sc_elab_and_sim(argc, argv);
}
