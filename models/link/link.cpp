#include "models/link/link.h"

#include <numeric>
#include <stdexcept>
#include <string>

namespace headroom::link {
namespace {

void within(std::int64_t value, std::int64_t low, std::int64_t high, const char* what) {
  if (value < low || value > high)
    throw std::invalid_argument(
        "link: " + std::string(what) + " must be from " + std::to_string(low) + " to " +
        std::to_string(high) + "; found " + std::to_string(value));
}

void within(Cycles value, Cycles high, const char* what) {
  if (value < 1 || value > high)
    throw std::invalid_argument(
        "link: " + std::string(what) + " must be from 1 to " + std::to_string(high) + "; found " +
        std::to_string(value));
}

}  // namespace

void check(const Parameters& parameters) {
  within(parameters.flit_bits, 64, 4096, "flit_bits");
  if (parameters.flit_bits % 64 != 0)
    throw std::invalid_argument(
        "link: flit_bits must be a multiple of 64; found " + std::to_string(parameters.flit_bits));
  within(parameters.max_payload, 1, 255, "max_payload");
  within(parameters.replay_packets, 1, 128, "replay_packets");
  within(parameters.buffer_flits, parameters.max_payload, 32767, "buffer_flits");
  constexpr Cycles most = 60'000;  // of a timer of 16 bits
  within(parameters.forward_delay, most, "forward_delay");
  within(parameters.backward_delay, most, "backward_delay");
  within(parameters.control_spacing, most, "control_spacing");
  within(parameters.control_refresh, most, "control_refresh");
  within(parameters.timeout, most, "timeout");
  const Cycles trip = parameters.round_trip(parameters.max_payload) + parameters.control_spacing;
  if (parameters.timeout <= trip)
    throw std::invalid_argument(
        "link: timeout must be more than the round trip of " + std::to_string(trip) +
        " cycles; found " + std::to_string(parameters.timeout));
}

std::int64_t Traffic::flits() const {
  return std::accumulate(message_flits.begin(), message_flits.end(), std::int64_t{0});
}

void check(const Traffic& traffic) {
  if (traffic.message_flits.empty()) throw std::invalid_argument("link: no message to send");
  for (const std::int64_t flits : traffic.message_flits)
    if (flits < 1)
      throw std::invalid_argument(
          "link: a message must have at least 1 flit; found " + std::to_string(flits));
}

std::int64_t packets(const Parameters& parameters, const Traffic& traffic) {
  std::int64_t sum = 0;
  for (const std::int64_t flits : traffic.message_flits)
    sum += (flits + parameters.max_payload - 1) / parameters.max_payload;
  return sum;
}

}  // namespace headroom::link
