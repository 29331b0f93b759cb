// A chip of round numbers: HBM 1000 GB/s (a megabyte takes a microsecond), 1 GHz (a thousand
// cycles take one), scale-up port 100 GB/s, network port 50 GB/s.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "models/chip/chip.h"
#include "tests/support/simulation.h"

namespace headroom {

inline constexpr double us = 1e-6, mb = 1e6;
inline constexpr double hbm_latency = 0.1 * us;
inline const Bytes none(0);

inline ChipDescription round_chip() {
  ChipDescription chip;
  chip.clock.sustained_matmul = Hertz(1e9);
  chip.hbm.bandwidth = BytesPerSecond(1e12);
  chip.hbm.latency = Seconds(hbm_latency);
  chip.hbm.device.timing.trefi = 1;
  chip.scale_up.count = 1;
  chip.scale_up.bandwidth = BytesPerSecond(100e9);
  return chip;
}

inline ClusterDescription round_cluster() {
  ClusterDescription cluster;
  cluster.chips = 16;
  cluster.node_size = 8;
  cluster.scale_out.count = 1;
  cluster.scale_out.bandwidth = BytesPerSecond(50e9);
  return cluster;
}

inline constexpr ChipFidelity all_cycle{Fidelity::cycle, Fidelity::cycle};
inline constexpr ChipFidelity all_analytic{Fidelity::analytic, Fidelity::analytic};

inline Tile tile(double load_mb, Cycles matrix, Cycles vector = 0, double store_mb = 0) {
  return {Bytes(load_mb * mb), Bytes(store_mb * mb), matrix, vector};
}

inline Kernel kernel(std::vector<TileRun> tiles) {
  Kernel kernel;
  kernel.name = "kernel";
  kernel.tiles = std::move(tiles);
  return kernel;
}

// Moves `up_mb` through the scale-up and `out_mb` through the network port, and `hbm_mb` each out
// of HBM and into it.
inline CollectiveOperation collective(
    const std::string& name, double up_mb, double out_mb, double hbm_mb, double latency = 0) {
  CollectiveOperation operation;
  operation.name = name;
  operation.cost.links = {
      Bytes(up_mb * mb), Bytes(up_mb * mb), Bytes(out_mb * mb), Bytes(out_mb * mb)};
  operation.cost.transfer = Seconds(std::max(up_mb * mb / 100e9, out_mb * mb / 50e9));
  operation.cost.hbm_read = operation.cost.hbm_write = Bytes(hbm_mb * mb);
  operation.cost.latency = Seconds(latency);
  return operation;
}

class ChipSimulation : public Simulation {
 protected:
  // Before the simulation; two streams of collectives, 0 and 1.
  Chip& chip(const ChipDescription& description = round_chip(),
             const ChipFidelity& fidelity = all_cycle) {
    const std::string name = "chip_" + std::to_string(chips_.size());
    chips_.push_back(std::make_unique<Chip>(
        name.c_str(), description, round_cluster(), fidelity,
        std::vector<std::string>{"stream_0", "stream_1"}));
    return *chips_.back();
  }

  // One kernel on a chip of its own.
  KernelTime time_of(const Kernel& kernel) {
    KernelTime time;
    Chip& alone = chip();
    thread([&] { time = alone.run(kernel); });
    run();
    return time;
  }

 private:
  std::vector<std::unique_ptr<Chip>> chips_;
};

inline void expect_seconds(Seconds actual, double expected, const char* what) {
  EXPECT_NEAR(actual.si(), expected, 1e-12) << what;
}

inline void expect_partition(const KernelTime& time) {
  EXPECT_NEAR(time.duration.si(), (time.matrix + time.vector + time.memory).si(), time_tolerance);
  EXPECT_GE(time.memory.si(), 0);
}

}  // namespace headroom
