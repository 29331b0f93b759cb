// One declaration gives reading, writing, schema and documentation.
#include "sim/config/record.h"

#include <gtest/gtest.h>

#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

enum class Colour { red, green };

struct Inner {
  Seconds delay;
};

struct Outer {
  std::int64_t count = 0;
  Colour colour = Colour::red;
  bool flag = false;
  double share = 0;
  Inner inner;
  std::vector<std::int64_t> list;
};

Record<Outer> outer_record() {
  return Record<Outer>("an example")
      .required("count", &Outer::count, integer(1, 8), "how many")
      .optional("colour", &Outer::colour,
                word<Colour>({{"red", Colour::red}, {"green", Colour::green}}), "green", "hue")
      .optional("flag", &Outer::flag, boolean(), "true", "on")
      .optional("share", &Outer::share, number({0, 1, true}), "0.5", "part")
      .optional("list", &Outer::list, list_of(integer()), "[1, 2]", "numbers")
      .group("inner", &Outer::inner,
             Record<Inner>("a part").required(
                 "delay", &Inner::delay, quantity<Seconds>(), "time to wait"));
}

Outer read(const std::string& text) { return outer_record().read(Node::parse(text, "a.yaml")); }
std::string message(const std::string& text) {
  return message_of([&] { read(text); });
}

TEST(Record, ReadsAndFillsDefaults) {
  const Outer outer = read(
      "{count: 3, inner: {delay: 2 us, note: x}, source: y, sources: [z], notes: w}");
  EXPECT_EQ(outer.count, 3);
  EXPECT_EQ(outer.colour, Colour::green);
  EXPECT_TRUE(outer.flag);
  EXPECT_EQ(outer.share, 0.5);
  EXPECT_EQ(outer.inner.delay, Seconds(2e-6));
  EXPECT_EQ(
      outer_record().write(outer).dump(),
      R"({"count":3,"colour":"green","flag":true,"share":0.5,"list":[1,2],"inner":{"delay":2e-06}})");
}

TEST(Record, ValuesMayCarryTheirSource) {
  const Outer outer = read(
      "{count: {value: 3, source: a, range: [2, 5], note: b}, inner: {delay: {value: 1 s, derived: "
      "true}}}");
  EXPECT_EQ(outer.count, 3);
  EXPECT_EQ(outer.inner.delay, Seconds(1));
}

TEST(Record, Mistakes) {
  const std::pair<const char*, const char*> cases[] = {
      {"{inner: {delay: 1 s}}",
       "a.yaml:1:1: count: found nothing; expected a whole number from 1 to 8"},
      {"{count: 3}", "a.yaml:1:1: inner.delay: found nothing; expected a time such as 500 ns"},
      {"{count: 3, inner: 4}", "a.yaml:1:19: inner: found '4'; expected a mapping (key: value)"},
      {"[count]", "a.yaml:1:1: document: found a list; expected a mapping (key: value)"},
      {"{count: 3, colour: gren}",
       "a.yaml:1:20: colour: found 'gren'; expected one of red, green; did you mean 'green'?"},
      {"{cuont: 3}",
       "a.yaml:1:2: cuont: found the unknown key 'cuont'; expected one of count, colour, flag, "
       "share, list, inner"},
      {"{counts: 3}",
       "a.yaml:1:2: counts: found the unknown key 'counts'; expected one of count, colour, flag, "
       "share, list, inner; did "
       "you mean 'count'?"},
      {"{count: {value: 3, unit: s}}",
       "a.yaml:1:20: count.unit: found the unknown key 'unit'; expected one of value, range, "
       "derived, source, sources, "
       "note, notes"},
      {"{count: {value: 3, derived: perhaps}}",
       "a.yaml:1:29: count.derived: found 'perhaps'; expected true or false"},
      {"{count: {value: 3, range: [4, 5]}}",
       "a.yaml:1:17: count.value: found '3'; expected a value within its own range: 4 to 5"},
      {"{count: {value: 3, range: [1]}}",
       "a.yaml:1:27: count.range: found a list; expected a list of two values, [low, high]"},
      {"{count: 3, list: [1, x], inner: {delay: 1 s}}",
       "a.yaml:1:22: list[1]: found 'x'; expected a whole number of at least 1"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(message(text), expected);
}

TEST(Record, OverridingKeepsWhatWasThere) {
  const auto record = Record<Inner>("x").overriding(
      "delay", &Inner::delay, quantity<Seconds>(), "a file", "time");
  Inner inner{Seconds(7)};
  record.read_into(Node::parse("{}", "a"), inner);
  EXPECT_EQ(inner.delay, Seconds(7));
  record.read_into(Node::parse("{delay: 8 s}", "a"), inner);
  EXPECT_EQ(inner.delay, Seconds(8));
}

TEST(Record, SchemaNamesRequiredKeysDefaultsAndMeanings) {
  const Json schema = outer_record().schema();
  EXPECT_EQ(schema["required"].dump(), R"(["count","inner"])");
  EXPECT_EQ(schema["additionalProperties"], false);
  EXPECT_EQ(schema["properties"]["colour"]["default"], "green");
  EXPECT_EQ(schema["properties"]["colour"]["description"], "hue");
  EXPECT_EQ(schema["properties"]["count"]["anyOf"][0].dump(),
            R"({"type":"integer","minimum":1,"maximum":8})");
  EXPECT_EQ(schema["properties"]["inner"]["required"].dump(), R"(["delay"])");
  EXPECT_FALSE(outer_record().schema(true).contains("required"));
  EXPECT_FALSE(outer_record().schema(true)["properties"]["inner"].contains("required"));
}

TEST(Record, DocumentationListsEveryKeyWithItsPath) {
  const std::vector<Parameter> parameters = outer_record().parameters("outer.");
  ASSERT_EQ(parameters.size(), 6u);
  EXPECT_EQ(parameters[0].key, "outer.count");
  EXPECT_FALSE(parameters[0].fallback);
  EXPECT_EQ(parameters[1].fallback, "green");
  EXPECT_EQ(parameters[5].key, "outer.inner.delay");
  EXPECT_EQ(parameters[5].expected, "a time such as 500 ns");
}

}  // namespace
}  // namespace headroom::config
