#include "sim/config/library.h"

namespace headroom::config {
namespace {

const Record<StepLatency>& step_record() {
  const auto time =
      [](auto& record, const char* key, Seconds StepLatency::*member, const char* meaning) {
        record.optional(key, member, quantity<Seconds>(not_negative), "0 us", meaning);
      };
  static const auto record = [&] {
    Record<StepLatency> r("latencies of one protocol; all 0: not offered");
    time(r, "start", &StepLatency::start, "of the whole operation");
    time(r, "scale_up", &StepLatency::scale_up, "of a step inside a node");
    time(r, "network", &StepLatency::network, "of a step between nodes");
    return r;
  }();
  return record;
}

const Record<ProtocolLatencies>& protocols_record() {
  static const auto record = Record<ProtocolLatencies>("a family of algorithms")
                                 .group("ll", &ProtocolLatencies::low_latency, step_record())
                                 .group("ll128", &ProtocolLatencies::line, step_record())
                                 .group("simple", &ProtocolLatencies::simple, step_record());
  return record;
}

}  // namespace

const Record<LibraryDescription>& library_record() {
  using L = LibraryDescription;
  const auto share = number({0, 1, true});
  static const auto record =
      Record<L>("software that runs collectives")
          .ignored("name", Json{{"type", "string"}})
          .group("ring", &L::ring, protocols_record())
          .group("tree", &L::tree, protocols_record())
          .group("in_network", &L::in_network, protocols_record())
          .group("in_network_tree", &L::in_network_tree, protocols_record())
          .required("low_latency_share", &L::low_latency_share, share, "payload of LL over bytes")
          .required("line_share", &L::line_share, share, "payload of LL128 over bytes")
          .required("tree_share", &L::tree_share, share, "of the rate that trees reach")
          .required("channels", &L::channels, integer<int>(1, 1024),
                    "thread blocks of an operation, each with a part of the payload")
          .required("slices", &L::slices, integer<int>(1, 64), "hand-overs of a chunk")
          .required(
              "smallest_slice", &L::smallest_slice, quantity<Bytes>(), "a chunk is cut no finer")
          .required("chunk", &L::chunk, quantity<Bytes>(),
                    "data under way between two steps of a pipelined algorithm")
          .required("reduction_chunk", &L::reduction_chunk, quantity<Bytes>(),
                    "largest chunk of a rank's shard in an in-network reduction")
          .required("reduction_channels", &L::reduction_channels, integer<int>(1, 1024),
                    "channels of an in-network reduction");
  return record;
}

void read_library(const Node& name, const ConfigPaths& paths, LibraryDescription& library) {
  const Node given = bare(name);
  if (!given.exists() || text().read(given) == "none") return;
  const std::filesystem::path file = paths.resolve(given, "libraries", "library");
  library_record().read_into(Node::load(file), library);
  library.id = file.stem().string();
}

Json write_library(const LibraryDescription& library) {
  Json result{{"id", library.id}};
  result.update(library_record().write(library));
  return result;
}

}  // namespace headroom::config
