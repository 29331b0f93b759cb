// Conditions by hand.
#include "sim/sweep/condition.h"

#include <gtest/gtest.h>

#include "sim/config/error.h"

namespace headroom::sweep {
namespace {

bool holds(const std::string& text) {
  const auto lookup = [](const std::string& key) -> Cell {
    if (key == "plan.data") return 8.0;
    if (key == "plan.tensor") return 4.0;
    if (key == "chip.power_cap") return 700.0;
    return std::string("bf16");
  };
  return Condition(config::Node::scalar(text, {"test", 1, 1})).holds(lookup);
}

TEST(Condition, Compares) {
  EXPECT_TRUE(holds("plan.data * plan.tensor == 32"));
  EXPECT_FALSE(holds("plan.data * plan.tensor != 32"));
  EXPECT_TRUE(holds("plan.data - plan.tensor * 2 + 1 == 1"));
  EXPECT_TRUE(holds("plan.data / plan.tensor < 3"));
  EXPECT_TRUE(holds("plan.data % 3 >= 2"));
  EXPECT_TRUE(holds("chip.power_cap <= \"0.7 kW\""));
  EXPECT_FALSE(holds("chip.power_cap > '700 W'"));
  EXPECT_TRUE(holds("plan.format == 'bf16'"));
  EXPECT_TRUE(holds("plan.format != 'fp8'"));
}

TEST(Condition, RefusesWhatIsNone) {
  for (const char* text :
       {"", "plan.data", "plan.data ==", "== 4", "plan.data plan.tensor == 1",
        "plan.data == 1 == 2", "plan.data * == 2", "plan.format == 'bf16", "plan.format < 'fp8'",
        "plan.format + 1 == 2"})
    EXPECT_THROW(holds(text), InputError) << text;
}

}  // namespace
}  // namespace headroom::sweep
