// The words on the two wires of a link as the cycle model sees them: what decides about time, which
// is all of a header and the body that a payload flit would have if it were taken for one.
#pragma once

#include <cstdint>
#include <vector>

#include "models/link/neighbours.h"
#include "models/link/packet.h"

namespace headroom::link {

struct Word {
  Sync sync = Sync::idle;
  std::uint32_t body = 0;  // bits 31..0
  bool intact = true;      // of what the CRC covers; a CRC that finds no error is taken for granted
};

// A word with the errors that it meets as it enters the wire. Of a header and of a word backward,
// the CRC covers bits 63..0; of a payload flit, all.
[[nodiscard]] inline Word with_errors(Word word, const Errors& errors) {
  if (!errors.any) return word;
  const bool covered = word.sync != Sync::header || errors.sync != 0 || errors.data[0] != 0;
  return {word.sync ^ errors.sync, word.body ^ errors.body(), word.intact && !covered};
}

// What enters in a cycle leaves `delay` cycles later; idle before.
class Wire {
 public:
  explicit Wire(Cycles delay) : words_(static_cast<std::size_t>(delay)) {}

  // The word that leaves in this cycle.
  [[nodiscard]] const Word& out() const { return words_[next_]; }
  // Ends the cycle: `word` enters.
  void enter(const Word& word) {
    words_[next_] = word;
    next_ = next_ + 1 == words_.size() ? 0 : next_ + 1;
  }

 private:
  std::vector<Word> words_;
  std::size_t next_ = 0;
};

}  // namespace headroom::link
