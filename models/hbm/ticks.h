// The distances of Timing as a scheduler adds them: signed, from the issue of one command to the
// issue of the next, the data bus taken into account.
#pragma once

#include <algorithm>
#include <array>

#include "models/hbm/device.h"
#include "models/hbm/indexed.h"
#include "models/hbm/policy.h"

namespace headroom::hbm {

enum Direction : int { reading = 0, writing = 1 };

struct Ticks {
  explicit Ticks(const Device& device) {
    const Timing& t = device.timing;
    const auto cycles = [](Cycles value) { return static_cast<Cycle>(value); };
    burst = cycles(t.burst);
    to_data = {cycles(t.tcl), cycles(t.tcwl)};
    rcd = {cycles(t.trcd_rd), cycles(t.trcd_wr)};
    rp = cycles(t.trp), ras = cycles(t.tras), rc = cycles(t.trc);
    ccd_s = std::max(cycles(t.tccd_s), burst);
    ccd_l = std::max(cycles(t.tccd_l), ccd_s);
    ccd_r = t.tccd_r ? std::max(cycles(*t.tccd_r), burst) : ccd_s;
    rrd_s = cycles(t.trrd_s), rrd_l = std::max(cycles(t.trrd_l), rrd_s), faw = cycles(t.tfaw);
    to_pre = {cycles(t.trtp), to_data[writing] + burst + cycles(t.twr)};
    rd_to_wr = std::max(cycles(t.trtw), to_data[reading] + burst - to_data[writing]);
    const Cycle written = to_data[writing] + burst;  // from WR to the end of its data
    wr_to_rd_s = written + cycles(t.twtr_s);
    wr_to_rd_l = std::max(written + cycles(t.twtr_l), wr_to_rd_s);
    refi = cycles(t.trefi), rfc = cycles(t.trfc);
    refipb = t.trefipb ? cycles(*t.trefipb) : refi / std::max(1, device.organisation.banks());
    rfcpb = t.trfcpb ? cycles(*t.trfcpb) : rfc;
    rrefd = t.trrefd ? cycles(*t.trrefd) : rrd_s;
  }

  Cycle burst = 0, rp = 0, ras = 0, rc = 0, ccd_s = 0, ccd_l = 0, ccd_r = 0;
  Cycle rrd_s = 0, rrd_l = 0, faw = 0, rd_to_wr = 0, wr_to_rd_s = 0, wr_to_rd_l = 0;
  Cycle refi = 0, refipb = 0, rfc = 0, rfcpb = 0, rrefd = 0;
  Indexed<Cycle, 2> to_data{}, rcd{}, to_pre{};

  // A request's answer never comes sooner after what causes it: posted writes are acknowledged, and
  // reads of what is still in the write queue answered, after as long.
  [[nodiscard]] Cycle answer() const {
    return std::min(to_data[reading], to_data[writing]) + burst;
  }
};

}  // namespace headroom::hbm
