// A small training run, for tensors that have the distributions of real ones.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "examples/rtl_energy/data.h"

namespace headroom::rtl_energy {

struct TrainingRun {
  // The three products of the middle layer at the end: training_forward, training_input_gradient,
  // training_weight_gradient.
  std::map<std::string, TensorProduct> products;
  double first_loss = 0, last_loss = 0;
};

// Three layers of 128 with GELU between them learn what another such network computes of normal
// inputs: 300 steps of 128 examples, SGD with momentum, mean squared error.
[[nodiscard]] TrainingRun train(std::uint64_t seed);

}  // namespace headroom::rtl_energy
