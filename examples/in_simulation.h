// Runs a function inside a SystemC simulation. The kernel elaborates once a process: make every
// module first, then one InSimulation, then call run().
#pragma once

#include <functional>
#include <systemc>
#include <utility>

namespace headroom {

class InSimulation : public sc_core::sc_module {
 public:
  InSimulation(const sc_core::sc_module_name& name, std::function<void()> work)
      : sc_module(name), work_(std::move(work)) {
    SC_HAS_PROCESS(InSimulation);
    SC_THREAD(start);
  }

  // Returns when nothing is left to happen.
  static void run() { sc_core::sc_start(); }

 private:
  void start() { work_(); }

  std::function<void()> work_;
};

// The time resolution of all models; before the first module.
inline void set_time_resolution() { sc_core::sc_set_time_resolution(1, sc_core::SC_FS); }

}  // namespace headroom
