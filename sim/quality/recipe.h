// What the training experiment trains and how: configs/quality/training.yaml.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "sim/config/paths.h"
#include "sim/config/record.h"
#include "sim/quality/shape.h"

namespace headroom::quality {

// Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019).
struct Adam {
  double beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8, weight_decay = 0;
};

struct Recipe {
  Shape shape;
  int sequences = 1;      // of a step
  std::string corpus;     // a text, or a folder of texts
  double held_out = 0.1;  // share of the text that validation alone reads, (0, 1)
  int validation_sequences = 1;
  int validation_steps = 1;  // between two validations
  double learning_rate = 1e-3;
  int warmup_steps = 0;         // the rate rises linearly, then falls as half a cosine
  double final_share = 0;       // of the learning rate, at the last step
  double largest_gradient = 1;  // norm beyond which gradients are scaled down (Pascanu et al. 2013)
  Adam adam;
};

[[nodiscard]] const config::Record<Recipe>& recipe_record();
// InputError where the width does not divide by the heads.
[[nodiscard]] Recipe read_recipe(const config::Node& document);
[[nodiscard]] Recipe load_recipe(const config::ConfigPaths& paths);

}  // namespace headroom::quality
