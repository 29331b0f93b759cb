// A run's timeline in the Chrome trace event format, which Perfetto (ui.perfetto.dev) and
// chrome://tracing open.
#pragma once

#include <cstddef>
#include <ostream>

#include "sim/report/result.h"

namespace headroom {

// About 150 bytes a span: a trace file stays below 60 MB.
inline constexpr std::size_t max_trace_spans = 400'000;

// One process per role and one thread per stream, both in order of first appearance; spans of one
// stream that overlap without nesting continue on a second thread "stream (2)", because a viewer
// would drop them. Spans are written sorted by start, so equal traces give equal bytes. Of more
// than `max_spans` the longest are kept and the file says how many are left out ("otherData").
void write_trace(const Trace& trace, std::ostream& out, std::size_t max_spans = max_trace_spans);

}  // namespace headroom
