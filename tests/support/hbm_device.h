// HBM3 at 6.4 GT/s: hbm_timing.csv, row HBM3_6400Mbps (Ramulator 2 hbm3.py, which cites the tables
// of JESD238), one stack of 16 GiB.
#pragma once

#include "models/hbm/device.h"

namespace headroom::hbm {

inline Device hbm3_device(int stacks = 1) {
  Device d;
  d.id = "hbm3";
  d.name = "HBM3";
  Organisation& o = d.organisation;
  o.stacks = stacks, o.channels = 16, o.pseudo_channels = 2, o.stack_ids = 2;
  o.bank_groups = 4, o.banks_per_group = 4, o.rows = 16384, o.columns = 32;
  o.bus_bits = 32, o.burst_length = 8, o.data_rate_mt_s = 6400;
  Timing& t = d.timing;
  t.tck_ps = 625, t.burst = 2;
  t.trcd_rd = 31, t.trcd_wr = 15, t.trp = 26, t.tras = 45, t.trc = 72;
  t.tcl = 20, t.tcwl = 10, t.tccd_s = 2, t.tccd_l = 4, t.tccd_r = 3;
  t.trrd_s = 4, t.trrd_l = 5, t.tfaw = 24, t.twr = 33, t.twtr_s = 7, t.twtr_l = 10;
  t.trtp = 9, t.trtw = 20, t.trefi = 6240, t.trfc = 560, t.trefipb = 390, t.trfcpb = 320;
  t.trrefd = 8;
  return d;
}

}  // namespace headroom::hbm
