#include "sim/config/link.h"

#include <fmt/format.h>

#include <algorithm>

namespace headroom::config {
namespace {

using link::Format;

Kind<double> bit_error_rate() {
  const std::string expected = "a number from 0 to below 1";
  return scalar_kind<double>(
      [expected](const Node& node) {
        const double rate = node.number();
        if (rate < 0 || rate >= 1) node.expected(expected);
        return rate;
      },
      expected, Json{{"type", "number"}, {"minimum", 0}, {"exclusiveMaximum", 1}},
      [](const double& value) { return Json(value); });
}

// One declaration of each key: a file must give it, a use of the link may replace it. An empty
// `fallback` is none.
template <class T>
class Declaration {
 public:
  Declaration(std::string meaning, bool is_use) : record_(std::move(meaning)), is_use_(is_use) {}

  template <class M, class V>
  Declaration& key(const std::string& name, M member, Kind<V> kind, const std::string& meaning,
                   const std::string& fallback = "") {
    if (is_use_)
      record_.overriding(name, member, std::move(kind), "the link's file", meaning);
    else if (fallback.empty())
      record_.required(name, member, std::move(kind), meaning);
    else
      record_.optional(name, member, std::move(kind), fallback, meaning);
    return *this;
  }
  Record<T>& record() { return record_; }

