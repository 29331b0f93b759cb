#include "sim/sweep/local.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <deque>
#include <utility>

namespace headroom::sweep {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_rows = 2000;            // of a transaction
constexpr std::chrono::milliseconds longest{250};  // that a finished row waits for one
constexpr double chunk_s = 0.1;                    // of work that a process is given at once
constexpr std::uint64_t most_points = 4096;

class Pool {
 public:
  explicit Pool(const LocalRun& run) : run_(run), ranges_(run.points.begin(), run.points.end()) {
    for (const IndexRange& range : ranges_) waiting_ += range.end - range.begin;
  }

  bool work() {
    while (!is_done()) {
      if (run_.is_stopped && run_.is_stopped()) {
        workers_.clear();
        commit();
        return false;
      }
      employ();
      listen();
      end_silent();
      if (pending_.size() >= most_rows || Clock::now() - committed_ >= longest) commit();
    }
    workers_.clear();
    commit();
    return true;
  }

 private:
  struct Alone {
    std::uint64_t index;
    int attempt;
  };

  [[nodiscard]] bool is_done() const {
    return waiting_ == 0 && alone_.empty() &&
           std::all_of(workers_.begin(), workers_.end(), [](const Worker& worker) {
             return worker.is_idle();
           });
  }

  void employ() {
    for (Worker& worker : workers_)
      if (worker.is_idle()) give(worker);
    while (workers_.size() < run_.jobs && (waiting_ > 0 || !alone_.empty()))
      give(workers_.emplace_back(run_.work, run_.limits));
  }

  void give(Worker& worker) {
    if (!alone_.empty()) {
      const Alone next = alone_.front();
      alone_.pop_front();
      return worker.assign({next.index, next.index + 1}, next.attempt);
    }
    if (waiting_ == 0) return;
    IndexRange& range = ranges_.front();
    // The last ones are shared out evenly.
    const std::uint64_t fair = std::max<std::uint64_t>(1, waiting_ / (2 * run_.jobs));
    const std::uint64_t count = std::min({chunk_, fair, range.end - range.begin});
    worker.assign({range.begin, range.begin + count}, 0);
    range.begin += count;
    waiting_ -= count;
    if (range.begin == range.end) ranges_.pop_front();
  }

  void listen() {
    std::vector<pollfd> files;
    files.reserve(workers_.size());
    for (const Worker& worker : workers_) files.push_back({worker.file(), POLLIN, 0});
    constexpr int patience_ms = 100;
    if (poll(files.data(), files.size(), patience_ms) < 0) return;  // interrupted
    for (std::size_t i = files.size(); i-- > 0;) {
      if (files[i].revents == 0) continue;
      std::vector<Finished> finished;
      const bool lives = workers_[i].receive(finished);
      for (Finished& one : finished) take(std::move(one));
      if (!lives)
        bury(i, false);
      else if (workers_[i].is_idle())
        adapt(workers_[i]);
    }
  }

  void adapt(const Worker& worker) {
    if (worker.attempt() >= 0 && chunk_ > 1) return;  // one point alone says little
    if (worker.last_took().count() < chunk_s / 2)
      chunk_ = std::min(most_points, 2 * chunk_);
    else if (worker.last_took().count() > 2 * chunk_s)
      chunk_ = std::max<std::uint64_t>(1, chunk_ / 2);
  }

  void end_silent() {
    for (std::size_t i = workers_.size(); i-- > 0;)
      if (!workers_[i].is_idle() && workers_[i].silence().count() > run_.limits.time.si())
        bury(i, true);
  }

  void take(Finished finished) {
    if (!finished.row) {
      ++done_, ++known_;
      return;
    }
    finished.row->cells = run_.cells(finished.index);
    pending_.push_back(std::move(*finished.row));
  }

  // Of a process that ended, or is ended because it takes too long.
  void bury(std::size_t i, bool timeout) {
    const IndexRange left = workers_[i].left();
    const int attempt = workers_[i].attempt();
    const int signal = workers_[i].end();
    workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(i));
    if (left.begin == left.end) return;
    constexpr int forgiven = 2;
    const bool from_outside = !timeout && signal == SIGKILL;
    if (attempt < 0 || (from_outside && attempt < forgiven) || (!timeout && attempt == 0)) {
      for (std::uint64_t index = left.begin; index < left.end; ++index)
        alone_.push_back({index, attempt + 1});
      return;
    }
    Row row = verdict(left.begin, timeout, signal);
    row.cells = run_.cells(left.begin);
    pending_.push_back(std::move(row));
  }

  [[nodiscard]] Row verdict(std::uint64_t index, bool timeout, int signal) const {
    Row row;
    row.key = run_.key(index);
    row.status = timeout ? Status::timeout : Status::crashed;
    row.reason = timeout
                     ? fmt::format("took longer than limits.time, {:g} s", run_.limits.time.si())
                 : signal == 0 ? "its process ended by itself"
                 : signal == SIGKILL
                     ? "its process was killed by signal 9 three times; out of memory?"
                     : fmt::format("its process was killed by signal {}", signal);
    return row;
  }

  void commit() {
    committed_ = Clock::now();
    if (!pending_.empty()) run_.store(pending_);
    done_ += pending_.size();
    pending_.clear();
    if (run_.progress) run_.progress(done_, known_);
  }

  const LocalRun& run_;
  std::deque<IndexRange> ranges_;
  std::uint64_t waiting_ = 0;
  std::deque<Alone> alone_;
  std::vector<Worker> workers_;
  std::vector<Row> pending_;
  std::uint64_t chunk_ = 1;
  std::size_t done_ = 0, known_ = 0;
  Clock::time_point committed_ = Clock::now();
};

}  // namespace

bool run_local(const LocalRun& run) {
  // A worker that dies while it is given work must not take this process with it.
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &before);
  const bool complete = Pool(run).work();
  sigaction(SIGPIPE, &before, nullptr);
  return complete;
}

}  // namespace headroom::sweep
