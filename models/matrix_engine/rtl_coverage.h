// Only in a build with HEADROOM_RTL_COVERAGE: one model for all cases of a variant, so that its
// counters sum up; they are written when the process ends, to $HEADROOM_RTL_COVERAGE_DIR.
#pragma once

#include <cstdlib>
#include <string>

#include "models/matrix_engine/rtl_pins.h"

namespace headroom::matrix_engine {

template <typename ModelPins>
class Covered final : public ModelPins {
 public:
  Covered(std::uint64_t seed, int datapath, int rows, int dot_length)
      : ModelPins(seed),
        file_(std::to_string(datapath) + "_" + std::to_string(rows) + "_" +
              std::to_string(dot_length) + "_" + std::to_string(seed) + ".dat") {}
  ~Covered() override {
    if (const char* folder = std::getenv("HEADROOM_RTL_COVERAGE_DIR"))
      this->write_coverage(std::string(folder) + "/" + file_);
  }

 private:
  std::string file_;
};

// Hands everything on; the next case resets the model again.
class BorrowedPins final : public RtlPins {
 public:
  explicit BorrowedPins(RtlPins& pins) : pins_(pins) {}
  void reset(const Configuration& configuration) override { pins_.reset(configuration); }
  Outputs settle(const Inputs& inputs) override { return pins_.settle(inputs); }
  void read_output(std::uint32_t* sums) const override { pins_.read_output(sums); }
  void clock() override { pins_.clock(); }

 private:
  RtlPins& pins_;
};

}  // namespace headroom::matrix_engine
