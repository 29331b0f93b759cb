// Laying documents over each other, and --set.
#include <gtest/gtest.h>

#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

const char* const base_text =
    "plan: {tensor: 1, data: 8}\nchip:\n  hbm:\n    bandwidth: {value: 3 TB/s, source: maker}\n";

TEST(Overlay, MergesMappingsAndKeepsPlaces) {
  const Node base = Node::parse(base_text, "base.yaml"),
             top = Node::parse("plan: {tensor: 2, sequence: 4}", "top.yaml");
  const Node both = overlay(base, top);
  EXPECT_EQ(both["plan"].json().dump(), R"({"tensor":2,"data":8,"sequence":4})");
  EXPECT_EQ(both["plan"]["tensor"].position().file, "top.yaml");
  EXPECT_EQ(both["plan"]["data"].position().file, "base.yaml");
  EXPECT_EQ(base["plan"]["tensor"].integer(), 1) << "the documents themselves do not change";
}

TEST(Overlay, ReplacesListsScalarsAndValuesWithSources) {
  const Node base = Node::parse(
      "a: [1, 2, 3]\nb: {c: 1}\nd: {value: 1, source: old}\ne: {value: 1, source: old}", "b");
  const Node top = Node::parse("a: [4]\nb: 2\nd: 3\ne: {value: 4}", "t");
  EXPECT_EQ(overlay(base, top).json().dump(), R"({"a":[4],"b":2,"d":3,"e":{"value":4}})");
}

TEST(Overlay, AbsentSidesChangeNothing) {
  const Node base = Node::parse("a: 1", "b");
  EXPECT_EQ(overlay(base, base["none"]).json().dump(), R"({"a":1})");
  EXPECT_EQ(overlay(base["none"], base).json().dump(), R"({"a":1})");
}

TEST(Set, AssignsByPath) {
  const Node base = Node::parse(base_text, "base.yaml");
  EXPECT_EQ(set(base, "plan.tensor=4")["plan"]["tensor"].integer(), 4);
  EXPECT_EQ(set(base, "plan.tensor=4")["plan"]["data"].integer(), 8);
  EXPECT_EQ(
      set(base, "chip.hbm.bandwidth=6.7 TB/s")["chip"]["hbm"]["bandwidth"].text(), "6.7 TB/s");
  EXPECT_EQ(set(base, "cluster.shape=[4, 4, 8]")["cluster"]["shape"].json().dump(), "[4,4,8]");
  EXPECT_EQ(set(base, "plan={tensor: 3}")["plan"].json().dump(), R"({"tensor":3,"data":8})");
  EXPECT_EQ(set(base, "model=a=b")["model"].text(), "a=b");
}

TEST(Set, MistakesPointIntoTheArgument) {
  const Node base = Node::parse(base_text, "base.yaml");
  EXPECT_EQ(
      message_of([&] {
        static_cast<void>(set(base, "plan.tensor=no")["plan"]["tensor"].integer(1));
      }),
      "--set plan.tensor=no:1:13: plan.tensor: found 'no'; expected a whole number of at least 1");
  EXPECT_EQ(
      message_of([&] {
        set(base, "plan.tensr=1")["plan"].refuse_unknown_keys({"tensor", "data"});
      }),
      "--set plan.tensr=1:1:6: plan.tensr: found the unknown key 'tensr'; expected one of tensor, "
      "data; did you "
      "mean 'tensor'?");
  EXPECT_EQ(message_of([&] {
              static_cast<void>(set(base, "a=[1, {b: x}]")["a"].elements()[1]["b"].integer());
            }),
            "--set a=[1, {b: x}]:1:11: a[1].b: found 'x'; expected a whole number");
  for (const char* bad : {"plan.tensor", "=3", ".a=3", "a.=3", "a..b=3", ""})
    EXPECT_EQ(message_of([&] { static_cast<void>(set(base, bad)); }),
              std::string("--set ") + bad + ": found '" + bad +
                  "'; expected key.path=value, such as plan.tensor=8");
  EXPECT_EQ(message_of([&] { static_cast<void>(set(base, "plan.tensor=")); }),
            "--set plan.tensor=: found an empty document; expected YAML or JSON");
  EXPECT_EQ(message_of([&] { static_cast<void>(set(base, "plan.tensor=[1")); }),
            "--set plan.tensor=[1: found a list or mapping as a key (or a bracket "
            "that is never closed); expected a name");
}

}  // namespace
}  // namespace headroom::config
