#include "sim/report/trace.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace headroom {
namespace {

using Json = nlohmann::json;

Json written(const Trace& trace, std::size_t max_spans = max_trace_spans) {
  std::ostringstream out;
  write_trace(trace, out, max_spans);
  return Json::parse(out.str());
}

std::vector<Json> of_phase(const Json& document, const std::string& phase) {
  std::vector<Json> events;
  for (const Json& event : document["traceEvents"])
    if (event["ph"] == phase) events.push_back(event);
  return events;
}

Trace two_stages() {
  return {{{"stage 1", "compute", "late", "matrix", 2e-6, 1e-6},
           {"stage 0", "compute", "layer \"0\"", "matrix", 0, 1.5e-6},
           {"stage 0", "communication", "send", "pipeline", 1.5e-6, 0.5e-6}}};
}

TEST(Trace, EmptyTraceIsValid) { EXPECT_TRUE(written({})["traceEvents"].empty()); }

TEST(Trace, SpansAreSortedCompleteEventsInMicroseconds) {
  const auto spans = of_phase(written(two_stages()), "X");
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(spans[0]["name"], "layer \"0\"");
  EXPECT_EQ(spans[0]["cat"], "matrix");
  EXPECT_DOUBLE_EQ(spans[0]["ts"].get<double>(), 0);
  EXPECT_DOUBLE_EQ(spans[0]["dur"].get<double>(), 1.5);
  for (std::size_t i = 1; i < spans.size(); ++i)
    EXPECT_LE(spans[i - 1]["ts"].get<double>(), spans[i]["ts"].get<double>());
}

TEST(Trace, RolesAreProcessesAndStreamsAreNamedThreads) {
  const Json document = written(two_stages());
  std::vector<std::string> names;
  for (const Json& event : of_phase(document, "M"))
    if (event["args"].contains("name")) names.push_back(event["args"]["name"]);
  EXPECT_EQ(
      names,
      (std::vector<std::string>{"stage 1", "stage 0", "compute", "compute", "communication"}));
  const auto spans = of_phase(document, "X");
  EXPECT_EQ(spans[0]["pid"], spans[1]["pid"]);
  EXPECT_NE(spans[0]["tid"], spans[1]["tid"]);
  EXPECT_NE(spans[0]["pid"], spans[2]["pid"]);
}

TEST(Trace, OverlappingSpansOfOneStreamGetTheirOwnThreadAndNestedOnesDoNot) {
  const Trace trace{
      {{"chip", "links", "outer", "c", 0, 4e-6},
       {"chip", "links", "inner", "c", 1e-6, 1e-6},
       {"chip", "links", "crossing", "c", 3e-6, 2e-6}}};
  const auto spans = of_phase(written(trace), "X");
  EXPECT_EQ(spans[0]["tid"], spans[1]["tid"]);
  EXPECT_NE(spans[0]["tid"], spans[2]["tid"]);
}

TEST(Trace, KeepsTheLongestSpansAndSaysHowManyAreLeftOut) {
  const Json document = written(two_stages(), 1);
  const auto spans = of_phase(document, "X");
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0]["name"], "layer \"0\"");
  EXPECT_EQ(document["otherData"]["spans_left_out"], 2);
}

TEST(Trace, EqualTracesGiveEqualBytes) {
  EXPECT_EQ(written(two_stages()).dump(), written(two_stages()).dump());
}

TEST(Trace, CountersAreEventsOfTheirRole) {
  Trace trace = two_stages();
  trace.counters = {{"stage 0", "power, W", 0, 612.34}, {"stage 0", "power, W", 1.5e-6, 90}};
  const Json document = written(trace);
  const auto counters = of_phase(document, "C");
  ASSERT_EQ(counters.size(), 2U);
  EXPECT_EQ(counters[0]["name"], "power, W");
  EXPECT_DOUBLE_EQ(counters[0]["args"]["value"].get<double>(), 612.3);
  EXPECT_DOUBLE_EQ(counters[1]["ts"].get<double>(), 1.5);
  EXPECT_EQ(counters[0]["pid"], of_phase(document, "X")[0]["pid"]) << "both of stage 0";
}

}  // namespace
}  // namespace headroom
