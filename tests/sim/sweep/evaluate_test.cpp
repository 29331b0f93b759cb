// Points: what `headroom run` says of the same experiment, and rows for what goes wrong.
#include "sim/sweep/evaluate.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <map>
#include <new>
#include <nlohmann/json.hpp>
#include <set>

#include "sim/die/fill.h"
#include "sim/engine/simulate.h"
#include "sim/power/step.h"
#include "sim/report/identify.h"
#include "sim/report/json.h"
#include "sim/sweep/local.h"
#include "sim/sweep/run.h"
#include "tests/sim/sweep/files.h"

namespace headroom::sweep {
namespace {

using Json = nlohmann::ordered_json;

const std::string base = "base: llama3-8b_8xh100\nfidelity: analytic\n";

std::vector<Row> rows_of(const Sweep& sweep) {
  const config::ConfigPaths paths;
  const Space space(sweep, paths);
  Evaluator evaluator(sweep, paths, "v");
  std::vector<Row> rows;
  for (std::size_t i = 0; i < space.size(); ++i)
    rows.push_back(evaluator.evaluate(evaluator.prepare(space[i])));
  return rows;
}

// Parts that are remembered from point to point are those of the point.
TEST(Evaluate, EqualsARunOfTheSamePoint) {
  const Sweep sweep = sweep_of(
      base +
      "axes:\n  - cluster.chip: [h100-sxm, b200-sxm]\n  - plan.micro_batch: [1, 2]\n"
      "  - chip.power_cap: [600 W, 700 W]\n  - model: [llama-3-8b, llama-2-7b]\n"
      "  - stack: [none, torchtitan-2024]\n");
  const config::ConfigPaths paths;
  const Space space(sweep, paths);
  const std::vector<Row> rows = rows_of(sweep);
  int ok = 0;
  for (std::size_t i = 0; i < space.size(); ++i) {
    std::vector<std::string> sets{
        "fidelity.matrix_engine=analytic", "fidelity.hbm=analytic", "fidelity.link=analytic"};
    for (const config::Assignment& assignment : space[i].assignments)
      sets.push_back(assignment.path + "=" + assignment.value.text());
    SCOPED_TRACE(sets[3] + " " + sets[4] + " " + sets[5] + " " + sets[6] + " " + sets[7]);
    try {
      Experiment experiment = load_experiment(sweep.base, paths, sets);
      const StepPower power(experiment, paths);
      settle_clock(experiment, power);
      Result result = simulate(experiment, Tracing::off).result;
      identify(result, experiment);
      power.fill(result, experiment.chip.clock.sustained_matmul);
      fill_die_and_cost(result, experiment, die_of(experiment, paths));
      result.version = "v";
      Json expected = to_json(result);
      expected["simulation"] = {{"events", result.simulation.events}};
      ASSERT_EQ(rows[i].status, Status::ok) << rows[i].reason;
      EXPECT_EQ(rows[i].result, expected.dump());
      ++ok;
    } catch (const InputError&) {
      EXPECT_NE(rows[i].status, Status::ok);
    }
  }
  EXPECT_GE(ok, 8);
}

TEST(Evaluate, ReasonsAreRows) {
  const std::vector<Row> rows = rows_of(
      sweep_of(base + "axes:\n  - plan.micro_batch: [1, 8]\n  - plan.data: [8, 4]\n"));
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].status, Status::ok);
  EXPECT_EQ(rows[1].status, Status::invalid);
  EXPECT_NE(rows[1].reason.find("= 4 chips"), std::string::npos) << rows[1].reason;
  EXPECT_NE(rows[2].status, Status::ok);
  std::set<std::string> keys;
  for (const Row& row : rows) keys.insert(row.key);
  EXPECT_EQ(keys.size(), rows.size());
}

TEST(Evaluate, AMisfitSaysByHowMuch) {
  const std::vector<Row> rows = rows_of(
      sweep_of(base + "axes:\n  - chip.hbm.capacity: [80 GB, 20 GB]\n"));
  EXPECT_EQ(rows[1].status, Status::misfit) << rows[1].reason;
  EXPECT_NE(rows[1].reason.find("GB of HBM"), std::string::npos) << rows[1].reason;
}

TEST(Evaluate, TheBestPlanIsNoSlower) {
  const std::string axes = "axes:\n  - plan.global_batch: [16]\n";
  const std::vector<Row> fixed = rows_of(sweep_of(base + axes)),
                         best = rows_of(sweep_of(base + "plan: best\n" + axes));
  ASSERT_EQ(best[0].status, Status::ok) << best[0].reason;
  EXPECT_LE(Json::parse(best[0].result)["step"]["time_s"].get<double>(),
            Json::parse(fixed[0].result)["step"]["time_s"].get<double>());
  EXPECT_NE(best[0].key, fixed[0].key);
}

