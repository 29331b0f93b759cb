// The memory controller of one channel: its pseudo-channels, its two command buses. No SystemC and
// no clock: advance() jumps from command to command, in order of time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/hbm/command.h"
#include "models/hbm/device.h"
#include "models/hbm/policy.h"
#include "models/hbm/pseudo_channel.h"

namespace headroom::hbm {

class Controller {
 public:
  // std::invalid_argument, with what was found and what was expected, where the policy or the
  // organisation do not fit. `stack` and `channel` name it in commands.
  Controller(const Device& device, const Policy& policy, int stack, int channel);

  // A part of a request, in order of time for each pseudo-channel, none before what advance() has
  // reached.
  void arrive(int pseudo_channel, const Part& part);

  // Issues all commands before `until`; what they complete goes to `done`, not in order of time,
  // each at least Ticks::answer() after the command or the arrival that completes it. Every command
  // goes to `log` too, unless it is null.
  void advance(Cycle until, std::vector<Completion>& done, std::vector<Command>* log = nullptr);

  // Nothing happens before this.
  [[nodiscard]] Cycle next_event() const { return next_event_; }
  [[nodiscard]] bool idle() const;
  [[nodiscard]] Cycle end_of_data() const;  // of the last burst
  [[nodiscard]] ChannelStatistics statistics() const;
  // Who waits for whom: a line per pseudo-channel with requests.
  [[nodiscard]] std::string waits() const;

 private:
  void record(std::vector<Command>& log, Cycle at, std::size_t pseudo_channel,
              const PseudoChannel::Issued& issued) const;

  Organisation organisation_;
  std::int64_t tck_ps_;
  int stack_, channel_;
  std::vector<PseudoChannel> pseudo_channels_;
  Cycle now_ = 0, next_event_ = 0, last_ = 0;  // last_: the pseudo-channel that had a bus last
  Cycle column_bus_at_ = 0, row_bus_at_ = 0;   // free from here on
};

// std::invalid_argument where a policy contradicts itself or exceeds what queues hold.
void check(const Policy& policy);

}  // namespace headroom::hbm
