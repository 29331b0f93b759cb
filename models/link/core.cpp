#include "models/link/core.h"

#include <utility>

#include "models/link/golden.h"

namespace headroom::link {
namespace {

const Parameters& checked(const Parameters& parameters, const Traffic& traffic) {
  check(parameters);
  check(traffic);
  return parameters;
}

}  // namespace

Core::Core(const Parameters& parameters, Traffic traffic, const Stalling& stalls,
           const WireErrors& errors, Cycles patience)
    : parameters_(checked(parameters, traffic)),
      traffic_(std::move(traffic)),
      stalls_(stalls),
      errors_(errors),
      patience_(patience),
      flits_(traffic_.flits()),
      transmitter_(parameters),
      receiver_(parameters),
      forward_(parameters.forward_delay),
      backward_(parameters.backward_delay) {
  delivered_.reserve(static_cast<std::size_t>(flits_));
  next_flit();
}

void Core::next_flit() {
  offer_ = {};
  if (accepted_ == flits_) return;
  offer_.body = static_cast<std::uint32_t>(golden::payload_word(traffic_.seed, accepted_, 0));
  offer_.last = in_message_ == traffic_.message_flits[message_] - 1;
}

Cycles Core::advance() {
  const Cycles start = now_;
  const std::size_t before = delivered_.size();
  while (delivered_.size() == before) {
    step();
    if (now_ - moved_ > patience_) throw Stalled(who_waits());
  }
  return now_ - start;
}

void Core::step() {
  offer_.valid = accepted_ < flits_ && (offer_.valid || stalls_.source.open(now_));
  const bool taken = offer_.valid && transmitter_.ready();
  const bool delivered = receiver_.valid() && stalls_.sink.open(now_);
  const Word sent = with_errors(transmitter_.word(), errors_.forward.at(now_));
  const Word told = with_errors(receiver_.word(), errors_.backward.at(now_));
  transmitter_.clock(offer_, backward_.out());
  receiver_.clock(forward_.out(), delivered);
  forward_.enter(sent);
  backward_.enter(told);

  if (taken) {
    if (accepted_++ == 0) first_accepted_ = now_;
    if (offer_.last) {
      ++message_;
      in_message_ = 0;
    } else {
      ++in_message_;
    }
    next_flit();
  }
  if (delivered) delivered_.push_back(now_);
  if (taken || delivered || transmitter_.unacknowledged() != unacknowledged_) moved_ = now_;
  unacknowledged_ = transmitter_.unacknowledged();
  ++now_;
}

std::string Core::who_waits() const {
  std::string text = "link stands still: nothing has moved for " + std::to_string(patience_) +
                     " cycles, " + std::to_string(delivered_.size()) + " of " +
                     std::to_string(flits_) + " flits delivered";
  const auto add = [&text](const std::string& line) { text += "; " + line; };
  if (accepted_ < flits_ && !transmitter_.ready())
    add("the source waits for the transmitter's replay buffer (" +
        std::to_string(transmitter_.held()) + " of " + std::to_string(parameters_.replay_packets) +
        " packets held)");
  else if (accepted_ < flits_)
    add("the transmitter waits for the source, which offers no flit");
  if (transmitter_.has_unsent() && transmitter_.credits() < transmitter_.credits_needed())
    add("the transmitter waits for credits of the receiver (it has " +
        std::to_string(transmitter_.credits()) + " of " + std::to_string(parameters_.buffer_flits) +
        ", its next packet needs " + std::to_string(transmitter_.credits_needed()) + ")");
  if (transmitter_.unacknowledged() > 0)
    add("the transmitter waits for the acknowledgement of " +
        std::to_string(transmitter_.unacknowledged()) + " packets, sent again " +
        std::to_string(transmitter_.packets_resent()) + " times: no packet passes the wire");
  if (receiver_.valid())
    add("the receiver waits for the sink, which takes none of the " +
        std::to_string(receiver_.waiting()) + " flits in its buffer");
  return text;
}

}  // namespace headroom::link
