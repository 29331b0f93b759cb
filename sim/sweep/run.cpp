#include "sim/sweep/run.h"

#include <algorithm>

#include "models/hbm/bandwidth.h"
#include "sim/sweep/evaluate.h"

namespace headroom::sweep {

bool run_points(const Job& job, const std::unordered_set<std::string>& known,
                const std::function<void(const std::vector<Row>&)>& take) {
  Evaluator evaluator(job.sweep, job.paths, job.version);
  LocalRun run;
  run.points = job.points;
  if (run.points.empty()) run.points = {{0, job.space.size()}};
  // Once here instead of in every process: schemas of files, and the rates of the chip's HBM.
  if (job.space.size() > 0)
    if (const auto first = evaluator.prepare(job.space[run.points.front().begin]); first.experiment)
      measure_all(first.experiment->chip.hbm);
  run.work = [&](std::uint64_t index) -> std::optional<Row> {
    Evaluator::Prepared prepared = evaluator.prepare(job.space[index]);
    if (known.count(prepared.row.key) > 0) return std::nullopt;
    return evaluator.evaluate(std::move(prepared));
  };
  run.cells = [&](std::uint64_t index) { return job.space[index].cells; };
  run.key = [&](std::uint64_t index) { return evaluator.prepare(job.space[index]).row.key; };
  run.jobs = std::max<std::size_t>(1, job.jobs);
  run.limits = job.sweep.limits;
  run.store = take;
  run.progress = job.progress;
  run.is_stopped = job.is_stopped;
  return run_local(run);
}

bool run_sweep(const Job& job, Store& store) {
  store.begin(setting_of(job.sweep, job.paths), job.sweep.name, job.version);
  return run_points(job, store.keys(), [&](const std::vector<Row>& rows) { store.add(rows); });
}

std::size_t forget_interrupted(const Job& job, Store& store) {
  store.begin(setting_of(job.sweep, job.paths), job.sweep.name, job.version);
  return store.forget_interrupted();
}

std::vector<IndexRange> missing(const Job& job, const std::unordered_set<std::string>& known) {
  Evaluator evaluator(job.sweep, job.paths, job.version);
  std::vector<IndexRange> ranges;
  for (std::uint64_t index = 0; index < job.space.size(); ++index) {
    if (known.count(evaluator.prepare(job.space[index]).row.key) > 0) continue;
    if (!ranges.empty() && ranges.back().end == index)
      ++ranges.back().end;
    else
      ranges.push_back({index, index + 1});
  }
  return ranges;
}

}  // namespace headroom::sweep
