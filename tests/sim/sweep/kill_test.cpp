// Sweeps that are killed at random moments, workers and whole programs: nothing that was finished
// is lost, nothing is counted twice, and the end is as if nothing had happened.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <numeric>
#include <random>
#include <sstream>

#include "sim/sweep/export.h"
#include "tests/sim/sweep/files.h"
#include "tests/support/effort.h"
#include "tests/support/seed.h"

namespace headroom::sweep {
namespace {

const std::string program = HEADROOM_BINARY_DIR "/headroom";

pid_t start(const std::string& sweep, const std::string& out) {
  const pid_t process = fork();
  if (process != 0) return process;
  const int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  execl(program.c_str(), "headroom", "sweep", sweep.c_str(), "-o", out.c_str(), "--jobs", "2",
        "--config-path", HEADROOM_SOURCE_DIR "/tests/data/configs", nullptr);
  _exit(127);
}

std::vector<pid_t> children(pid_t process) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream in(entry.path() / "stat");
    std::string id, name, state;
    pid_t parent = 0;
    if (in >> id >> name >> state >> parent && parent == process) found.push_back(std::stoi(id));
  }
  return found;
}

std::int64_t rows_in(const std::string& out) {
  if (!std::filesystem::exists(out)) return 0;
  try {
    Store store = Store::open(out);
    const auto counts = store.counts();
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  } catch (const InputError&) {
    return 0;  // killed before the file was made
  }
}

std::string exported(const std::string& out) {
  Store store = Store::open(out);
  std::ostringstream text;
  write_jsonl(store, text);
  return text.str();
}

bool has_ended(pid_t process, int& status) { return waitpid(process, &status, WNOHANG) == process; }

TEST(Kill, NothingIsLostNorCountedTwice) {
  const int points = effort(2000);
  const int kills = effort(105);
  const std::string sweep = written(
      "base: tiny\nfidelity: analytic\naxes:\n  - plan.recompute: [none, full]\n"
      "  - chip.power_cap: {from: 100 W, to: 1000 W, count: " +
      std::to_string(points / 2) + "}\n");
  const std::string calm = fresh("calm"), wild = fresh("wild");
  int status = 0;
  waitpid(start(sweep, calm), &status, 0);
  ASSERT_EQ(status, 0);
  ASSERT_EQ(rows_in(calm), points);

  std::mt19937_64 generator(seed());
  // From no time to some; most kills hit a working sweep, some its start and its end.
  const auto pause = [&](double most_ms) {
    const double share = std::ldexp(static_cast<double>(generator() >> 11U), -53);
    usleep(static_cast<useconds_t>(1000 * most_ms * share));
  };
  int of_workers = 0, of_programs = 0;
  std::int64_t finished = 0;
  pid_t process = start(sweep, wild);
  pause(200);
  while (of_workers + of_programs < kills) {
    pause(15);
    const bool ended = has_ended(process, status);
    if (!ended && of_programs * 7 >= of_workers) {
      const std::vector<pid_t> workers = children(process);
      if (!workers.empty())
        of_workers += kill(workers[generator() % workers.size()], SIGKILL) == 0 ? 1 : 0;
      continue;
    }
    if (!ended) {
      kill(process, SIGKILL);
      waitpid(process, &status, 0);
      ++of_programs;
    }
    const std::int64_t now = rows_in(wild);
    EXPECT_GE(now, finished) << "finished rows are gone; " << replay();
    EXPECT_LE(now, points) << replay();
    finished = now;
    if (finished == points) std::filesystem::remove(wild), finished = 0;  // again from the start
    process = start(sweep, wild);
    pause(200);
  }
  waitpid(process, &status, 0);
  EXPECT_EQ(status, 0) << replay();
  EXPECT_EQ(rows_in(wild), points) << replay();
  EXPECT_EQ(exported(wild), exported(calm)) << replay();
  EXPECT_GT(of_workers, 0);
  EXPECT_GT(of_programs, 0);
  RecordProperty("kills_of_workers", of_workers);
  RecordProperty("kills_of_programs", of_programs);
}

// Two programs at once into one file: every point once, the same bytes.
TEST(Kill, TwoSweepsAtOnceShareAStore) {
  const std::string sweep = written(
      "base: tiny\nfidelity: analytic\naxes:\n"
      "  - chip.power_cap: {from: 100 W, to: 1000 W, count: 300}\n");
  const std::string alone = fresh("alone"), shared = fresh("shared");
  int status = 0;
  waitpid(start(sweep, alone), &status, 0);
  const pid_t first = start(sweep, shared), second = start(sweep, shared);
  int one = 0, two = 0;
  waitpid(first, &one, 0);
  waitpid(second, &two, 0);
  EXPECT_EQ(one, 0);
  EXPECT_EQ(two, 0);
  EXPECT_EQ(rows_in(shared), 300);
  EXPECT_EQ(exported(shared), exported(alone));
}

}  // namespace
}  // namespace headroom::sweep
