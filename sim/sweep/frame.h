// Rows on their way from a worker to its parent, which runs the same program.
#pragma once

#include <cstring>
#include <optional>
#include <string>

#include "sim/sweep/worker.h"

namespace headroom::sweep {

struct FrameHead {
  std::uint64_t index = 0;
  std::uint64_t is_known = 0;
  Status status = Status::ok;
  double wall_s = 0;
  std::uint64_t key = 0, reason = 0, result = 0;  // lengths of what follows

  [[nodiscard]] std::size_t size() const { return sizeof(FrameHead) + key + reason + result; }
};

inline void append_frame(std::string& bytes, std::uint64_t index, const std::optional<Row>& row) {
  FrameHead head;
  head.index = index;
  head.is_known = row ? 0 : 1;
  if (row) {
    head.status = row->status;
    head.wall_s = row->wall_s;
    head.key = row->key.size(), head.reason = row->reason.size(), head.result = row->result.size();
  }
  char raw[sizeof head];
  std::memcpy(raw, &head, sizeof head);
  bytes.append(raw, sizeof head);
  if (row) bytes += row->key + row->reason + row->result;
}

// The frame at `at`, which moves behind it; nothing where it is not whole yet.
[[nodiscard]] inline std::optional<Finished> take_frame(const std::string& bytes, std::size_t& at) {
  FrameHead head;
  if (bytes.size() - at < sizeof head) return std::nullopt;
  std::memcpy(&head, bytes.data() + at, sizeof head);
  if (bytes.size() - at < head.size()) return std::nullopt;
  std::size_t place = at + sizeof head;
  at += head.size();
  if (head.is_known != 0) return Finished{head.index, std::nullopt};
  const auto text = [&](std::uint64_t length) {
    place += length;
    return bytes.substr(place - length, length);
  };
  Row row;
  row.status = head.status;
  row.wall_s = head.wall_s;
  row.key = text(head.key);
  row.reason = text(head.reason);
  row.result = text(head.result);
  return Finished{head.index, std::move(row)};
}

}  // namespace headroom::sweep
