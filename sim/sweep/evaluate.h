// One point: its experiment read, simulated, written down.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "sim/config/load.h"
#include "sim/die/fill.h"
#include "sim/engine/analytic_step.h"
#include "sim/power/step.h"
#include "sim/report/result.h"
#include "sim/sweep/row.h"
#include "sim/sweep/space.h"

namespace headroom::sweep {

// Evaluates points of a sweep one after the other, and remembers what they share. SystemC
// elaborates once a process, so a point that needs it runs in a fork; points in closed form run
// here.
class Evaluator {
 public:
  // `version` goes into results.
  Evaluator(const Sweep& sweep, const config::ConfigPaths& paths, std::string version);

  // What a point is, before the work: its row with cells and key, and its experiment, unless the
  // row already says why there is none.
  struct Prepared {
    Row row;
    std::optional<Experiment> experiment;
    std::string machine;  // what the point sets beside model and plan
  };
  [[nodiscard]] Prepared prepare(const Point& point);
  // The row with status, reason and result. Throws nothing but what is no fault of the point.
  [[nodiscard]] Row evaluate(Prepared prepared);

 private:
  void run(Experiment& experiment, std::string machine, Row& row);
  [[nodiscard]] bool choose_plan(Experiment& experiment, Row& row) const;
  void simulate_apart(const Experiment& experiment, const StepPower& power,
                      const std::string& machine, Row& row);
  [[nodiscard]] Result computed(const Experiment& experiment, const std::string& machine);
  [[nodiscard]] std::string document(const Experiment& experiment, Result result,
                                     const StepPower& power, const std::string& machine);

  const Sweep& sweep_;
  ExperimentReader reader_;
  std::string version_, setting_;
  // The last chip, cluster, stack and format in closed form.
  std::string engine_key_;
  std::unique_ptr<AnalyticEngine> engine_;
  std::size_t steps_ = 0;  // of that engine
  // Of the last machine.
  std::string die_key_;
  std::optional<DieAnswer> die_;
};

}  // namespace headroom::sweep
