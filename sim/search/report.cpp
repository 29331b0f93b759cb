#include "sim/search/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/config/plan.h"
#include "sim/report/numbers.h"
#include "sim/search/plans.h"

namespace headroom::search {

namespace {

using Json = nlohmann::ordered_json;

constexpr double giga = 1e9;

Json found_json(const Found& found, const double* simulated) {
  return {
      {"plan", config::plan_record().write(found.plan)},
      {"step_time_s", found.result.step.time_s},
      {"simulated_step_time_s", simulated != nullptr ? Json(*simulated) : Json(nullptr)},
      {"mfu", found.result.throughput.mfu},
      {"tokens_per_s_per_chip", found.result.throughput.tokens_per_s_per_chip},
      {"memory_bytes", found.result.memory.peak_bytes},
      {"bound_by", found.result.bound_by},
      {"least_step_time_s", found.bound_s}};
}

std::string line(const std::string& rank, const Found& found) {
  return fmt::format(
      "  {:>5} {:>9.3f} s {:>6.1f} % {:>7.1f} GB  {:<28} {}\n", rank, found.result.step.time_s,
      100 * found.result.throughput.mfu, found.result.memory.peak_bytes / giga,
      found.result.bound_by, words(found.plan));
}

std::string head(const Report& report) {
  const Experiment& e = report.experiment;
  const Outcome& o = report.outcome;
  const auto count = [](std::size_t number) { return grouped(static_cast<double>(number)); };
  std::string text = fmt::format(
      "{}: {} on {} x {} ({}), {}, batch {} of {} tokens\n", e.name, e.model.id,
      grouped(static_cast<double>(e.cluster.chips)), e.chip.id, e.cluster.id,
      to_string(e.plan.format), e.plan.global_batch, e.plan.sequence);
  text += fmt::format(
      "  {} legal plans; {} fit {:.1f} GB; {} evaluated, the rest is slower by its bound\n",
      count(o.legal), count(o.fitted), e.chip.hbm.capacity.si() / giga, count(o.evaluated));
  if (o.unmapped > 0)
    text += fmt::format(
        "  {} that would fit have stages of unequal layers, which are not modelled\n",
        count(o.unmapped));
  return text;
}

std::string nothing_fits(const Report& report) {
  const Outcome& o = report.outcome;
  if (!o.smallest) return "  no plan is legal: no divisors of the chips suit model and batch\n";
  return fmt::format(
      "  none fits: the least need is {:.1f} GB a chip (weights {:.1f}, gradients {:.1f}, "
      "optimiser {:.1f}, activations {:.1f}) of {:.1f} GB, under\n  {}\n",
      o.least_need.total() / giga, o.least_need.weights_bytes / giga,
      o.least_need.gradients_bytes / giga, o.least_need.optimizer_bytes / giga,
      o.least_need.activations_bytes / giga, report.experiment.chip.hbm.capacity.si() / giga,
      words(*o.smallest));
}

}  // namespace

Json to_json(const Report& report) {
  const Experiment& e = report.experiment;
  const Outcome& o = report.outcome;
  Json document{
      {"schema", "headroom.plans/1"},
      {"version", report.version},
      {"experiment", e.name},
      {"config_digest", e.digest},
      {"setup",
       {{"model", e.model.id},
        {"chip", e.chip.id},
        {"cluster", e.cluster.id},
        {"chips", e.cluster.chips}}},
      {"capacity_bytes", e.chip.hbm.capacity.si()},
      {"plans",
       {{"legal", o.legal},
        {"fitted", o.fitted},
        {"evaluated", o.evaluated},
        {"unmapped", o.unmapped}}},
      {"given", o.given ? found_json(*o.given, nullptr) : Json(nullptr)},
      {"best", Json::array()},
      {"least_need", nullptr}};
  for (std::size_t i = 0; i < o.best.size(); ++i) {
    const double* simulated = i < report.confirmed.size() ? &report.confirmed[i] : nullptr;
    document["best"].push_back(found_json(o.best[i], simulated));
  }
  if (o.smallest)
    document["least_need"] = {
        {"memory_bytes", o.least_need.total()}, {"plan", config::plan_record().write(*o.smallest)}};
  return document;
}

std::string text(const Report& report) {
  const Outcome& o = report.outcome;
  std::string text = head(report);
  if (o.best.empty()) return text + nothing_fits(report);
  text += fmt::format(
      "\n  {:>5} {:>11} {:>8} {:>10}  {:<28} {}\n", "", "step", "MFU", "memory", "bound by",
      "plan");
  if (o.given) text += line("given", *o.given);
  for (std::size_t i = 0; i < o.best.size(); ++i) text += line(std::to_string(i + 1), o.best[i]);
  text += "\n";
  for (std::size_t i = 0; i < report.confirmed.size(); ++i)
    text += fmt::format(
        "  {} simulated at the experiment's fidelity: {:.3f} s, {:+.2f} % from the closed form\n",
        i + 1, report.confirmed[i], 100 * (report.confirmed[i] / o.best[i].result.step.time_s - 1));
  return text;
}

}  // namespace headroom::search
