// What a generation of HBM is: its organisation and its timing, as the JEDEC standards name them
// (JESD235 for HBM and HBM2, JESD238 for HBM3). Plain data; the controller, the checker and the
// streaming level all start from it, and sim/config reads it from configs/memories.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/base/clock.h"
#include "models/base/quantity.h"

namespace headroom::hbm {

// Counts, each per unit of the level above it.
struct Organisation {
  int stacks = 1;           // of the device that is simulated
  int channels = 0;         // per stack
  int pseudo_channels = 0;  // per channel; they share its command buses, not its data bus
  int stack_ids = 1;        // ranks of dies behind one pseudo-channel
  int bank_groups = 0;      // per pseudo-channel and stack id
  int banks_per_group = 0;
  std::int64_t rows = 0;            // per bank; need not be a power of two, all above are
  int columns = 0;                  // bursts per row: row bytes / burst bytes
  int bus_bits = 0;                 // data bus of a pseudo-channel
  int burst_length = 0;             // transfers of a column command
  std::int64_t data_rate_mt_s = 0;  // transfers per second and pin, in millions

  [[nodiscard]] std::int64_t burst_bytes() const {
    return std::int64_t{bus_bits} / 8 * burst_length;
  }
  [[nodiscard]] std::int64_t row_bytes() const { return burst_bytes() * columns; }
  [[nodiscard]] int banks() const { return bank_groups * banks_per_group; }
  [[nodiscard]] Bytes capacity() const {
    return Bytes(static_cast<double>(row_bytes()) * static_cast<double>(rows) * banks() *
                 stack_ids * pseudo_channels * channels * stacks);
  }
  [[nodiscard]] BytesPerSecond peak() const {
    return BytesPerSecond(static_cast<double>(data_rate_mt_s) * 1e6 * bus_bits / 8 *
                          pseudo_channels * channels * stacks);
  }
};

// Least distances between commands, in cycles of tck. _s: between bank groups, _l: within one.
struct Timing {
  std::int64_t tck_ps = 0;  // a whole number of picoseconds, so that command times are exact
  Cycles burst = 0;         // a burst holds its pseudo-channel's data bus
  Cycles trcd_rd = 0, trcd_wr = 0;  // ACT to RD, ACT to WR of the bank
  Cycles trp = 0;                   // PRE to ACT of the bank
  Cycles tras = 0;                  // ACT to PRE of the bank
  Cycles trc = 0;                   // ACT to ACT of the bank, >= tras + trp
  Cycles tcl = 0, tcwl = 0;         // RD, WR to the first data on the bus
  Cycles tccd_s = 0, tccd_l = 0;    // RD to RD, WR to WR
  std::optional<Cycles> tccd_r;     // RD to RD, WR to WR of another stack id; none: tccd_s
  Cycles trrd_s = 0, trrd_l = 0;    // ACT to ACT
  Cycles tfaw = 0;                  // window of at most four ACTs to a pseudo-channel and stack id
  Cycles twr = 0;                   // end of write data to PRE of the bank
  Cycles twtr_s = 0, twtr_l = 0;    // end of write data to RD
  Cycles trtp = 0;                  // RD to PRE of the bank
  Cycles trtw = 0;                  // RD to WR
  Cycles trefi = 0;               // average distance of all-bank refreshes of a pseudo-channel and
                                  // stack id
  Cycles trfc = 0;                // REFab to the next command of these banks
  std::optional<Cycles> trefipb;  // average distance of per-bank refreshes
  std::optional<Cycles> trfcpb;   // REFpb to the next ACT of the bank
  std::optional<Cycles> trrefd;   // REFpb to REFpb, or to ACT, of another bank
};

struct Device {
  std::string id, name;
  Organisation organisation;
  Timing timing;
};

}  // namespace headroom::hbm
