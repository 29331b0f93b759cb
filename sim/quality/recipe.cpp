#include "sim/quality/recipe.h"

#include <fmt/format.h>

namespace headroom::quality {

using config::integer;
using config::number;
using config::Record;

const Record<Recipe>& recipe_record() {
  static const auto
      shape = Record<Shape>("the network")
                  .required("layers", &Shape::layers, integer<int>(1, 64), "of the transformer")
                  .required("width", &Shape::width, integer<int>(1, 4096), "of the residual")
                  .required("heads", &Shape::heads, integer<int>(1, 256), "of attention")
                  .required("feed_forward", &Shape::feed_forward, integer<int>(1, 16384),
                            "hidden width of the gated layer")
                  .required("context", &Shape::context, integer<int>(1, 4096),
                            "tokens of a sequence; a token is a byte of the text");
  static const auto
      adam = Record<Adam>("the optimiser")
                 .required("beta1", &Adam::beta1, number({0, 1, true}), "decay of the first moment")
                 .required(
                     "beta2", &Adam::beta2, number({0, 1, true}), "decay of the second moment")
                 .required("epsilon", &Adam::epsilon, number(config::positive), "beside its root")
                 .required("weight_decay", &Adam::weight_decay, number({0, 1}),
                           "a step, times the rate; none for gains");
  using R = Recipe;
  static const auto record =
      Record<R>("the training experiment of headroom quality")
          .group("network", &R::shape, shape)
          .required("corpus", &R::corpus, config::text(), "a text, or a folder of texts")
          .required("held_out", &R::held_out, number({0.001, 0.9}),
                    "share of the text that validation alone reads")
          .required("sequences", &R::sequences, integer<int>(1, 4096), "of a step")
          .required("validation_sequences", &R::validation_sequences, integer<int>(1, 4096),
                    "of a validation")
          .required("validation_steps", &R::validation_steps, integer<int>(1, 1 << 20),
                    "between two validations")
          .required("learning_rate", &R::learning_rate, number(config::positive), "largest")
          .required("warmup_steps", &R::warmup_steps, integer<int>(0, 1 << 20),
                    "over which it rises linearly")
          .required("final_share", &R::final_share, number({0, 1}),
                    "of the learning rate, at the last step: it falls as half a cosine")
          .required("largest_gradient", &R::largest_gradient, number(config::positive),
                    "norm of all gradients beyond which they are scaled down")
          .group("adam", &R::adam, adam);
  return record;
}

Recipe read_recipe(const config::Node& document) {
  Recipe recipe = recipe_record().read(document);
  if (recipe.shape.width % recipe.shape.heads != 0)
    config::bare(document["network"]["heads"])
        .expected(fmt::format("a divisor of network.width, {}", recipe.shape.width));
  return recipe;
}

Recipe load_recipe(const config::ConfigPaths& paths) {
  const auto file = paths.find("quality", "training");
  if (!file)
    throw InputError({"configs/quality", 1, 1}, "", "no training.yaml",
                     "configs/quality/training.yaml, the recipe of the experiment");
  return read_recipe(config::Node::load(*file));
}

}  // namespace headroom::quality
