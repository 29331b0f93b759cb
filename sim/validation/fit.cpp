#include "sim/validation/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "sim/config/error.h"
#include "sim/engine/analytic_step.h"
#include "sim/engine/simulate.h"
#include "sim/validation/changes.h"
#include "sim/validation/compare.h"

namespace headroom::validation {
namespace {

constexpr std::size_t rounds = 2;
constexpr std::size_t sections = 10;  // of a range; what is left after them is 2 % of it
const double golden = (std::sqrt(5.0) - 1) / 2;

struct Measure {
  double number = 0;
  std::string unit;  // with what separates it from the number
};

std::optional<Measure> measure_of(const std::string& text) {
  Measure measure;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, measure.number);
  if (error != std::errc{}) return std::nullopt;
  measure.unit.assign(rest, end);
  return measure;
}

std::string words_of(double number, const std::string& unit) {
  return fmt::format("{:.4g}{}", number, unit);
}

std::string name_of(const Constant& constant) { return constant.file + ":" + constant.key; }

// A run that is compared, as its files have it.
struct Compared {
  const PublishedRun* run;
  ResolvedRun resolved;
  double log_error, step_s;
};

double step_time(const Experiment& experiment) {
  return AnalyticEngine(experiment).step_time(experiment);
}

// As validate predicts them, so that its error is the one that is lessened.
std::vector<Compared> compared_runs(const std::vector<PublishedRun>& runs, const Context& context) {
  std::vector<Compared> result;
  for (const PublishedRun& run : runs) {
    if (!states_throughput(run)) continue;
    auto attempt = resolve(run, context);
    auto* resolved = std::get_if<ResolvedRun>(&attempt);
    if (resolved == nullptr) continue;
    const Result step = simulate(resolved->experiment, Tracing::off).result;
    const auto comparison = compare(
        resolved->run, *resolved, {step.step.time_s, step.step.model_flops}, context.tables);
    if (!comparison) continue;
    const double log_error = std::log(comparison->predicted_tflops / comparison->published_tflops);
    result.push_back({&run, std::move(*resolved), log_error, step.step.time_s});
  }
  return result;
}

class Search {
 public:
  Search(const std::vector<Compared>& runs, const Context& context,
         const std::vector<Constant>& constants)
      : runs_(runs), context_(context), constants_(constants) {
    for (const Constant& constant : constants) values.push_back(constant.value);
  }

  // Mean absolute logarithm with the values as they are.
  [[nodiscard]] double distance() const {
    double sum = 0;
    for (const Compared& each : runs_) sum += std::abs(log_error(each));
    return sum / static_cast<double>(runs_.size());
  }

  // Mean absolute error of throughput.
  [[nodiscard]] double error_pct() const {
    double sum = 0;
    for (const Compared& each : runs_) sum += std::abs(std::exp(log_error(each)) - 1);
    return 100 * sum / static_cast<double>(runs_.size());
  }

  [[nodiscard]] std::size_t runs_of(std::size_t i) const {
    return static_cast<std::size_t>(std::count_if(
        runs_.begin(), runs_.end(),
        [&](const Compared& each) { return !is_empty(change(each, i)); }));
  }

  // Leaves the constant at the best of its range, or as it was where nothing there is better.
  void turn(std::size_t i) {
    const Measure low = *measure_of(constants_[i].low), high = *measure_of(constants_[i].high);
    const std::string before = values[i];
    const double distance_before = distance();
    const auto at = [&](double number) {
      values[i] = words_of(number, low.unit);
      return distance();
    };
    double left = low.number, right = high.number;
    double inner_left = right - golden * (right - left),
           inner_right = left + golden * (right - left);
    double at_left = at(inner_left), at_right = at(inner_right);
    for (std::size_t section = 2; section < sections; ++section) {
      if (at_left <= at_right) {
        right = inner_right;
        inner_right = inner_left;
        at_right = at_left;
        inner_left = right - golden * (right - left);
        at_left = at(inner_left);
      } else {
        left = inner_left;
        inner_left = inner_right;
        at_left = at_right;
        inner_right = left + golden * (right - left);
        at_right = at(inner_right);
      }
    }
    if (at((left + right) / 2) >= distance_before) values[i] = before;
  }

