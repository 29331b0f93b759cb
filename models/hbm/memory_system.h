// All channels of a device: takes requests of 64 bytes, splits them into bursts as the address map
// says, and tells when each is answered. No SystemC.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/hbm/address_map.h"
#include "models/hbm/controller.h"
#include "models/hbm/device.h"
#include "models/hbm/policy.h"

namespace headroom::hbm {

inline constexpr std::int64_t request_bytes = 64;

// Requests wait and nothing will ever happen; the text names who waits for whom.
class NoProgress : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class MemorySystem {
 public:
  // std::invalid_argument where device, mapping and policy do not fit together.
  MemorySystem(const Device& device, const Mapping& mapping, const Policy& policy);

  // A request of the 64 bytes at `address` (rounded down to them), not before what advance() has
  // reached. Its number is free again once answered. std::out_of_range beyond the device.
  std::uint32_t submit(Cycle at, std::uint64_t address, bool write);

  struct Answer {
    Cycle at = 0;       // load: its last data has arrived; store: it is in a write queue
    Cycle arrival = 0;  // when it was submitted
    std::uint32_t request = 0;
    bool write = false;
  };
  // Works off all that happens before `until`; the answers that are certain then, not in order of
  // time and each at `until` or later where until <= now() + lookahead().
  const std::vector<Answer>& advance(Cycle until, std::vector<Command>* log = nullptr);

  [[nodiscard]] Cycle now() const { return now_; }
  // No answer comes sooner than this after the command or the arrival that causes it.
  [[nodiscard]] Cycle lookahead() const { return lookahead_; }
  [[nodiscard]] Cycle next_event() const;
  [[nodiscard]] bool idle() const;  // nothing waits, posted stores included
  [[nodiscard]] Cycle end_of_data() const;
  [[nodiscard]] ChannelStatistics statistics() const;
  [[nodiscard]] const Device& device() const { return device_; }
  [[nodiscard]] const AddressMap& address_map() const { return map_; }

  // Who waits for whom: a line per pseudo-channel with requests.
  [[nodiscard]] std::string waits() const;
  // Throws where something waits and no request has moved for 64 refresh intervals.
  void check_progress();

 private:
  struct Request {
    Cycle arrival = 0, answer = 0;
    int parts = 0;
    bool write = false;
  };

  Device device_;
  AddressMap map_;
  std::vector<Controller> controllers_;
  std::vector<Request> requests_;
  std::vector<std::uint32_t> free_;
  std::vector<Completion> done_;
  std::vector<Answer> answers_;
  int parts_, bursts_;  // of a request, of a part
  Cycle now_ = 0, lookahead_ = 0, patience_ = 0, moved_at_ = 0;
  std::uint64_t moved_ = 0;
};

}  // namespace headroom::hbm
