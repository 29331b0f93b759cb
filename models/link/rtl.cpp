#include "models/link/rtl.h"

#include "models/base/unavailable_fidelity.h"
#include "models/link/core.h"

namespace headroom::link {
namespace {

constexpr Cycles longest_wire = 255;  // of rtl/link/link_wire.sv

std::string to_string(const RtlPins::Variant& variant) {
  return std::to_string(variant.flit_bits) + " bits (packets of up to " +
         std::to_string(variant.max_payload) + " flits, " + std::to_string(variant.replay_packets) +
         " packets to replay, buffer of " + std::to_string(variant.buffer_flits) + " flits)";
}

}  // namespace

RtlPins::Variant rtl_variant(const Parameters& parameters) {
  check(parameters);
  std::string available;
  for (const RtlPins::Variant& variant : RtlPins::built()) {
    if (variant.flit_bits == parameters.flit_bits &&
        variant.max_payload >= parameters.max_payload &&
        variant.replay_packets >= parameters.replay_packets &&
        variant.buffer_flits >= parameters.buffer_flits &&
        parameters.forward_delay <= longest_wire && parameters.backward_delay <= longest_wire)
      return variant;
    available += (available.empty() ? "flits of " : ", ") + to_string(variant);
  }
  const RtlPins::Variant wanted{
      parameters.flit_bits, parameters.max_payload, parameters.replay_packets,
      parameters.buffer_flits};
  throw UnavailableFidelity(
      "link rtl is built for",
      available + ", wires of up to " + std::to_string(longest_wire) + " cycles",
      to_string(wanted) + ", wires of " + std::to_string(parameters.forward_delay) + " and " +
          std::to_string(parameters.backward_delay));
}

RtlRun run_rtl(const Parameters& parameters, const Traffic& traffic, const Stalling& stalls,
               const WireErrors& errors, Cycles patience) {
  static_cast<void>(rtl_variant(parameters));
  const std::vector<golden::Flit> sent = golden::arrivals(parameters, traffic);
  const auto pins = RtlPins::make(parameters.flit_bits, traffic.seed);
  pins->reset(parameters);

  RtlRun run;
  std::size_t accepted = 0;
  bool offered = false;
  Cycles now = 0, first_accepted = 0, delivered = 0;
  for (; run.flits.size() < sent.size(); ++now) {
    offered = accepted < sent.size() && (offered || stalls.source.open(now));
    RtlPins::Inputs inputs;
    inputs.in_valid = offered;
    if (offered) {
      inputs.in_data = sent[accepted].words.data();
      inputs.in_last = sent[accepted].last;
    }
    inputs.out_ready = stalls.sink.open(now);
    inputs.forward = errors.forward.at(now);
    inputs.backward = errors.backward.at(now);
    const RtlPins::Outputs pin = pins->settle(inputs);
    if (offered && pin.in_ready) {
      if (accepted++ == 0) first_accepted = now;
      offered = false;
    }
    if (pin.out_valid && inputs.out_ready) {
      golden::Flit flit{std::vector<std::uint64_t>(sent.front().words.size()), pin.out_last};
      pins->read_output(flit.words.data());
      run.flits.push_back(std::move(flit));
      run.deliveries.push_back(now);
      delivered = now;
    }
    pins->clock();
    if (now - delivered > patience)
      throw Stalled(
          "link rtl stands still: no flit delivered for " + std::to_string(patience) + " cycles");
  }
  run.cycles = now - first_accepted;
  run.simulated = now;
  return run;
}

}  // namespace headroom::link
