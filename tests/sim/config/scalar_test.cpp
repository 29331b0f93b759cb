// Readings of single values, the errors of each, and the suggestions.
#include <gtest/gtest.h>

#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

template <class Read>
std::string message(const std::string& value, Read read) {
  const Node node = Node::parse("key: " + value, "a.yaml");
  return message_of([&] { read(node["key"]); });
}

TEST(Scalar, WholeNumbers) {
  const auto read = [](const Node& node) { static_cast<void>(node.integer(1, 8)); };
  const auto expect = [&](const std::string& value, const std::string& found) {
    EXPECT_EQ(message(value, read),
              "a.yaml:1:6: key: found " + found + "; expected a whole number from 1 to 8");
  };
  expect("0", "'0'");
  expect("9", "'9'");
  expect("-1", "'-1'");
  expect("1.5", "'1.5'");
  expect("1e0", "'1e0'");
  expect("010", "'010'");
  expect("0x4", "'0x4'");
  expect("0o7", "'0o7'");
  expect("1_0", "'1_0'");
  expect("three", "'three'");
  expect("\"3\"", "the text '3'");
  expect("99999999999999999999", "'99999999999999999999'");
  expect("[1]", "a list");
  expect("{a: 1}", "a mapping");
  expect(".nan", "'.nan'");
  expect(std::string(100, '7'), "'" + std::string(60, '7') + "…'");
  EXPECT_EQ(message("8", read), "no error");
  EXPECT_EQ(message("+8", read), "no error");
}

TEST(Scalar, ValuesThatAreMissing) {
  const Node node = Node::parse("plan:\n  tensor:\n", "a.yaml");
  EXPECT_EQ(message_of([&] { static_cast<void>(node["plan"]["tensor"].integer(1)); }),
            "a.yaml:2:3: plan.tensor: found nothing; expected a whole number of at least 1");
  EXPECT_EQ(message_of([&] { static_cast<void>(node["plan"]["data"].integer()); }),
            "a.yaml:2:3: plan.data: found nothing; expected a whole number");
  EXPECT_EQ(message_of([&] { static_cast<void>(node.at("model", "a name")); }),
            "a.yaml:1:1: model: found nothing; expected a name");
  EXPECT_EQ(message_of([&] { static_cast<void>(node["plan"].elements()); }),
            "a.yaml:2:3: plan: found a mapping; expected a list such as [1, 2]");
  EXPECT_EQ(message_of([&] { static_cast<void>(node["plan"]["tensor"].entries()); }),
            "a.yaml:2:3: plan.tensor: found nothing; expected a mapping (key: value)");
}

TEST(Scalar, Numbers) {
  const auto read = [](const Node& node) { static_cast<void>(node.number({0, 1, true})); };
  for (const char* bad :
       {"0", "1.5", "-1", ".nan", "nan", ".inf", "-.inf", "inf", "1e999", "010.5", "0x1p3", "one",
        "'1'"})
    EXPECT_NE(message(bad, read).find("expected a number above 0 and at most 1"), std::string::npos)
        << bad;
  for (const char* good : {"1", "0.5", ".5", "1e-3", "1E-3", "+0.25"})
    EXPECT_EQ(message(good, read), "no error") << good;
}

TEST(Scalar, Booleans) {
  const auto read = [](const Node& node) { static_cast<void>(node.boolean()); };
  for (const char* bad : {"yes", "on", "True", "1", "\"true\""})
    EXPECT_NE(message(bad, read).find("expected true or false"), std::string::npos) << bad;
  EXPECT_EQ(message("yes", read), "a.yaml:1:6: key: found 'yes'; expected true or false");
  EXPECT_EQ(message("true", read), "no error");
}

TEST(Scalar, NearestName) {
  const std::vector<std::string> names{"h100-sxm", "h200-sxm", "tpu-v5p", "a100-80gb-sxm"};
  EXPECT_EQ(nearest("h100sxm", names), "h100-sxm");
  EXPECT_EQ(nearest("H100-SXM", names), "h100-sxm");
  EXPECT_EQ(nearest("h100", names), "h100-sxm");
  EXPECT_EQ(nearest("tpuv5p", names), "tpu-v5p");
  EXPECT_EQ(nearest("trainium", names), "");
  EXPECT_EQ(nearest("", names), "");
  EXPECT_EQ(nearest(std::string(1'000'000, 'h'), names), "");
}

}  // namespace
}  // namespace headroom::config