 private:
  Record<T> record_;
  bool is_use_;
};

Record<Format> packet_record(bool is_use) {
  Declaration<Format> packet("the packet of a link", is_use);
  packet
      .key("header", &Format::header, quantity<Bytes>(),
           "header of a packet, with framing and sequence number")
      .key("crc", &Format::crc, quantity<Bytes>(not_negative), "checksum of a packet")
      .key("max_payload", &Format::max_payload, quantity<Bytes>(), "that a packet may have")
      .key("payload", &Format::payload, quantity<Bytes>(not_negative),
           "that full packets have; 0 B: max_payload", "0 B")
      .key("unit", &Format::unit, quantity<Bytes>(),
           "packets are padded to a multiple of it (flit, double word)")
      .key("control", &Format::control, quantity<Bytes>(not_negative),
           "acknowledgement and credits that the other direction carries for each packet", "0 B")
      .key("frame", &Format::frame, quantity<Bytes>(not_negative),
           "fixed blocks that carry the packets; 0 B: none", "0 B")
      .key("frame_overhead", &Format::frame_overhead, quantity<Bytes>(not_negative),
           "of each block: checksum, correction code, link bytes", "0 B");
  return packet.record();
}

template <class M>
auto in_format(M member) {
  return [member](auto& link) -> auto& { return link.format.*member; };
}

void declare(Declaration<LinkDescription>& link, bool is_use) {
  link.key("lanes", in_format(&Format::lanes), integer<int>(), "per direction")
      .key("rate", in_format(&Format::rate), quantity<BytesPerSecond>(),
           "of one lane, line code included")
      .key("encoding", in_format(&Format::encoding), word_of<link::Encoding>(link::encoding_names),
           "line code, forward error correction included");
  link.record().group("packet", &LinkDescription::format, packet_record(is_use));
  link.key("propagation", in_format(&Format::propagation), quantity<Seconds>(not_negative),
           "one way: wire, and the PHYs at its ends")
      .key("buffer", in_format(&Format::buffer), quantity<Bytes>(), "of the receiver, for payload")
      .key("replay_packets", in_format(&Format::replay_packets), integer<int>(1, 1'000'000),
           "packets that may wait for their acknowledgement", "64")
      .key("bit_error_rate", in_format(&Format::bit_error_rate), bit_error_rate(),
           "after forward error correction")
      .key("library_share", &LinkDescription::library_share, number({0, 1, true}),
           "of the payload rate that collectives of the chip's library reach in large messages")
      .key("latency", &LinkDescription::latency, quantity<Seconds>(not_negative),
           "of one hop or ring step, with what its source includes")
      .key("collective_latency", &LinkDescription::collective_latency,
           quantity<Seconds>(not_negative), "start-up time of a collective operation")
      .key("low_latency_rate", &LinkDescription::low_latency_rate,
           quantity<BytesPerSecond>(not_negative),
           "most that a library's low-latency protocol moves per chip; 0: no such limit", "0 GB/s")
      .key("reduction_share", &LinkDescription::reduction_share, number({0, 1, true}),
           "of the payload rate, what reductions inside the switch reach", "1");
}

// `origin`: where kind and count come from when a use may leave them out.
Record<LinkDescription> use_record(const std::string& origin) {
  Declaration<LinkDescription> use("links of one kind", true);
  Record<LinkDescription>& record = use.record();
  const std::string kind_is = "a file of configs/links", count_is = "links per chip";
  if (origin.empty())
    record.required("kind", &LinkDescription::kind, text(), kind_is)
        .required("count", &LinkDescription::count, integer<int>(), count_is);
  else
    record.overriding("kind", &LinkDescription::kind, text(), origin, kind_is)
        .overriding("count", &LinkDescription::count, integer<int>(), origin, count_is);
  record.overriding(
      "bandwidth", &LinkDescription::bandwidth, quantity<BytesPerSecond>(),
      "lanes, rate and encoding", "data rate of one link in one direction, before packets");
  declare(use, true);
  return record;
}

// The place of a key of the packet, or of the whole link where a file gave it.
Node place(const Node& node, std::string_view key) {
  const Node given = bare(node["packet"][key]);
  return given.exists() ? given : node;
}

void check_packet(const Node& node, const Format& format) {
  const auto bytes = [](Bytes amount) { return fmt::format("{:.12g} B", amount.si()); };
  if (format.payload > format.max_payload)
    place(node, node["packet"]["payload"].exists() ? "payload" : "max_payload")
        .fail(fmt::format("a payload of {}", bytes(format.payload)),
              fmt::format("at most packet.max_payload, {}", bytes(format.max_payload)));
  if (format.frame > Bytes(0) && format.frame_overhead >= format.frame)
    place(node, "frame_overhead")
        .fail(fmt::format("a frame overhead of {}", bytes(format.frame_overhead)),
              fmt::format("less than packet.frame, {}", bytes(format.frame)));
  if (format.frame == Bytes(0) && format.frame_overhead > Bytes(0))
    place(node, "frame_overhead")
        .fail(fmt::format("a frame overhead of {}", bytes(format.frame_overhead)),
              "packet.frame, the block that it is part of");
  if (format.buffer < format.payload) {
    const Node buffer = bare(node["buffer"]);
    (buffer.exists() ? buffer : node)
        .fail(fmt::format("a buffer of {}", bytes(format.buffer)),
              fmt::format("room for the payload of one packet, {}", bytes(format.payload)));
  }
}

void check_bit_errors(const Node& node, const Format& format) {
  const double most = link::highest_bit_error_rate(format);
  if (format.bit_error_rate < most) return;
  const Node rate = bare(node["bit_error_rate"]);
  (rate.exists() ? rate : node)
      .fail(fmt::format("'{:.12g}'", format.bit_error_rate),
            fmt::format("less than {:.3g}, at which one in a hundred full packets passes", most));
}

}  // namespace

const Record<LinkDescription>& link_file_record() {
  static const auto record = [] {
    Declaration<LinkDescription> file("a kind of chip-to-chip link", false);
    file.record().ignored("name", Json{{"type", "string"}});
    declare(file, false);
    return file.record();
  }();
  return record;
}

const Record<LinkDescription>& link_use_record() {
  static const auto record = use_record("");
  return record;
}

const Record<LinkDescription>& link_change_record() {
  static const auto record = use_record("the cluster's file");
  return record;
}

void settle_link(const Node& use, LinkDescription& link) {
  Format& format = link.format;
  if (const Node bandwidth = bare(use["bandwidth"]); bandwidth.exists()) {
    for (const char* key : {"lanes", "rate", "encoding"})
      if (use[key].exists())
        bandwidth.expected(fmt::format("no such key beside {}, from which it follows", key));
    format.rate = link.bandwidth / (format.lanes * link::efficiency(format.encoding));
  } else {
    link.bandwidth = link::data_rate(format);
  }
  if (format.payload == Bytes(0)) format.payload = format.max_payload;
  check_packet(use, format);
  check_bit_errors(use, format);
  link.payload_share = link::payload_share(format);
}

void read_link_file(const Node& file, LinkDescription& link) {
  link_file_record().read_into(file, link);
  settle_link(file, link);
}

void read_link_kind(const Node& use, const ConfigPaths& paths, LinkDescription& link) {
  if (const Node kind = bare(use["kind"]); kind.exists())
    read_link_file(Node::load(paths.resolve(kind, "links", "link")), link);
}

}  // namespace headroom::config
