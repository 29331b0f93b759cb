// Experiments that are right: what they become, what is assumed, what is warned of, what the digest
// sees.
#include <gtest/gtest.h>

#include "sim/config/load.h"
#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

constexpr const char* text =
    "model: tiny\n"
    "cluster: {type: box, chip: toy-a, chips: 8}\n"
    "plan: {data: 4, tensor: 2, global_batch: 16, sequence: 64, recompute: full}\n"
    "fidelity: {hbm: analytic}\n";

Experiment load(const std::vector<std::string>& assignments = {},
                const std::string& experiment = text) {
  const TemporaryFolder folder;
  return load_experiment(folder.write("some name.yaml", experiment), toy_paths(), assignments);
}

TEST(LoadExperiment, FillsEverything) {
  const Experiment e = load();
  EXPECT_EQ(e.name, "some name");
  EXPECT_EQ(e.model.id, "tiny");
  EXPECT_EQ(e.model.hidden, 64);
  EXPECT_EQ(e.chip.id, "toy-a");
  EXPECT_EQ(e.chip.hbm.bandwidth, BytesPerSecond(100e9));
  EXPECT_EQ(e.chip.hbm.latency, Seconds(400e-9)) << "from the memory's file";
  EXPECT_EQ(e.chip.scale_up.bandwidth, BytesPerSecond(10e9)) << "from the link's file";
  EXPECT_EQ(e.chip.scale_up.count, 2);
  EXPECT_EQ(e.cluster.id, "box");
  EXPECT_EQ(e.cluster.scale_out.kind, "radio");
  EXPECT_EQ(e.plan.micro_batches(), 4);
  EXPECT_EQ(e.plan.recompute, Recompute::full);
  EXPECT_EQ(e.fidelity.hbm, Fidelity::analytic);
  EXPECT_EQ(e.fidelity.link, Fidelity::cycle);
  EXPECT_TRUE(e.warnings.empty());
  EXPECT_EQ(
      e.assumed,
      (std::vector<std::string>{"plan.sharding: none (default)", "plan.micro_batch: 1 (default)",
                                "plan.format: bf16 (default)"}));
}

TEST(LoadExperiment, ChipMayBeChanged) {
  const Experiment e = load(
      {"chip.hbm.bandwidth=200 GB/s", "chip.hbm.timing.trfc=100 ns",
       "chip.links.scale_up.kind=radio"});
  EXPECT_EQ(e.chip.hbm.bandwidth, BytesPerSecond(200e9));
  EXPECT_EQ(e.chip.hbm.device.timing.trfc, 157u) << "100 ns in clocks of 200 GB/s, 640 ps";
  EXPECT_EQ(e.chip.scale_up.bandwidth, BytesPerSecond(1e9));
  EXPECT_EQ(e.chip.published_peak.size(), 2u);
  EXPECT_EQ(e.assumed.back(), "chip: toy-a with another hbm, links");
}

TEST(LoadExperiment, ChangedEnginesHaveNoPublishedPeak) {
  const Experiment e = load({"chip.matrix_engines.columns=8"});
  EXPECT_EQ(e.chip.peak(Format::bf16), 256e9);
  EXPECT_TRUE(e.chip.published_peak.empty());
}

TEST(LoadExperiment, ClusterMayBeChanged) {
  const Experiment e = load({"cluster.scale_out.count=4", "cluster.node_size=2"});
  EXPECT_EQ(e.cluster.scale_out.count, 4);
  EXPECT_EQ(e.cluster.scale_out.bandwidth, BytesPerSecond(1e9));
  EXPECT_EQ(e.cluster.node_size, 2);
}

TEST(LoadExperiment, UnevenStagesAreLegal) {
  EXPECT_EQ(load({"plan.pipeline=4", "plan.data=1"}).plan.pipeline, 4) << "6 layers on 4 stages";
  EXPECT_EQ(
      load({"plan.pipeline=4", "plan.data=1", "plan.virtual_pipeline=2"}).plan.virtual_pipeline, 2)
      << "6 layers, the embedding and the output head on 8 chunks";
}

TEST(LoadExperiment, LongSequencesAreWarnedOf) {
  const std::vector<std::string> warnings = load({"plan.sequence=256"}).warnings;
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_EQ(warnings[0],
            "--set plan.sequence=256:1:15: plan.sequence: 256 tokens are more than the 128 "
            "positions of tiny");
}

TEST(LoadExperiment, DigestFollowsValuesAndNothingElse) {
  const std::string digest = load().digest;
  EXPECT_EQ(digest.size(), 16u);
  EXPECT_EQ(load().digest, digest);
  EXPECT_EQ(load({}, std::string("# comment\n") + text + "notes: why\n").digest, digest);
  EXPECT_EQ(load({"plan.format=bf16", "fidelity.link=cycle"}).digest, digest)
      << "defaults, spelled out";
  EXPECT_EQ(load({"chip.hbm.bandwidth=0.1 TB/s"}).digest, digest) << "another unit, the same value";
  for (const char* change :
       {"plan.sequence=32", "fidelity.link=analytic", "chip.hbm.latency=1 us",
        "cluster.node_size=8", "cluster.scale_out.count=2", "chip.kernel_gap=2 us"})
    EXPECT_NE(load({change}).digest, digest) << change;
}

TEST(LoadExperiment, ModelByPathFromTheExperiment) {
  const TemporaryFolder folder;
  std::filesystem::copy(toy_folder() / "models" / "tiny", folder.path() / "mine");
  for (const char* path : {"./mine", "mine/config.json", "./mine/config.json"}) {
    const auto file = folder.write("e.yaml", replaced(text, "tiny", path));
    EXPECT_EQ(load_experiment(file, toy_paths()).model.layers, 6) << path;
  }
}

TEST(CheckFile, SaysWhatAFileIs) {
  const TemporaryFolder folder;
  EXPECT_EQ(check_file(folder.write("e.yaml", text), toy_paths()), "experiment");
  EXPECT_EQ(check_file(toy_folder() / "chips" / "toy-a.yaml", toy_paths()), "chip");
  EXPECT_EQ(check_file(toy_folder() / "clusters" / "ring.yaml", toy_paths()), "cluster");
  EXPECT_EQ(check_file(toy_folder() / "links" / "wire.yaml", toy_paths()), "link");
  EXPECT_EQ(check_file(toy_folder() / "memories" / "fast.yaml", toy_paths()), "memory");
  EXPECT_EQ(check_file(toy_folder() / "models" / "tiny" / "config.json", toy_paths()), "model");
  const auto other = folder.write("x.yaml", "a: 1\n");
  EXPECT_EQ(
      replaced(message_of([&] { check_file(other, toy_paths()); }), other.string(), "x.yaml"),
      "x.yaml:1:1: document: found a document of no known kind; expected an experiment "
      "(plan), chip "
      "(matrix_engines), cluster (topology), link (lanes), library (reduction_channels), memory "
      "(timing), model (model_type, layers), node (logic_density) or stack (between_steps)");
}

}  // namespace
}  // namespace headroom::config
