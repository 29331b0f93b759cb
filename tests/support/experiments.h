// Experiments for tests: those of configs/, and made-up ones on a made-up machine whose every part
// can be set.
#pragma once

#include <string>
#include <vector>

#include "sim/config/load.h"
#include "tests/support/hbm_device.h"

namespace headroom {

inline const std::vector<std::string>& shipped_models() {
  static const std::vector<std::string> names = config::ConfigPaths().names("models");
  return names;
}

inline const std::vector<std::string>& shipped_experiments() {
  static const std::vector<std::string> names = config::ConfigPaths().names("experiments");
  return names;
}

[[nodiscard]] inline Experiment shipped_experiment(
    const std::string& name, const std::vector<std::string>& assignments = {}) {
  const config::ConfigPaths paths;
  return load_experiment(paths.find("experiments", name).value(), paths, assignments);
}

// A small gated transformer.
[[nodiscard]] inline ModelDescription small_model() {
  ModelDescription model;
  model.id = "small";
  model.family = "llama";
  model.layers = 8;
  model.hidden = model.embedding_width = 1024;
  model.heads = 16;
  model.kv_heads = 8;
  model.head_dim = 64;
  model.ffn = 2048;
  model.gated = true;
  model.vocab = 8192;
  model.max_positions = 4096;
  return model;
}

// A scratchpad of `capacity` bytes whose port is so wide that it never binds.
[[nodiscard]] inline ScratchpadDescription wide_scratchpad(double capacity, double shared = 0) {
  ScratchpadDescription scratchpad;
  scratchpad.capacity = Bytes(capacity);
  scratchpad.bytes_per_cycle = 1e18;
  scratchpad.shared_capacity = Bytes(shared);
  return scratchpad;
}

// Links whose collectives get 0.9 of their bandwidth.
[[nodiscard]] inline LinkDescription small_links(int count, double latency_s, double start_s) {
  LinkDescription link;
  link.kind = "made-up";
  link.count = count;
  link.bandwidth = BytesPerSecond(25e9);
  link.payload_share = 0.9;
  link.latency = Seconds(latency_s);
  link.collective_latency = Seconds(start_s);
  return link;
}

// 16 cores of one 64 x 64 array at 1 GHz.
[[nodiscard]] inline ChipDescription small_chip() {
  ChipDescription chip;
  chip.id = chip.name = "small-chip";
  chip.cores = 16;
  chip.clock = {Hertz(1e9), Hertz(1e9), Hertz(1e9), true};
  chip.matrix.count = 16;
  chip.matrix.rows = chip.matrix.columns = 64;
  chip.matrix.rate = {{Format::bf16, 1}};
  chip.vector = {128, 32};
  chip.scratchpad = wide_scratchpad(512 * 1024, 16 << 20);
  chip.hbm = {hbm::hbm3_device(4), Bytes(32e9), BytesPerSecond(1e12), Seconds(500e-9)};
  chip.hbm.device.organisation = {};  // only refresh is known: rates that a hand can work out
  chip.scale_up = small_links(4, 1e-6, 5e-6);
  chip.kernel_gap = Seconds(1e-6);
  chip.power_cap = Watts(100);
  return chip;
}

[[nodiscard]] inline ClusterDescription small_cluster(std::int64_t chips) {
  ClusterDescription cluster;
  cluster.id = "small-cluster";
  cluster.chips = chips;
  cluster.node_size = 4;
  cluster.scale_out = small_links(1, 2e-6, 10e-6);
  return cluster;
}

// `plan` without its sequence and batch takes 1,024 tokens and 8 sequences per replica.
[[nodiscard]] inline Experiment small_experiment(Plan plan = {}) {
  Experiment experiment;
  experiment.name = "small";
  experiment.model = small_model();
  experiment.chip = small_chip();
  if (plan.sequence == 0) {
    plan.sequence = 1024;
    plan.global_batch = 8 * plan.data * plan.micro_batch;
  }
  experiment.cluster = small_cluster(plan.replicas() * plan.tensor * plan.pipeline);
  experiment.plan = plan;
  return experiment;
}

// The same machine with everything but the matrix engines for free.
inline void make_all_but_the_matrix_engines_free(Experiment& experiment) {
  ChipDescription& chip = experiment.chip;
  chip.hbm.bandwidth = BytesPerSecond(1e21);
  chip.hbm.latency = Seconds(0);
  chip.hbm.device.timing.trfc = 0;
  chip.vector = {1e18, 1e18};
  chip.kernel_gap = Seconds(0);
  for (LinkDescription* link : {&chip.scale_up, &experiment.cluster.scale_out}) {
    link->bandwidth = BytesPerSecond(1e21);
    link->latency = link->collective_latency = Seconds(0);
  }
}

}  // namespace headroom
