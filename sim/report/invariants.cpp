#include "sim/report/invariants.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "sim/report/causes.h"
#include "sim/report/json.h"

namespace headroom {
namespace {

class Violations {
 public:
  void add(const std::string& text) { text_ += "\n  " + text; }

  // 1e-9 of the larger one of `scale` and the expected value.
  void expect_equal(const char* what, double found, double expected, double scale = 0) {
    const double tolerance = 1e-9 * std::fmax(std::fabs(expected), std::fabs(scale));
    if (!(std::fabs(found - expected) <= tolerance))
      add(fmt::format("{}: {} is not {}", what, found, expected));
  }

  void throw_if_any() const {
    if (!text_.empty()) throw std::logic_error("the result contradicts itself:" + text_);
  }

 private:
  std::string text_;
};

// Every number of the document; the paths of those that may be negative are the clock's loss and
// its waterfall row.
void check_numbers(const nlohmann::ordered_json& node, const std::string& path,
                   bool may_be_negative, Violations& violations) {
  if (node.is_number()) {
    const double number = node.get<double>();
    if (!std::isfinite(number))
      violations.add(fmt::format("{}: {} is not a finite number", path, number));
    if (number < 0 && !may_be_negative)
      violations.add(fmt::format("{}: {} is negative", path, number));
  } else if (node.is_object()) {
    const bool clock_row = node.value("name", "") == causes({}).front().name;
    for (const auto& [key, child] : node.items()) {
      const bool clock_loss = key == "clock_s" || (clock_row && key == "lost_to");
      check_numbers(child, path.empty() ? key : path + "." + key, clock_loss, violations);
    }
  } else if (node.is_array()) {
    for (std::size_t i = 0; i < node.size(); ++i)
      check_numbers(node[i], fmt::format("{}[{}]", path, i), false, violations);
  }
}

void check_waterfall(const Result& result, Violations& violations) {
  const auto& rows = result.waterfall;
  if (rows.size() < 2) return violations.add("waterfall: has no rows");
  const double peak = rows.front().tflops_per_chip;
  for (std::size_t i = 1; i < rows.size(); ++i)
    violations.expect_equal(
        ("waterfall: level of " + rows[i].name).c_str(), rows[i].tflops_per_chip,
        rows[i - 1].tflops_per_chip - rows[i].lost_to, peak);
  const auto& throughput = result.throughput;
  // Failures come after what a step achieves.
  const double achieved = rows[rows.size() - (throughput.goodput ? 2 : 1)].tflops_per_chip;
  violations.expect_equal(
      "waterfall: last level against throughput.model_tflops_per_chip", achieved,
      throughput.model_tflops_per_chip, peak);
  violations.expect_equal(
      "throughput.mfu against the waterfall", throughput.mfu, achieved / peak, 1);
  if (throughput.goodput && !(*throughput.goodput <= 1))
    violations.add(fmt::format("throughput.goodput: {} is above 1", *throughput.goodput));
}

// Energy is neither lost nor made.
void check_power(const Result& result, Violations& violations) {
  const auto& power = result.power;
  if (!power.chip_w) return;
  double sum = 0;
  for (const Maybe& part :
       {power.matrix_w, power.vector_w, power.sram_w, power.network_on_chip_w, power.hbm_w,
        power.links_w, power.leakage_w, power.fixed_w})
    sum += part.value_or(0);
  violations.expect_equal("sum of power.breakdown_w against power.chip_w", sum, *power.chip_w);
}

}  // namespace

void check(const Result& result) { check(result, to_json(result)); }

void check(const Result& result, const nlohmann::ordered_json& document) {
  Violations violations;
  check_numbers(document, "", false, violations);
  const auto& step = result.step;
  if (!(step.time_s > 0))
    violations.add(fmt::format("step.time_s: {} is not above zero", step.time_s));
  violations.expect_equal("sum of time against step.time_s", total_s(result.time), step.time_s);
  violations.expect_equal(
      "throughput.tokens_per_s against step", result.throughput.tokens_per_s,
      step.tokens / step.time_s);
  check_waterfall(result, violations);
  check_power(result, violations);
  if (!(result.throughput.mfu <= 1))
    violations.add(fmt::format("throughput.mfu: {} is above 1", result.throughput.mfu));
  const MemoryUse& memory = result.memory;
  if (memory.peak_bytes > memory.capacity_bytes)
    violations.add(fmt::format(
        "memory.peak_bytes: {} is above the capacity of {}", memory.peak_bytes,
        memory.capacity_bytes));
  violations.throw_if_any();
}

}  // namespace headroom
