#include "sim/engine/workers.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <stdexcept>

namespace headroom {
namespace {

struct Worker {
  pid_t process = 0;
  int pipe = -1;
  std::size_t index = 0;
  std::string received;
};

// Exit codes of a worker: what it wrote is a result, or the text of an exception.
constexpr int done = 0, failed = 3;

void write_all(int file, const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t n = write(file, text.data() + sent, text.size() - sent);
    if (n < 0 && errno != EINTR) _exit(failed);
    if (n > 0) sent += static_cast<std::size_t>(n);
  }
}

[[noreturn]] void be_worker(
    int file, std::size_t index, const std::function<std::string(std::size_t)>& work) {
  int code = done;
  std::string text;
  try {
    text = work(index);
  } catch (const std::exception& error) {
    code = failed;
    text = error.what();
  }
  write_all(file, text);
  _exit(code);  // no destructors: what this process shares with its parent is the parent's
}

Worker start(std::size_t index, const std::function<std::string(std::size_t)>& work) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0)
    throw std::runtime_error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  const pid_t process = fork();
  if (process < 0)
    throw std::runtime_error(fmt::format("cannot start a process: {}", std::strerror(errno)));
  if (process == 0) {
    close(ends[0]);
    be_worker(ends[1], index, work);
  }
  close(ends[1]);
  return {process, ends[0], index, ""};
}

// Takes what a worker has written; true at the end of it.
bool receive(Worker& worker) {
  std::array<char, 65536> block{};
  const ssize_t n = read(worker.pipe, block.data(), block.size());
  if (n < 0) return errno != EINTR;
  worker.received.append(block.data(), static_cast<std::size_t>(n));
  return n == 0;
}

WorkerAnswer finish(Worker& worker) {
  close(worker.pipe);
  int status = 0;
  while (waitpid(worker.process, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFSIGNALED(status))
    return {false, fmt::format("its process was killed by signal {}", WTERMSIG(status))};
  return {WEXITSTATUS(status) == done, std::move(worker.received)};
}

}  // namespace

std::vector<WorkerAnswer> run_forked(
    std::size_t count, std::size_t jobs, const std::function<std::string(std::size_t)>& work,
    const std::function<void(std::size_t done)>& progress) {
  std::vector<WorkerAnswer> results(count);
  std::vector<Worker> workers;
  std::size_t next = 0, finished = 0;
  while (finished < count) {
    while (next < count && workers.size() < std::max<std::size_t>(1, jobs))
      workers.push_back(start(next++, work));
    std::vector<pollfd> files;
    files.reserve(workers.size());
    for (const Worker& worker : workers) files.push_back({worker.pipe, POLLIN, 0});
    if (poll(files.data(), files.size(), -1) < 0) continue;  // interrupted
    for (std::size_t i = files.size(); i-- > 0;) {
      if (files[i].revents == 0 || !receive(workers[i])) continue;
      results[workers[i].index] = finish(workers[i]);
      workers.erase(workers.begin() + static_cast<std::ptrdiff_t>(i));
      ++finished;
      if (progress) progress(finished);
    }
  }
  return results;
}

}  // namespace headroom
