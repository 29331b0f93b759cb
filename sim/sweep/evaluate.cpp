#include "sim/sweep/evaluate.h"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <chrono>
#include <csignal>
#include <new>
#include <stdexcept>
#include <utility>

#include "models/base/unavailable_fidelity.h"
#include "models/hbm/bandwidth.h"
#include "sim/config/digest.h"
#include "sim/config/text_file.h"
#include "sim/engine/workers.h"
#include "sim/mapping/memory.h"
#include "sim/power/step.h"
#include "sim/report/identify.h"
#include "sim/report/invariants.h"
#include "sim/report/json.h"
#include "sim/search/search.h"

namespace headroom::sweep {

using config::Assignment;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t most_file_bytes = 256u << 20U;
// An engine remembers the kernels of every plan that it met.
constexpr std::size_t most_steps = 1000;

// What simulations read by themselves, wherever an experiment leads.
std::string digest_of_files(const config::ConfigPaths& paths) {
  std::string texts;
  for (const char* folder :
       {"chips", "clusters", "memories", "links", "libraries", "stacks", "nodes", "technology",
        "streams", "dies", "quality"})
    for (const std::string& name : paths.names(folder))
      if (const auto file = paths.find(folder, name))
        texts += name + '\n' + config::read_text_file(*file, most_file_bytes, "a YAML file");
  return config::digest(texts);
}

std::string digest_of_program() {
  static const std::string digest = config::digest(
      config::read_text_file("/proc/self/exe", most_file_bytes, "this program"));
  return digest;
}

std::string text_of(const Assignment& assignment) {
  return assignment.path + '=' + assignment.value.json().dump() + '\n';
}

bool is_below(const std::string& path, std::string_view head) {
  return path.compare(0, head.size(), head) == 0;
}

bool is_misfit(const Experiment& experiment) {
  return peak_memory(experiment).total() > experiment.chip.hbm.capacity.si();
}

}  // namespace

std::string setting_of(const Sweep& sweep, const config::ConfigPaths& paths) {
  std::string text = digest_of_program() + digest_of_files(paths) +
                     std::string(plan_choice_names[static_cast<std::size_t>(sweep.plan)]);
  text += config::read_text_file(sweep.base, most_file_bytes, "an experiment");
  for (const Assignment& assignment : sweep.fixed) text += text_of(assignment);
  for (const std::string& column : sweep.columns()) text += column + '\n';
  return config::digest(text);
}

Evaluator::Evaluator(const Sweep& sweep, const config::ConfigPaths& paths, std::string version)
    : sweep_(sweep),
      reader_(sweep.base, paths),
      version_(std::move(version)),
      setting_(setting_of(sweep, paths)) {}

Evaluator::Prepared Evaluator::prepare(const Point& point) {
  Prepared prepared;
  prepared.row.cells = point.cells;
  std::vector<Assignment> assignments = sweep_.fixed;
  assignments.insert(assignments.end(), point.assignments.begin(), point.assignments.end());
  std::string inputs = setting_;
  for (const Assignment& assignment : point.assignments) {
    const std::string text = text_of(assignment);
    inputs += text;
    if (!is_below(assignment.path, "plan.") && !is_below(assignment.path, "model"))
      prepared.machine += text;
  }
  try {
    prepared.experiment = reader_.read(assignments);
    inputs += prepared.experiment->digest;
    prepared.machine += to_string(prepared.experiment->plan.format);
  } catch (const InputError& error) {
    prepared.row.status = Status::invalid;
    prepared.row.reason = error.what();
    inputs += error.what();
  }
  prepared.row.key = config::digest(inputs) + config::digest(inputs + "\n");
  return prepared;
}

Row Evaluator::evaluate(Prepared prepared) {
  const auto start = Clock::now();
  Row row = std::move(prepared.row);
  if (prepared.experiment) {
    try {
      run(*prepared.experiment, prepared.machine, row);
    } catch (const std::bad_alloc&) {
      row.status = Status::memory;
      row.reason = fmt::format(
          "needs more than limits.memory, {:.3g} GB", sweep_.limits.memory.si() / 1e9);
    } catch (const std::exception& error) {
      row.status = Status::failed;
      row.reason = error.what();
    }
  }
  row.wall_s = std::chrono::duration<double>(Clock::now() - start).count();
  return row;
}

void Evaluator::run(Experiment& experiment, std::string machine, Row& row) {
  if (sweep_.plan == PlanChoice::best && !choose_plan(experiment, row)) return;
  try {
    check_feasible(experiment);
  } catch (const InputError& error) {
    row.status = is_misfit(experiment) ? Status::misfit : Status::invalid;
    row.reason = error.what();
    return;
  }
  const StepPower power(experiment, reader_.paths(), std::launch::deferred);
  settle_clock(experiment, power);
  machine += fmt::format("{}", experiment.chip.clock.sustained_matmul.si());
  if (is_analytic(experiment.fidelity))
    row.result = document(experiment, computed(experiment, machine), power, machine);
  else
    simulate_apart(experiment, power, machine, row);
}

bool Evaluator::choose_plan(Experiment& experiment, Row& row) const {
  const search::Outcome found = search::find_plans(experiment, 1);
  if (!found.best.empty()) {
    experiment.plan = found.best.front().plan;
    return true;
  }
  row.status = Status::misfit;
  row.reason = found.smallest
                   ? fmt::format(
                         "no plan fits: the least need is {:.1f} GB of {:.1f} GB",
                         found.least_need.total() / 1e9, experiment.chip.hbm.capacity.si() / 1e9)
                   : "no plan is legal: no divisors of the chips suit model and batch";
  return false;
}

void Evaluator::simulate_apart(
    const Experiment& experiment, const StepPower& power, const std::string& machine, Row& row) {
  measure_all(experiment.chip.hbm);  // here, so that the next fork need not
  const auto simulated = [&](std::size_t) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // whatever ends the worker ends its fork
    return document(experiment, simulate(experiment, Tracing::off).result, power, machine);
  };
  WorkerAnswer answer = run_forked(1, 1, simulated).front();
  if (answer.ok) {
    row.result = std::move(answer.text);
    return;
  }
  const bool out_of_memory = answer.text == std::bad_alloc().what();
  row.status = out_of_memory ? Status::memory
               : answer.text.rfind("its process was killed", 0) == 0
                   ? Status::crashed
                   : Status::failed;
  row.reason = out_of_memory ? fmt::format("needs more than limits.memory, {:.3g} GB",
                                           sweep_.limits.memory.si() / 1e9)
                             : answer.text;
}

Result Evaluator::computed(const Experiment& experiment, const std::string& machine) {
  if (!engine_ || machine != engine_key_ || ++steps_ > most_steps) {
    engine_ = std::make_unique<AnalyticEngine>(experiment);
    engine_key_ = machine;
    steps_ = 0;
  }
  return engine_->step(experiment).result;
}

std::string Evaluator::document(const Experiment& experiment, Result result, const StepPower& power,
                                const std::string& machine) {
  identify(result, experiment);
  power.fill(result, experiment.chip.clock.sustained_matmul);
  // Dies and prices are the machine's; they are read out of several files.
  if (!die_ || machine != die_key_) {
    die_ = die_of(experiment, reader_.paths());
    die_key_ = machine;
  }
  fill_die_and_cost(result, experiment, *die_);
  result.version = version_;
  nlohmann::ordered_json document = to_json(result);
  check(result, document);
  document["simulation"] = {{"events", result.simulation.events}};
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace headroom::sweep
