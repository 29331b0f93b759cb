#include "models/link/analytic.h"

#include <algorithm>
#include <cmath>

namespace headroom::link {
namespace {

// Header and payload of one packet on the wire.
double wire_cycles(double length) { return length + 1; }

// A word backward waits for its turn: on average half of the spacing.
double turn(const Parameters& parameters) {
  return static_cast<double>(parameters.control_spacing - 1) / 2;
}

double delays(const Parameters& parameters) {
  return static_cast<double>(parameters.forward_delay + parameters.backward_delay);
}

// From a header to the one that needs the credit of this packet's last flit, `spare` flits of it
// already credited: L flits in, L flits out, both ways, and the registers between
// (rtl/link/link.sv).
double credit_trip(const Parameters& parameters, double length, double spare) {
  return 2 * length + delays(parameters) + 3 + turn(parameters) - spare;
}

// From a header to the one of the packet that takes over its slot: acknowledged, filled, sealed.
double replay_trip(const Parameters& parameters, double length) {
  return 2 * length + delays(parameters) + 4 + turn(parameters);
}

struct Window {
  double packets, trip;
  std::string_view name;

  // Cycles from packet 0 to packet `index`: a window at the wire's rate, then wait.
  [[nodiscard]] double start(double index, double length) const {
    const double rounds = std::floor(index / packets);
    return rounds * std::max(packets * wire_cycles(length), trip) +
           (index - rounds * packets) * wire_cycles(length);
  }
  [[nodiscard]] double period(double length) const {
    return std::max(wire_cycles(length), trip / packets);
  }
};

Window credits(const Parameters& parameters, double length) {
  const double packets = std::floor(parameters.buffer_flits / length);
  return {packets, credit_trip(parameters, length, parameters.buffer_flits - packets * length),
          "credits"};
}

Window replay(const Parameters& parameters, double length) {
  return {static_cast<double>(parameters.replay_packets), replay_trip(parameters, length),
          "replay buffer"};
}

// Expected cycles that retries add to each packet. A lost packet is sent again once the request has
// come back and the packet then under way has ended; what was sent meanwhile is sent again too.
// When the request itself is lost, or the header of the packet sent again, only the timeout helps.
double retry(const Parameters& parameters, double length, double rate, double window) {
  const double lost = hit(packet_bits(parameters, length), rate);
  if (lost == 0) return 0;
  const double word = hit(66, rate);
  const double trip = length + delays(parameters) + 3 + turn(parameters);
  const double packets = std::min(std::ceil(trip / wire_cycles(length)), window);
  const double round = std::max(trip, packets * wire_cycles(length));
  const double timeout = static_cast<double>(parameters.timeout) + wire_cycles(length) / 2;
  const double silent = std::min(1.0, word + lost * word / std::max(lost, word));
  return lost / (1 - lost) * ((1 - silent) * round + silent * timeout);
}

}  // namespace

double hit(double bits, double bit_error_rate) {
  return -std::expm1(bits * std::log1p(-bit_error_rate));
}

double packet_bits(const Parameters& parameters, double length) {
  return 66 + length * (parameters.flit_bits + 2);
}

Steady steady(const Parameters& parameters, double length, double bit_error_rate) {
  Steady result{wire_cycles(length), "wire", 0};
  for (const Window& window : {credits(parameters, length), replay(parameters, length)})
    if (window.period(length) > result.packet_cycles)
      result = {window.period(length), window.name, 0};
  const double window = std::min(
      credits(parameters, length).packets, replay(parameters, length).packets);
  result.retry_cycles = retry(parameters, length, bit_error_rate, window);
  return result;
}

Cycles analytic_cycles(const Parameters& parameters, const Traffic& traffic,
                       double bit_error_rate) {
  check(parameters);
  check(traffic);
  const auto count = static_cast<double>(packets(parameters, traffic));
  const auto flits = static_cast<double>(traffic.flits());
  const double most = parameters.max_payload;
  const auto front = static_cast<double>(traffic.message_flits.front());
  const auto back = static_cast<double>(traffic.message_flits.back());
  const double first = std::min(most, front);
  const double last = back - most * std::floor((back - 1) / most);
  const double mean = flits / count;
  // The header of the last packet, counted from the first flit at the input: the first packet is
  // stored before it is sent.
  double header = first + 1 + flits - last + count - 1;
  for (const Window& window : {credits(parameters, std::min(mean, most)), replay(parameters, mean)})
    header = std::max(header, first + 1 + window.start(count - 1, mean));
  header += count * steady(parameters, mean, bit_error_rate).retry_cycles;
  // The last packet is stored until its CRC is known, and behind the one before it.
  const double before = count > 1 ? std::min(most, mean + most) - 1 : 0;
  return static_cast<Cycles>(std::llround(
      header + last + static_cast<double>(parameters.forward_delay) + std::max(last, before) + 2));
}

}  // namespace headroom::link
