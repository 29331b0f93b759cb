#include "sim/sweep/worker.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "sim/sweep/frame.h"

namespace headroom::sweep {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t block = 64 * 1024;
constexpr std::chrono::milliseconds longest_wait{50};

void write_all(int file, std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = write(file, bytes.data() + sent, bytes.size() - sent);
    if (n < 0 && errno != EINTR) _exit(1);  // nobody reads any more
    if (n > 0) sent += static_cast<std::size_t>(n);
  }
  bytes.clear();
}

bool read_range(int file, IndexRange& range) {
  char raw[sizeof range];
  for (std::size_t got = 0; got < sizeof raw;) {
    const ssize_t n = read(file, raw + got, sizeof raw - got);
    if (n == 0 || (n < 0 && errno != EINTR)) return false;
    if (n > 0) got += static_cast<std::size_t>(n);
  }
  std::memcpy(&range, raw, sizeof raw);
  return true;
}

// AddressSanitizer's shadow memory counts as data.
void limit_memory([[maybe_unused]] const Limits& limits) {
#if !defined(__SANITIZE_ADDRESS__)
  const auto bytes = static_cast<rlim_t>(limits.memory.si());
  const rlimit limit{bytes, bytes};
  setrlimit(RLIMIT_DATA, &limit);
#endif
}

[[noreturn]] void work_for(int commands, int results, const Work& work) {
  std::string bytes;
  IndexRange range;
  auto sent = Clock::now();
  while (read_range(commands, range)) {
    for (std::uint64_t index = range.begin; index < range.end; ++index) {
      append_frame(bytes, index, work(index));
      // What is done is not held back while a long point runs.
      if (bytes.size() < block && Clock::now() - sent < longest_wait) continue;
      write_all(results, bytes);
      sent = Clock::now();
    }
    write_all(results, bytes);
  }
  _exit(0);  // no destructors: what this process shares with its parent is the parent's
}

void become_worker(const Limits& limits, pid_t parent) {
  setpgid(0, 0);  // one kill reaches what it forks
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  signal(SIGINT, SIG_IGN);  // the parent decides
  signal(SIGTERM, SIG_DFL);
  limit_memory(limits);
}

}  // namespace

Worker::Worker(const Work& work, const Limits& limits) {
  std::array<int, 2> down{}, up{};
  if (pipe(down.data()) != 0 || pipe(up.data()) != 0)
    throw std::runtime_error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  const pid_t parent = getpid();
  process_ = fork();
  if (process_ < 0)
    throw std::runtime_error(fmt::format("cannot start a process: {}", std::strerror(errno)));
  if (process_ == 0) {
    become_worker(limits, parent);
    close(down[1]);
    close(up[0]);
    try {
      work_for(down[0], up[1], work);
    } catch (...) {
      _exit(1);
    }
  }
  setpgid(process_, process_);
  close(down[0]);
  close(up[1]);
  commands_ = down[1];
  results_ = up[0];
}

Worker::Worker(Worker&& other) noexcept { *this = std::move(other); }

Worker& Worker::operator=(Worker&& other) noexcept {
  std::swap(process_, other.process_);
  std::swap(commands_, other.commands_);
  std::swap(results_, other.results_);
  std::swap(points_, other.points_);
  std::swap(attempt_, other.attempt_);
  std::swap(heard_, other.heard_);
  std::swap(given_, other.given_);
  std::swap(took_, other.took_);
  std::swap(received_, other.received_);
  return *this;
}

Worker::~Worker() {
  if (process_ > 0) static_cast<void>(end());
}

void Worker::assign(IndexRange points, int attempt) {
  points_ = points;
  attempt_ = points.end - points.begin == 1 ? attempt : -1;
  given_ = heard_ = Clock::now();
  char raw[sizeof points];
  std::memcpy(raw, &points, sizeof points);
  // A worker that has died shows at its other pipe.
  while (write(commands_, raw, sizeof raw) < 0 && errno == EINTR) continue;
}

std::chrono::duration<double> Worker::silence() const { return Clock::now() - heard_; }

bool Worker::receive(std::vector<Finished>& finished) {
  std::array<char, block> bytes{};
  const ssize_t n = read(results_, bytes.data(), bytes.size());
  if (n < 0) return errno == EINTR;
  if (n == 0) return false;
  heard_ = Clock::now();
  received_.append(bytes.data(), static_cast<std::size_t>(n));
  std::size_t at = 0;
  while (auto one = take_frame(received_, at)) {
    points_.begin = one->index + 1;
    finished.push_back(std::move(*one));
  }
  received_.erase(0, at);
  if (is_idle()) took_ = heard_ - given_;
  return true;
}

int Worker::end() {
  kill(-process_, SIGKILL);
  close(commands_);
  close(results_);
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) continue;
  process_ = 0;
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace headroom::sweep
