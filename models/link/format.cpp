#include "models/link/format.h"

#include <algorithm>
#include <cmath>

#include "models/link/analytic.h"

namespace headroom::link {
namespace {

// Rounds that rounding errors do not tip over.
double up(double x) { return std::ceil(x * (1 - 1e-12)); }

// Of one packet, control and the packet's part of its frames included.
double packet_bytes(const Format& format, double payload) {
  const double unit = format.unit.si();
  const double packet = up((format.header + format.crc).si() + payload) / unit;
  const double padded = up(packet) * unit + format.control.si();
  const double frame = format.frame.si();
  return frame > 0 ? padded * frame / (frame - format.frame_overhead.si()) : padded;
}

double packet_bits(const Format& format) { return 8 * packet_bytes(format, format.payload.si()); }

}  // namespace

double efficiency(Encoding encoding) {
  switch (encoding) {
    case Encoding::none: return 1;
    case Encoding::code_8b10b: return 8.0 / 10;
    case Encoding::code_64b66b: return 64.0 / 66;
    case Encoding::code_128b130b: return 128.0 / 130;
    case Encoding::rs_528_514: return 256.0 / 257 * 514 / 528;
    case Encoding::rs_544_514: return 256.0 / 257 * 514 / 544;
  }
  return 1;
}

BytesPerSecond data_rate(const Format& format) {
  return format.rate * (format.lanes * efficiency(format.encoding));
}

Bytes wire_bytes(const Format& format, Bytes payload) {
  const double most = format.payload.si();
  const double full = std::floor(payload.si() / most);
  const double rest = payload.si() - full * most;
  double sum = full * packet_bytes(format, most);
  if (rest > 0 || full == 0) sum += packet_bytes(format, rest);
  return Bytes(sum);
}

AsFlits as_flits(const Format& format) {
  const double overhead = packet_bytes(format, format.payload.si()) - format.payload.si();
  // No more than 255 flits of payload; for what is shorter, a flit of the header's size.
  const double flit = std::max(overhead, format.payload.si() / 255);
  const double payload_flits = std::max(1.0, std::round(format.payload.si() / flit));
  const double bytes = packet_bytes(format, format.payload.si()) / (payload_flits + 1);
  AsFlits result{{}, Bytes(bytes) / data_rate(format), Bytes(bytes)};
  Parameters& parameters = result.parameters;
  parameters.flit_bits = 64 * static_cast<int>(std::max(1.0, std::round(bytes / 8)));
  parameters.max_payload = static_cast<int>(payload_flits);
  parameters.replay_packets = format.replay_packets;
  const double fits = format.buffer / format.payload * payload_flits;
  parameters.buffer_flits = static_cast<int>(std::clamp(fits, payload_flits, 32767.0));
  parameters.forward_delay = static_cast<Cycles>(
      std::max(1.0, std::round(format.propagation / result.cycle)));
  parameters.backward_delay = parameters.forward_delay;
  parameters
      .control_refresh = parameters.timeout = 4 * parameters.round_trip(parameters.max_payload);
  return result;
}

double payload_share(const Format& format, Bytes payload) {
  const double wire = wire_bytes(format, payload).si();
  const double packets = std::max(1.0, up(payload / format.payload));
  const AsFlits flits = as_flits(format);
  const double length = std::clamp(
      payload.si() / packets / format.payload.si() * flits.parameters.max_payload, 1.0,
      static_cast<double>(flits.parameters.max_payload));
  const Steady limit = steady(flits.parameters, length, format.bit_error_rate);
  return payload.si() / wire * (length + 1) / limit.cycles();
}

double payload_share(const Format& format) { return payload_share(format, format.payload); }

BytesPerSecond effective_bandwidth(const Format& format, Bytes payload) {
  return data_rate(format) * payload_share(format, payload);
}

Seconds message_time(const Format& format, Bytes payload) {
  return wire_bytes(format, payload) / data_rate(format) + format.propagation;
}

double highest_bit_error_rate(const Format& format) {
  return -std::expm1(std::log(0.01) / packet_bits(format));
}

}  // namespace headroom::link
