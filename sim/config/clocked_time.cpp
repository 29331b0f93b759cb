#include "sim/config/clocked_time.h"

#include <charconv>
#include <cmath>

namespace headroom::config {
namespace {

constexpr double forgiven = 1e-3;  // of a clock
constexpr Cycles most_clocks = 1'000'000'000;
constexpr std::string_view expected = "a time such as 14 ns, or whole clocks such as 4 ck";

std::optional<Cycles> clocks_of(std::string_view text) {
  Cycles clocks = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), clocks);
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  if (error != std::errc{} || unit != "ck" || clocks > most_clocks) return std::nullopt;
  return clocks;
}

std::optional<ClockedTime> read(const Node& node) {
  if (!node.is_scalar()) node.expected(expected);
  const std::string text = node.text();
  const bool counts = text.size() > 2 && text.substr(text.size() - 2) == "ck";
  if (!counts) return ClockedTime{Seconds(read_quantity(node, Dimension::time)), {}};
  const std::optional<Cycles> clocks = clocks_of(text);
  if (!clocks || *clocks == 0)
    node.expected("a whole number of clocks of at least 1, such as 4 ck");
  return ClockedTime{{}, clocks};
}

Json schema() {
  Json time = quantity_schema(Dimension::time);
  time["description"] = expected;
  return Json{{"anyOf", Json::array({time, {{"type", "string"}, {"pattern", "^[0-9]+ *ck$"}}})}};
}

Json write(const std::optional<ClockedTime>& value) {
  if (!value) return nullptr;
  if (value->clocks) return Json(std::to_string(*value->clocks) + " ck");
  return Json(value->time.si());
}

}  // namespace

double ClockedTime::picoseconds(std::int64_t tck_ps) const {
  return clocks ? static_cast<double>(*clocks) * static_cast<double>(tck_ps) : time.si() * 1e12;
}

Cycles ClockedTime::at_least(std::int64_t tck_ps) const {
  if (clocks) return *clocks;
  return static_cast<Cycles>(
      std::ceil(std::max(0.0, picoseconds(tck_ps) / static_cast<double>(tck_ps) - forgiven)));
}

Cycles ClockedTime::at_most(std::int64_t tck_ps) const {
  if (clocks) return *clocks;
  return static_cast<Cycles>(picoseconds(tck_ps) / static_cast<double>(tck_ps) + forgiven);
}

bool operator<(const ClockedTime& a, const ClockedTime& b) {
  if (a.clocks.has_value() != b.clocks.has_value()) return false;
  return a.clocks ? *a.clocks < *b.clocks : a.time < b.time;
}

Kind<std::optional<ClockedTime>> clocked_time() {
  return scalar_kind<std::optional<ClockedTime>>(read, std::string(expected), schema(), write);
}

Kind<std::optional<ClockedTime>> clocked_time_or_none() {
  const auto read_or_none = [](const Node& node) -> std::optional<ClockedTime> {
    if (node.is_scalar() && node.text() == "none") return std::nullopt;
    return read(node);
  };
  Json alternatives = schema();
  alternatives["anyOf"].push_back(Json{{"const", "none"}});
  return scalar_kind<std::optional<ClockedTime>>(
      read_or_none, std::string(expected) + ", or none", alternatives, write);
}

Kind<std::int64_t> whole_picoseconds() {
  const auto read_whole = [](const Node& node) {
    const double ps = read_quantity(node, Dimension::time) * 1e12;
    const double whole = std::round(ps);
    if (whole < 1 || whole > 1e9 || std::abs(ps - whole) > 1e-6 * whole)
      node.expected("a whole number of picoseconds from 1 ps to 1 ms");
    return static_cast<std::int64_t>(whole);
  };
  return scalar_kind<std::int64_t>(
      read_whole, "a whole number of picoseconds", quantity_schema(Dimension::time),
      [](const std::int64_t& ps) { return Json(ps); });
}

}  // namespace headroom::config