// What processes may do: nothing, crash, hang, be killed once from outside, take all memory.
class Isolation : public testing::Test {
 protected:
  bool run(const std::function<std::optional<Row>(std::uint64_t)>& work, std::uint64_t count,
           double limit_s = 0.3) {
    LocalRun run;
    run.points = {{0, count}};
    run.work = work;
    run.cells = [](std::uint64_t index) { return std::vector<Cell>{static_cast<double>(index)}; };
    run.key = [](std::uint64_t index) { return std::to_string(index); };
    run.jobs = 2;
    run.limits.time = Seconds(limit_s);
    run.limits.memory = Bytes(memory_);
    run.store = [&](const std::vector<Row>& some) {
      for (const Row& row : some) {
        const auto index = static_cast<std::uint64_t>(std::get<double>(row.cells[0]));
        EXPECT_TRUE(rows_.emplace(index, row).second) << index << " twice";
      }
    };
    run.is_stopped = [&] { return rows_.size() >= stop_after_; };
    return run_local(run);
  }

  static Row fine(std::uint64_t index) {
    Row row;
    row.key = std::to_string(index);
    row.result = "{}";
    return row;
  }

  std::map<std::uint64_t, Row> rows_;
  std::size_t stop_after_ = 1'000'000;
  double memory_ = 4e9;
};

TEST_F(Isolation, ACrashIsTheResultOfItsPointAlone) {
  EXPECT_TRUE(run(
      [](std::uint64_t index) -> std::optional<Row> {
        if (index % 40 == 7) raise(SIGABRT);  // sanitizers catch others
        if (index % 40 == 9) _exit(0);
        return fine(index);
      },
      200));
  ASSERT_EQ(rows_.size(), 200U);
  for (const auto& [index, row] : rows_) {
    const bool dies = index % 40 == 7 || index % 40 == 9;
    EXPECT_EQ(row.status, dies ? Status::crashed : Status::ok) << index;
    EXPECT_EQ(row.key, std::to_string(index));
  }
  EXPECT_EQ(rows_[7].reason, "its process was killed by signal 6");
  EXPECT_EQ(rows_[9].reason, "its process ended by itself");
}

TEST_F(Isolation, AHangEndsAtItsLimit) {
  EXPECT_TRUE(run(
      [](std::uint64_t index) -> std::optional<Row> {
        if (index == 30) pause();
        return fine(index);
      },
      60));
  ASSERT_EQ(rows_.size(), 60U);
  EXPECT_EQ(rows_[30].status, Status::timeout);
  EXPECT_EQ(rows_[30].reason, "took longer than limits.time, 0.3 s");
  EXPECT_EQ(rows_[31].status, Status::ok);
}

TEST_F(Isolation, AKillFromOutsideIsForgiven) {
  const std::string mark = fresh("mark");
  EXPECT_TRUE(run(
      [&](std::uint64_t index) -> std::optional<Row> {
        if (index == 20 && !std::filesystem::exists(mark)) {
          std::ofstream(mark) << "killed once";
          raise(SIGKILL);
        }
        return fine(index);
      },
      50, 5));
  ASSERT_EQ(rows_.size(), 50U);
  EXPECT_EQ(rows_[20].status, Status::ok);
}

TEST_F(Isolation, AStopKeepsWhatIsFinished) {
  stop_after_ = 5;
  EXPECT_FALSE(run(
      [](std::uint64_t index) -> std::optional<Row> {
        usleep(2000);
        return fine(index);
      },
      100'000));
  EXPECT_GE(rows_.size(), 5U);
  EXPECT_LT(rows_.size(), 100'000U);
}

#if !defined(__SANITIZE_ADDRESS__)  // whose shadow memory would count
TEST_F(Isolation, MemoryIsLimited) {
  memory_ = 1e9;
  EXPECT_TRUE(run(
      [](std::uint64_t index) -> std::optional<Row> {
        Row row = fine(index);
        try {
          row.result.resize(index == 3 ? 2'000'000'000 : 1000, ' ');
          row.result.clear();
        } catch (const std::bad_alloc&) {
          row.status = Status::memory;
        }
        return row;
      },
      10, 60));
  ASSERT_EQ(rows_.size(), 10U);
  for (const auto& [index, row] : rows_)
    EXPECT_EQ(row.status, index == 3 ? Status::memory : Status::ok) << index;
}
#endif

}  // namespace
}  // namespace headroom::sweep
