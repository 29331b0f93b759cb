#include "models/link/receiver.h"

namespace headroom::link {

Receiver::Receiver(const Parameters& parameters)
    : capacity_(static_cast<std::uint16_t>(parameters.buffer_flits)),
      spacing_(parameters.control_spacing),
      refresh_(parameters.control_refresh) {}

Word Receiver::word() const {
  if (!reports()) return {};
  return {Sync::header, Control{negative_, expected_, freed_}.body(), true};
}

Receiver::Verdict Receiver::judge() const {
  Verdict verdict;
  if (!check_) return verdict;
  verdict.accept = intact_ && take_;
  verdict.seen = intact_ && static_cast<std::uint8_t>(header_.sequence - expected_) >= 128;
  verdict.lost = !verdict.accept && !verdict.seen;
  return verdict;
}

void Receiver::clock(const Word& word, bool taken) {
  Verdict verdict = judge();
  check_ = false;
  if (verdict.accept) {
    ++expected_;
    accepted_ = written_;
  }
  collect(word, verdict);
  const bool negative = verdict.lost && !asked_;
  packets_lost_ += verdict.lost;
  replays_asked_ += negative;
  asked_ = (asked_ || verdict.lost) && !(word.sync == Sync::header && take_);
  if (taken) ++freed_;

  if (reports()) {
    ++words_sent_;
    due_ = negative_ = false;
    since_ = 0;
  }
  ++since_;
  if (verdict.accept || verdict.seen || taken || negative) due_ = true;
  if (negative) negative_ = true;
}

// The word that has arrived, after the verdict on the packet before it.
void Receiver::collect(const Word& word, Verdict& verdict) {
  if (word.sync == Sync::header) {
    written_ = accepted_;
    header_ = Header::of(word.body);
    intact_ = word.intact;
    count_ = 0;
    take_ = header_.sequence == expected_;
    verdict.lost = verdict.lost || collecting_ || header_.length == 0;
    collecting_ = header_.length != 0;
  } else if (collecting_ && word.sync == Sync::payload) {
    const bool full = static_cast<std::uint16_t>(written_ - freed_) == capacity_;
    if (take_ && !full) ++written_;
    take_ = take_ && !full;
    intact_ = intact_ && word.intact;
    check_ = ++count_ == header_.length;
    collecting_ = !check_;
  } else if (collecting_ || word.sync != Sync::idle) {
    verdict.lost = true;
    collecting_ = false;
  }
}

}  // namespace headroom::link
