// What streams reach of an HBM's peak; no SystemC.
#pragma once

#include <array>
#include <string>

#include "models/chip/description.h"

namespace headroom {

// Whether the per-burst model can say what the device does with streams. It cannot where only
// refresh is known of the device (no organisation: made-up chips), where the model refuses it
// (rows or bursts that 64-byte requests do not fit), or where the data rate is so high, some five
// times that of HBM3, that a refresh takes more than 3072 clocks.
[[nodiscard]] bool is_measured(const HbmDescription& hbm);

// Bytes per second of long streams of which `read_share` (0 to 1, of bytes) are loads: the peak
// times the share of it that the device reaches in the per-burst model (StreamingModel with the
// default mapping and policy, single banks refreshed where the device can). Loads and stores take
// turns, so that it is lower between the two ends than at either. The first call with a device and
// an eighth of the read share takes some tens of milliseconds; the process remembers.
//
// Of what is not measured: the peak less the time that all-bank refresh takes, 1 - tRFC / tREFI
// (JESD235/238), whatever the share. Not for several threads at once.
[[nodiscard]] BytesPerSecond sustained_bandwidth(const HbmDescription& hbm, double read_share = 1);

// Time of streams over that at the peak, by eighths of the share of loads.
using StreamSlowdowns = std::array<double, 9>;

// All that a device's slowdowns depend on, as text: its organisation and timing.
[[nodiscard]] std::string stream_key(const hbm::Device& device);
// Measures them anew, some tenths of a second; precondition: is_measured().
[[nodiscard]] StreamSlowdowns measure_slowdowns(const hbm::Device& device);
// From now on sustained_bandwidth() takes these for the device, which it then need not measure.
// Nothing where the device has been met before.
void remember_slowdowns(const hbm::Device& device, const StreamSlowdowns& slowdowns);

// Measures every share that sustained_bandwidth() interpolates between, so that processes forked
// from this one need not.
void measure_all(const HbmDescription& hbm);

// The least time for so many bytes: all loads, then all stores, so that the bus turns round once.
[[nodiscard]] inline Seconds least_time(const HbmDescription& hbm, Bytes loads, Bytes stores) {
  return loads / sustained_bandwidth(hbm, 1) + stores / sustained_bandwidth(hbm, 0);
}

}  // namespace headroom
