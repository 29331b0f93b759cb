// What a chip did in a while: its power follows from it.
#pragma once

namespace headroom {

struct ChipWork {
  double flops = 0;           // of products, executed
  double hbm_bytes = 0;       // of kernels
  double streamed_bytes = 0;  // of them, what vector instructions load and store: all of kernels
                              // without products
  double operations = 0;      // of lanes of vector units
  double collective_s = 0;    // in which collectives and messages ran

  // Adds `factor` times another one.
  void add(const ChipWork& other, double factor = 1) {
    flops += factor * other.flops;
    hbm_bytes += factor * other.hbm_bytes;
    streamed_bytes += factor * other.streamed_bytes;
    operations += factor * other.operations;
    collective_s += factor * other.collective_s;
  }
};

}  // namespace headroom
