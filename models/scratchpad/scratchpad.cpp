#include "models/scratchpad/scratchpad.h"

#include <stdexcept>
#include <string>

namespace headroom::scratchpad {
namespace {

void require(bool holds, const char* what, const char* expected, std::int64_t found) {
  if (!holds)
    throw std::invalid_argument(
        "scratchpad: " + std::string(what) + " must be " + expected + "; found " +
        std::to_string(found));
}

void require_percent(int value, const char* what) {
  require(value >= 0 && value <= 100, what, "from 0 to 100", value);
}

}  // namespace

void check(const Parameters& parameters) {
  const int banks = parameters.banks;
  require(banks >= 1 && (banks & (banks - 1)) == 0, "banks", "a power of two", banks);
  require(
      parameters.ports >= 1 && parameters.ports <= 64, "ports", "from 1 to 64", parameters.ports);
  const int bits = parameters.data_bits;
  require(bits >= 8 && bits <= 512 && bits % 8 == 0, "data_bits", "a multiple of 8 from 8 to 512",
          bits);
  require(
      parameters.words_per_bank >= 1, "words_per_bank", "at least 1", parameters.words_per_bank);
  require(parameters.read_latency == 1 || parameters.read_latency == 2, "read_latency", "1 or 2",
          parameters.read_latency);
  require(parameters.outstanding_reads >= 1, "outstanding_reads", "at least 1",
          parameters.outstanding_reads);
}

void check(const Traffic& traffic) {
  require(traffic.requests >= 1, "requests", "at least 1", traffic.requests);
  require_percent(traffic.hot_percent, "hot_percent");
  require_percent(traffic.write_percent, "write_percent");
}

}  // namespace headroom::scratchpad
