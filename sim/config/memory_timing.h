// The timing parameters of a memory: their names, and what a file says about each.
#pragma once

#include <string_view>
#include <vector>

#include "models/hbm/device.h"
#include "sim/config/clocked_time.h"
#include "sim/config/record.h"

namespace headroom::config {

// One parameter of hbm::Timing: `member` of those that every standard has, else `optional_member`.
struct TimingParameter {
  std::string_view key, meaning;
  Cycles hbm::Timing::*member = nullptr;
  std::optional<Cycles> hbm::Timing::*optional_member = nullptr;
  bool is_interval = false;  // an average that may not be exceeded, so it rounds down
};

// In the order of hbm::Timing; without tck and burst, which follow from the data rate.
[[nodiscard]] const std::vector<TimingParameter>& timing_parameters();

// What a file says: a value for each of timing_parameters(), in their order.
struct TimingSpec {
  std::int64_t tck_ps = 0;
  std::vector<std::optional<ClockedTime>> values;

  TimingSpec() : values(timing_parameters().size()) {}
  [[nodiscard]] const std::optional<ClockedTime>& operator[](std::string_view key) const;
  // Picoseconds of a parameter that is not `none`.
  [[nodiscard]] double picoseconds(std::string_view key) const {
    return (*this)[key]->picoseconds(tck_ps);
  }
};

// The `timing` mapping of a file of configs/memories.
[[nodiscard]] const Record<TimingSpec>& timing_record();
// The same laid over a file by a chip, whose data rate gives the clock: no tck.
[[nodiscard]] const Record<TimingSpec>& timing_change_record();

// Throws InputError where the values of `timing` contradict each other; complains about a key of
// `changes` where one takes part, else about the first.
void check_timing(const TimingSpec& spec, const hbm::Organisation& organisation, Cycles burst,
                  const Node& timing, const Node& changes);

// In clocks of tck_ps. trc covers tras + trp as rounded.
[[nodiscard]] hbm::Timing clocked(const TimingSpec& spec, std::int64_t tck_ps, Cycles burst);

}  // namespace headroom::config
