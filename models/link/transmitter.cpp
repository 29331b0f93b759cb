#include "models/link/transmitter.h"

namespace headroom::link {

Transmitter::Transmitter(const Parameters& parameters)
    : max_payload_(parameters.max_payload),
      replay_packets_(parameters.replay_packets),
      buffer_flits_(static_cast<std::uint16_t>(parameters.buffer_flits)),
      timeout_(parameters.timeout) {}

int Transmitter::credits() const {
  return static_cast<std::uint16_t>(buffer_flits_ + freed_ - sent_);
}

bool Transmitter::starts() const {
  const std::uint8_t packet = next();
  if (sending_ || packet == sealed_) return false;
  return packet != first_ || credits() >= slot(packet).header.length;
}

Word Transmitter::word() const {
  if (starts()) return {Sync::header, slot(next()).header.body(), true};
  if (sending_) return {Sync::payload, slot(send_).bodies[static_cast<std::size_t>(index_)], true};
  return {};
}

void Transmitter::clock(const Offer& offer, const Word& control) {
  const bool taken = offer.valid && ready();
  const bool start = starts();
  const bool replayed = start && replay_;
  const bool outstanding = acked_ != first_;
  const bool fired = outstanding && timer_ >= timeout_;
  const bool heard = control.sync == Sync::header && control.intact;
  const auto acknowledged = static_cast<std::uint8_t>(control.body >> 16);
  const bool progress = heard && acknowledged != acked_ &&
                        distance(acknowledged, acked_) <= distance(first_, acked_);
  const bool seal = seal_;

  packetize(offer, taken);
  send(start);
  if (seal) ++sealed_;
  if (heard) freed_ = static_cast<std::uint16_t>(control.body);
  if (progress) acked_ = acknowledged;
  if (fired || (heard && control.body >> 31 != 0)) replay_ = true;
  timer_ = !outstanding || fired || progress || replayed ? 0 : timer_ + 1;
}

void Transmitter::packetize(const Offer& offer, bool taken) {
  seal_ = false;
  if (!taken) return;
  Slot& open = slots_[open_ % 128U];
  open.bodies[static_cast<std::size_t>(fill_++)] = offer.body;
  if (!offer.last && fill_ < max_payload_) return;
  open.header = {offer.last, static_cast<std::uint8_t>(fill_), open_};
  fill_ = 0;
  ++open_;
  seal_ = true;
}

void Transmitter::send(bool start) {
  if (start) {
    const std::uint8_t packet = next();
    if (packet == first_) {
      ++first_;
      sent_ = static_cast<std::uint16_t>(sent_ + slot(packet).header.length);
      ++packets_sent_;
    } else {
      ++packets_resent_;
    }
    send_ = packet;
    sending_ = true;
    index_ = 0;
    replay_ = false;
  } else if (sending_ && ++index_ == slot(send_).header.length) {
    sending_ = false;
    ++send_;
  }
}

}  // namespace headroom::link
