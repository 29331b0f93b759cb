// A kind of link as its standard or its maker describes it: lanes, rate, line code, packet in
// bytes, wire, buffer, bit errors. What large messages get of it comes out of that.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "models/base/quantity.h"
#include "models/link/link.h"

namespace headroom::link {

// Line code, forward error correction included where it belongs to the lane's rate.
enum class Encoding { none, code_8b10b, code_64b66b, code_128b130b, rs_528_514, rs_544_514 };

inline constexpr std::array<std::string_view, 6> encoding_names{
    "none", "8b10b", "64b66b", "128b130b", "256b257b_rs528", "256b257b_rs544"};

// Data bits over line bits: 8b/10b (Widmer and Franaszek 1983), 64b/66b (IEEE 802.3, clause 49),
// 128b/130b (PCI Express 3.0, 4.2.2), 256b/257b with Reed-Solomon (528,514) or (544,514) over
// symbols of 10 bits (IEEE 802.3, clause 91).
[[nodiscard]] double efficiency(Encoding encoding);

struct Format {
  int lanes = 1;        // per direction
  BytesPerSecond rate;  // of one lane, line code included
  Encoding encoding = Encoding::none;
  Bytes header;          // of a packet, with framing and sequence number
  Bytes crc;             // of a packet
  Bytes max_payload;     // that a packet may have
  Bytes payload;         // that full packets have, as the maker or the platform sets it
  Bytes unit;            // packets are padded to a multiple of it (flit, double word)
  Bytes control;         // acknowledgement and credits that the other direction carries per packet
  Bytes frame;           // fixed blocks that carry the packets; 0: none
  Bytes frame_overhead;  // of each block: CRC, correction code, link bytes
  Seconds propagation;   // one way: wire, and the PHYs at its ends
  Bytes buffer;          // of the receiver, for payload
  int replay_packets = 64;    // that may wait for an acknowledgement
  double bit_error_rate = 0;  // after forward error correction
};

// Data bytes a second of one direction, before packets: what makers state as the link's bandwidth.
[[nodiscard]] BytesPerSecond data_rate(const Format& format);

// Bytes of the data rate that a message of `payload` bytes takes, control included: full packets
// and one of the rest, each padded.
[[nodiscard]] Bytes wire_bytes(const Format& format, Bytes payload);

// The link as transmitter and receiver of flits: the header takes one flit, and so many flits carry
// the payload that the packet has its length on the wire. The cycle is one flit at the data rate.
struct AsFlits {
  Parameters parameters;
  Seconds cycle;
  Bytes flit;
};
[[nodiscard]] AsFlits as_flits(const Format& format);

// Payload over wire bytes of long messages made of payloads of `payload` bytes: packet format, then
// credits, replay buffer and retries where they bind. Above 0, below 1.
[[nodiscard]] double payload_share(const Format& format, Bytes payload);
[[nodiscard]] double payload_share(const Format& format);  // of full packets

// Payload bytes a second when messages of `payload` bytes follow each other without gaps.
[[nodiscard]] BytesPerSecond effective_bandwidth(const Format& format, Bytes payload);
// One message alone on the wire: all of its bytes, then the way. No software.
[[nodiscard]] Seconds message_time(const Format& format, Bytes payload);

// The bit-error rate at which one in a hundred full packets still passes: a link beyond it makes no
// progress worth a model.
[[nodiscard]] double highest_bit_error_rate(const Format& format);

}  // namespace headroom::link
