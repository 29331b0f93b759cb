#include "sim/quality/published.h"

#include <gtest/gtest.h>

#include "sim/quality/network.h"
#include "sim/quality/recipe.h"

namespace headroom::quality {
namespace {

const std::string law_text =
    "law: {source: x, a: 1, alpha: 1, b: 1, beta: 1, floor: 1, weights: {scale: 1, shift: 0},"
    " activations: {scale: 1, shift: 0}, keys_values: {scale: 1, shift: 0},"
    " largest: {parameters: 1, tokens: 1}, least_bits: 3}\n";

std::string complaint(const std::string& text) {
  try {
    static_cast<void>(read_published_quality(config::Node::parse(text, "q.yaml")));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Published, ShippedGapsAreSound) {
  const PublishedQuality shipped = load_published_quality(config::ConfigPaths());
  ASSERT_FALSE(shipped.gaps.empty());
  for (const PublishedGap& gap : shipped.gaps) {
    EXPECT_LT(traits(gap.format).bits, traits(gap.baseline).bits);
    EXPECT_FALSE(gap.source.empty());
    EXPECT_GE(gap.tokens, gap.parameters);
  }
}

TEST(Published, LeastBeyondMostIsRefusedAtItsPlace) {
  EXPECT_EQ(
      complaint(law_text +
                "gaps:\n- {format: nvfp4, baseline: bf16, least: 3 %, most: 2 %, parameters: 1,\n"
                "   tokens: 1, recipe: r, source: s}\n"),
      "q.yaml:3:42: gaps[0].least: found '3 %'; expected at most `most`, 2 %");
}

TEST(Published, AnUnknownFormatIsAnsweredWithTheNearest) {
  const std::string text = complaint(
      law_text +
      "gaps:\n- {format: nvfp44, baseline: bf16, least: 1 %, most: 2 %, parameters: 1,"
      " tokens: 1, recipe: r, source: s}\n");
  EXPECT_NE(text.find("did you mean 'nvfp4'?"), std::string::npos) << text;
}

TEST(Recipe, TheShippedOneReads) {
  const Recipe recipe = load_recipe(config::ConfigPaths());
  EXPECT_LT(Network(recipe.shape, 1).parameter_count(), 10'000'000);
  EXPECT_EQ(recipe.shape.width % recipe.shape.heads, 0);
}

TEST(Recipe, HeadsThatDoNotDivideTheWidth) {
  const std::string text =
      "network: {layers: 1, width: 30, heads: 4, feed_forward: 8, context: 8}\n"
      "corpus: x\nheld_out: 0.1\nsequences: 1\nvalidation_sequences: 1\nvalidation_steps: 1\n"
      "learning_rate: 0.1\nwarmup_steps: 0\nfinal_share: 0\nlargest_gradient: 1\n"
      "adam: {beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weight_decay: 0}\n";
  try {
    static_cast<void>(read_recipe(config::Node::parse(text, "r.yaml")));
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "r.yaml:1:40: network.heads: found '4'; expected a divisor of network.width, 30");
  }
}

}  // namespace
}  // namespace headroom::quality
