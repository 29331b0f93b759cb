// Fixture of tests that run threads inside the SystemC kernel. One test is one process.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <systemc>
#include <utility>

#include "models/base/kernel_time.h"

namespace headroom {

// Each time that the model passes through is rounded up to the next femtosecond.
inline constexpr double time_tolerance = 1e-13;

class Simulation : public testing::Test {
 protected:
  Simulation() { sc_core::sc_set_time_resolution(1, sc_core::SC_FS); }

  // Before run(): a thread that starts at time zero.
  void thread(std::function<void()> body) {
    ++started_;
    sc_core::sc_spawn([this, body = std::move(body)] {
      body();
      ++ended_;
    });
  }

  // Runs until nothing is left to do; every thread must have come to its end by then.
  void run() {
    sc_core::sc_start();
    EXPECT_EQ(ended_, started_) << "threads that wait for ever";
  }

 private:
  int started_ = 0, ended_ = 0;
};

}  // namespace headroom
