#include "sim/sweep/progress.h"

#include <fmt/format.h>

#include <cstdio>

#include "sim/report/numbers.h"

namespace headroom::sweep {
namespace {

std::string count(std::size_t number) { return grouped(static_cast<double>(number)); }

std::string time_left(double seconds) {
  if (seconds < 100) return fmt::format("{:.0f} s", seconds);
  if (seconds < 6000) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

std::string Progress::text(std::size_t done, std::size_t known, std::size_t all, double seconds) {
  std::string text = fmt::format("{} of {} points", count(done), count(all));
  if (known > 0) text += fmt::format(" ({} known)", count(known));
  const auto computed = static_cast<double>(done - known);
  if (computed == 0 || seconds <= 0 || done == all) return text;
  const double rate = computed / seconds;
  return text +
         fmt::format(
             ", {} points/s, {} left", rate < 10 ? fmt::format("{:.2g}", rate) : grouped(rate),
             time_left(static_cast<double>(all - done) / rate));
}

void Progress::show(std::size_t done, std::size_t known) {
  const auto now = Clock::now();
  constexpr std::chrono::seconds pause{10};
  if (!terminal_ && now - last_ < pause) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const std::string line = text(done, known, all_, seconds);
  if (terminal_)
    fmt::print(stderr, "\r{}\x1b[K", line);
  else
    fmt::print(stderr, "{}\n", line);
  std::fflush(stderr);
  shown_ = true;
}

void Progress::end() const {
  if (terminal_ && shown_) fmt::print(stderr, "\n");
}

}  // namespace headroom::sweep
