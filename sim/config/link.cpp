#include "sim/config/link.h"

namespace headroom::config {
namespace {

// The values of the link's file that a use of it may replace.
Record<LinkDescription> with_changes(Record<LinkDescription> record) {
  const std::string file = "the link's file";
  return record
      .overriding("bandwidth", &LinkDescription::bandwidth, quantity<BytesPerSecond>(), file,
                  "raw rate of one link in one direction")
      .overriding(
          "latency", &LinkDescription::latency, quantity<Seconds>(not_negative), file, "of one hop")
      .overriding("payload_share", &LinkDescription::payload_share, number({0, 1, true}), file,
                  "payload over wire bytes in large transfers")
      .overriding("collective_latency", &LinkDescription::collective_latency,
                  quantity<Seconds>(not_negative), file, "start-up time of a collective operation")
      .overriding("low_latency_rate", &LinkDescription::low_latency_rate,
                  quantity<BytesPerSecond>(not_negative), file,
                  "most that a library's low-latency protocol moves per chip; 0: no such limit")
      .overriding("reduction_share", &LinkDescription::reduction_share, number({0, 1, true}), file,
                  "of the payload rate, what reductions inside the switch reach");
}

}  // namespace

const Record<LinkDescription>& link_file_record() {
  static const auto record =
      Record<LinkDescription>("a kind of chip-to-chip link")
          .ignored("name", Json{{"type", "string"}})
          .required("bandwidth", &LinkDescription::bandwidth, quantity<BytesPerSecond>(),
                    "raw rate of one link in one direction")
          .required(
              "latency", &LinkDescription::latency, quantity<Seconds>(not_negative), "of one hop")
          .optional("low_latency_rate", &LinkDescription::low_latency_rate,
                    quantity<BytesPerSecond>(not_negative), "0 GB/s",
                    "most that a library's low-latency protocol moves per chip; 0: no "
                    "such limit")
          .optional("reduction_share", &LinkDescription::reduction_share, number({0, 1, true}), "1",
                    "of the payload rate, what reductions inside the switch reach")
          .required("payload_share", &LinkDescription::payload_share, number({0, 1, true}),
                    "payload over wire bytes in large transfers")
          .required("collective_latency", &LinkDescription::collective_latency,
                    quantity<Seconds>(not_negative), "start-up time of a collective operation");
  return record;
}

const Record<LinkDescription>& link_use_record() {
  static const auto record = with_changes(
      Record<LinkDescription>("links of one kind")
          .required("kind", &LinkDescription::kind, text(), "a file of configs/links")
          .required("count", &LinkDescription::count, integer<int>(), "links per chip"));
  return record;
}

const Record<LinkDescription>& link_change_record() {
  static const std::string file = "the cluster's file";
  static const auto record = with_changes(
      Record<LinkDescription>("links of one kind")
          .overriding("kind", &LinkDescription::kind, text(), file, "a file of configs/links")
          .overriding("count", &LinkDescription::count, integer<int>(), file, "links per chip"));
  return record;
}

void read_link_kind(const Node& use, const ConfigPaths& paths, LinkDescription& link) {
  if (const Node kind = bare(use["kind"]); kind.exists())
    link_file_record().read_into(Node::load(paths.resolve(kind, "links", "link")), link);
}

}  // namespace headroom::config
