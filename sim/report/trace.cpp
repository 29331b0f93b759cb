#include "sim/report/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <vector>

namespace headroom {
namespace {

// Integer picoseconds: where one span ends and the next begins is exact, and printing needs no
// rounding.
using Picoseconds = std::int64_t;

struct Event {
  Picoseconds start = 0, end = 0;
  std::size_t role = 0, lane = 0;
  const TraceSpan* span = nullptr;
};

// One line of the timeline: spans in it follow each other or nest.
struct Lane {
  std::size_t role = 0;
  std::string stream, title;
  std::vector<Picoseconds> open;  // ends of the spans that are open, outermost first

  bool accepts(const Event& event) {
    while (!open.empty() && open.back() <= event.start) open.pop_back();
    return open.empty() || event.end <= open.back();
  }
};

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string microseconds(Picoseconds time) {
  return fmt::format("{}.{:06}", time / 1'000'000, time % 1'000'000);
}

Picoseconds to_picoseconds(double seconds) {
  return static_cast<Picoseconds>(std::llround(seconds * 1e12));
}

std::size_t index_of(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  names.push_back(name);
  return names.size() - 1;
}

class Timeline {
 public:
  Timeline(const Trace& trace, std::size_t max_spans) {
    for (const TraceSpan& span : trace.spans) {
      const Picoseconds start = to_picoseconds(span.start_s);
      const std::size_t role = index_of(roles_, span.role);
      events_.push_back({start, to_picoseconds(span.start_s + span.duration_s), role,
                         first_lane(role, span), &span});
    }
    for (const TraceCounter& counter : trace.counters)
      counters_.emplace_back(index_of(roles_, counter.role), &counter);
    keep_longest(max_spans);
    // Longer spans first, so that what they contain nests in them.
    std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
      return std::tie(a.start, a.role, a.lane, b.end) < std::tie(b.start, b.role, b.lane, a.end);
    });
    for (Event& event : events_) event.lane = free_lane(event);
  }

  void write(std::ostream& out) const {
    out << "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"spans_left_out\":" << left_out_
        << "},\"traceEvents\":[";
    const char* separator = "\n";
    const auto put = [&out, &separator](const std::string& line) {
      out << separator << line;
      separator = ",\n";
    };
    for (std::size_t role = 0; role < roles_.size(); ++role) {
      put(process_metadata("process_name", role, "\"name\":" + quoted(roles_[role])));
      put(process_metadata("process_sort_index", role, fmt::format("\"sort_index\":{}", role)));
    }
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
      put(thread_metadata("thread_name", lane, "\"name\":" + quoted(lanes_[lane].title)));
      put(thread_metadata("thread_sort_index", lane, fmt::format("\"sort_index\":{}", lane)));
    }
    for (const Event& event : events_)
      put(fmt::format(
          R"({{"ph":"X","pid":{},"tid":{},"ts":{},"dur":{},"name":{},"cat":{}}})", event.role + 1,
          event.lane + 1, microseconds(event.start), microseconds(event.end - event.start),
          quoted(event.span->name), quoted(event.span->category)));
    for (const auto& [role, counter] : counters_)
      put(fmt::format(
          R"({{"ph":"C","pid":{},"ts":{},"name":{},"args":{{"value":{:.1f}}}}})", role + 1,
          microseconds(to_picoseconds(counter->time_s)), quoted(counter->name), counter->value));
    out << "\n]}\n";
  }

 private:
  static std::string process_metadata(
      const char* name, std::size_t role, const std::string& argument) {
    return fmt::format(
        R"({{"ph":"M","pid":{},"name":"{}","args":{{{}}}}})", role + 1, name, argument);
  }

  std::string thread_metadata(
      const char* name, std::size_t lane, const std::string& argument) const {
    return fmt::format(R"({{"ph":"M","pid":{},"tid":{},"name":"{}","args":{{{}}}}})",
                       lanes_[lane].role + 1, lane + 1, name, argument);
  }

  // The lane that stands for the stream itself; made when the stream is first seen.
  std::size_t first_lane(std::size_t role, const TraceSpan& span) {
    for (std::size_t i = 0; i < lanes_.size(); ++i)
      if (lanes_[i].role == role && lanes_[i].stream == span.stream) return i;
    lanes_.push_back({role, span.stream, span.stream, {}});
    return lanes_.size() - 1;
  }

  std::size_t free_lane(const Event& event) {
    int copies = 0;
    for (std::size_t i = event.lane; i < lanes_.size(); ++i) {
      if (lanes_[i].role != event.role || lanes_[i].stream != event.span->stream) continue;
      ++copies;
      if (!lanes_[i].accepts(event)) continue;
      lanes_[i].open.push_back(event.end);
      return i;
    }
    const std::string& stream = event.span->stream;
    lanes_.push_back({event.role, stream, fmt::format("{} ({})", stream, copies + 1), {event.end}});
    return lanes_.size() - 1;
  }

  void keep_longest(std::size_t max_spans) {
    if (events_.size() <= max_spans) return;
    left_out_ = events_.size() - max_spans;
    std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
      return a.end - a.start > b.end - b.start;
    });
    events_.resize(max_spans);
  }

  std::vector<std::string> roles_;
  std::vector<Lane> lanes_;
  std::vector<Event> events_;
  std::vector<std::pair<std::size_t, const TraceCounter*>> counters_;  // by role
  std::size_t left_out_ = 0;
};

}  // namespace

void write_trace(const Trace& trace, std::ostream& out, std::size_t max_spans) {
  Timeline(trace, max_spans).write(out);
}

}  // namespace headroom
