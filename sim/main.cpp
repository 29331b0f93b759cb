// The program. SystemC's kernel must be running around everything that elaborates modules, so main
// only starts it.
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <systemc>

#include "sim/cli/command_line.h"

namespace {

// The kernel's own handler writes to standard output, which belongs to results ("Simulation stopped
// by user").
void report_to_stderr(const sc_core::sc_report& report, const sc_core::sc_actions& actions) {
  if (report.get_severity() == sc_core::SC_INFO) return;
  if (report.get_severity() == sc_core::SC_WARNING)
    spdlog::warn("headroom: warning: {}: {}", report.get_msg_type(), report.get_msg());
  else
    sc_core::sc_report_handler::default_handler(report, actions);  // throws
}

}  // namespace

int sc_main(int argc, char** argv) {
  sc_core::sc_report_handler::set_handler(report_to_stderr);
  return headroom::run_command_line(argc, argv);
}

int main(int argc, char** argv) {
  // The kernel's banner would stand in front of every result.
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  return sc_core::sc_elab_and_sim(argc, argv);
}