  std::vector<std::string> values;

 private:
  [[nodiscard]] Changes change(const Compared& each, std::size_t i) const {
    if (has_own_value(each.resolved, constants_[i].key)) return {};
    return changes_to(constants_[i], values[i], each.resolved.experiment);
  }

  [[nodiscard]] double log_error(const Compared& each) const {
    Context changed = context_;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i] != constants_[i].value) changed.changes = changed.changes + change(each, i);
    if (is_empty(changed.changes)) return each.log_error;
    const auto attempt = resolve(*each.run, changed);
    const auto* other = std::get_if<ResolvedRun>(&attempt);
    if (other == nullptr) return each.log_error;
    return each.log_error + std::log(each.step_s / step_time(other->experiment));
  }

  const std::vector<Compared>& runs_;
  const Context& context_;
  const std::vector<Constant>& constants_;
};

}  // namespace

std::vector<Constant> constants_to_fit(
    const std::vector<std::string>& words, const std::vector<Constant>& all) {
  std::vector<std::string> names;
  for (const Constant& constant : all) names.push_back(name_of(constant));
  std::vector<Constant> result;
  for (const std::string& word : words) {
    const auto found = std::find(names.begin(), names.end(), word);
    if (found == names.end())
      throw std::invalid_argument(fmt::format(
          "no constant '{}'; nearest: '{}' (headroom validate --list-constants)", word,
          nearest(word, names)));
    const Constant& constant = all[static_cast<std::size_t>(found - names.begin())];
    const auto low = measure_of(constant.low), high = measure_of(constant.high);
    if (!low || !high || low->unit != high->unit || low->number >= high->number)
      throw std::invalid_argument(fmt::format(
          "'{}' has no range of two numbers in one unit, the lower one first: found {}", word,
          constant.low.empty() ? "none" : fmt::format("[{}, {}]", constant.low, constant.high)));
    result.push_back(constant);
  }
  return result;
}

Fit fit(const std::vector<PublishedRun>& runs, const Context& context,
        const std::vector<Constant>& constants, const std::function<void(std::size_t)>& progress) {
  const std::vector<Compared> compared = compared_runs(runs, context);
  Fit result;
  result.runs = compared.size();
  if (compared.empty()) return result;
  Search search(compared, context, constants);
  result.before_pct = search.error_pct();
  for (std::size_t step = 0; step < rounds * constants.size(); ++step) {
    search.turn(step % constants.size());
    if (progress) progress(rounds * constants.size() - step - 1);
  }
  result.after_pct = search.error_pct();
  for (std::size_t i = 0; i < constants.size(); ++i)
    result.constants.push_back({constants[i], search.values[i], search.runs_of(i)});
  return result;
}

std::string text(const Fit& fit) {
  std::string text = fmt::format("{} runs compared, analytic\n\n", fit.runs);
  text += fmt::format(
      "{:<52} {:>12} {:>12}  {:<24} {:>5}\n", "Constant", "in its file", "closest", "within",
      "runs");
  for (const Fitted& each : fit.constants)
    text += fmt::format(
        "{:<52} {:>12} {:>12}  {:<24} {:>5}\n", name_of(each.constant), each.constant.value,
        each.value, each.constant.low + " to " + each.constant.high, each.runs);
  return text +
         fmt::format(
             "\nMean absolute error {:.1f} % with the files as they are, {:.1f} % with these "
             "values.\n"
             "Nothing was written; a value at an end of its range asks for another effect, not for "
             "more range.\n",
             fit.before_pct, fit.after_pct);
}

}  // namespace headroom::validation
