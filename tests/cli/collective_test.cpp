// headroom collective, from the outside.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

const std::string
    two_nodes = "collective --cluster dgx-h100 --op all_reduce --bytes 1GiB --group 16 ";

TEST(Collective, WritesWhatItFound) {
  const Json result = json_document(two_nodes);
  for (const char* key :
       {"schema", "inputs", "time_s", "algorithm_bandwidth_gb_s", "bus_bandwidth_gb_s", "algorithm",
        "protocol", "bottleneck_link", "links", "events", "hbm_read_bytes", "compute_share"})
    EXPECT_TRUE(result.contains(key)) << key;
  const double time = result["time_s"], rate = result["algorithm_bandwidth_gb_s"];
  EXPECT_NEAR(rate * 1e9 * time, 1073741824, 1);
  EXPECT_NEAR(result["bus_bandwidth_gb_s"].get<double>(), rate * 2 * 15 / 16, 1e-6 * rate);
  ASSERT_FALSE(result["links"].empty());
  EXPECT_EQ(result["links"][0]["name"], result["bottleneck_link"]);
  for (const Json& link : result["links"]) {
    EXPECT_GT(link["utilization"], 0);
    EXPECT_LE(link["utilization"], 1);
  }
}

TEST(Collective, WithoutJsonPrintsATable) {
  const Finished program = headroom_program(two_nodes);
  EXPECT_EQ(program.exit_code, 0) << program.err;
  for (const char* word : {"time", "algorithm", "bandwidth", "bottleneck", "HBM", "compute"})
    EXPECT_NE(program.out.find(word), std::string::npos) << word;
}

TEST(Collective, ASweepHasTheColumnsOfNcclTests) {
  const Finished program = headroom_program(
      "collective --cluster dgx-a100 --bytes 1MiB:4MiB --group 8");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  for (const char* words :
       {"size         count      type   redop    root     time   algbw   busbw",
        "     1048576        262144     float     sum      -1", "     2097152",
        "     4194304       1048576", "# Avg bus bandwidth"})
    EXPECT_NE(program.out.find(words), std::string::npos) << words << "\n" << program.out;
}

TEST(Collective, EveryShippedClusterAnswers) {
  for (const std::string cluster :
       {"a100-4xhdr", "jean-zay-a100", "gcp-a3", "dgx-a100", "dgx-h100", "dgx-h200", "dgx-b200",
        "dgx-b300", "gb200-nvl72", "gb300-nvl72", "tpu-v4-pod --chips 64",
        "tpu-v5e-pod --chips 256", "tpu-v5p-pod --chips 512", "tpu-v6e-pod --chips 256"})
    EXPECT_GT(json_document("collective --bytes 64MiB --cluster " + cluster)["time_s"], 0)
        << cluster;
}

TEST(Collective, OffSimulatesEveryTransfer) {
  const std::string
      torus = "collective --cluster tpu-v5p-pod --chips 64 --bytes 1GiB --algorithm torus";
  const double fast = json_document(torus)["time_s"],
               full = json_document(torus + " --symmetry off")["time_s"];
  EXPECT_NEAR(full, fast, 0.01 * fast);
}

TEST(Collective, ANamedAlgorithmThatTheLibraryLacksRunsAndIsSaid) {
  const Json named = json_document(two_nodes + "--algorithm hierarchical");
  EXPECT_EQ(named["algorithm"], "hierarchical");
  EXPECT_EQ(named["protocol"], "");
  ASSERT_EQ(named["assumed"].size(), 1);
  const std::string words = "the library nccl has no hierarchical for all_reduce";
  EXPECT_EQ(named["assumed"][0].get<std::string>().substr(0, words.size()), words);
  EXPECT_EQ(named["time_s"],
            json_document(two_nodes + "--algorithm hierarchical --library none")["time_s"]);
  EXPECT_TRUE(json_document(two_nodes)["assumed"].empty());
  for (const std::string size : {"1GiB", "1KiB:4KiB"}) {
    const Finished program = headroom_program(
        "collective --cluster dgx-h100 --op all_gather --group 16 --algorithm halving_doubling "
        "--bytes " +
        size);
    EXPECT_EQ(program.exit_code, 0) << program.err;
    EXPECT_NE(program.out.find("the library nccl has no halving_doubling"), std::string::npos)
        << program.out;
  }
}

TEST(Collective, TensOfThousandsOfChips) {
  for (const std::string chips : {"16384", "131072"}) {
    const std::string cluster = "collective --cluster dgx-h100 --group " + chips + " --chips " +
                                chips;
    const Json reduced = json_document(cluster + " --bytes 1MiB");
    EXPECT_NE(reduced["algorithm"], "ring");
    EXPECT_LT(reduced["time_s"], 1e-3);
    EXPECT_LT(reduced["links"].size(), 1000);
    EXPECT_GT(json_document(cluster + " --bytes 1GiB --op broadcast")["time_s"], 0);
  }
}

void expect_wrong(const std::string& arguments, const std::string& message) {
  const Finished program = headroom_program(arguments);
  EXPECT_EQ(program.exit_code, 2) << arguments;
  EXPECT_EQ(program.out, "");
  EXPECT_EQ(program.err, message) << arguments;
}

void expect_wrong_option(const std::string& arguments, const std::string& message) {
  expect_wrong(arguments, "headroom collective: " + message +
                              "\nRun 'headroom collective --help' for what it takes.\n");
}

TEST(Collective, WrongOptionsAreWrongInput) {
  expect_wrong_option(
      "collective --cluster dgx-h100 --bytes 1GiB --chips 64 --group 65",
      "--group: found 65; expected at most the 64 chips of the cluster");
  expect_wrong_option(
      "collective --cluster dgx-h100 --bytes 1GiB --chips 64 --group 16 --stride 8",
      "--stride: found 8; expected at most 4: 16 ranks must fit on the 64 chips of "
      "the cluster");
  for (const std::string size : {"0B", "-1GiB", "1", "four", "1GHz"})
    expect_wrong_option(
        "collective --cluster dgx-h100 --bytes=" + size,
        "--bytes: found '" + size +
            "'; expected a size from 1 B to 1 EB such as 1GiB, or "
            "SMALLEST:LARGEST such as 1KiB:8GiB");
  expect_wrong_option(
      "collective --cluster dgx-h100 --bytes 1GiB:1KiB",
      "--bytes: found '1GiB:1KiB'; expected the smaller size first");
  expect_wrong_option(
      "collective --cluster dgx-h100 --bytes 1GiB --group 16 --algorithm torus",
      "--algorithm: found 'torus', which needs a group that is a box of a torus; expected auto or "
      "one that fits all_reduce of 16 ranks here: ring, bidirectional_ring, halving_doubling, "
      "double_binary_tree, hierarchical, in_network");
  expect_wrong_option(
      "collective --cluster dgx-h100 --library none --bytes 1GiB --group 24 --algorithm "
      "halving_doubling",
      "--algorithm: found 'halving_doubling', which needs a power of two of ranks; expected auto "
      "or one that fits all_reduce of 24 ranks here: ring, bidirectional_ring, "
      "double_binary_tree, hierarchical, in_network");
  expect_wrong_option(
      "collective --cluster dgx-h100 --bytes 1GiB --op all_redcue",
      "--op: found 'all_redcue'; expected one of all_gather, reduce_scatter, "
      "all_reduce, send, broadcast, all_to_all; did you mean 'all_reduce'?");
}

// A skewed exchange has no symmetry, and a uniform one that of a leaf of 32 nodes of 8.
TEST(Collective, GroupsWithTooManyFlowsAreWrongInput) {
  const std::string exchange = "collective --cluster dgx-h100 --bytes 1GiB --op all_to_all ";
  expect_wrong_option(
      exchange + "--group 2048 --skew 4",
      "--group: found 2048; expected fewer ranks: direct has 4192256 flows or more at once here, "
      "and at most 4000000 are settled");
  expect_wrong_option(
      exchange + "--group 16384",
      "--group: found 16384; expected fewer ranks: direct has 4194048 flows or more at once here, "
      "and at most 4000000 are settled");
}

TEST(Collective, WrongClustersAreWrongInput) {
  const Finished program = headroom_program("collective --cluster dgx-h10 --bytes 1GiB");
  EXPECT_EQ(program.exit_code, 2);
  const std::string begin =
      "--cluster:1:7: name: found the text 'dgx-h10'; expected the path of a file or a cluster: "
      "a100-4xhdr, dgx-a100, ";
  EXPECT_EQ(program.err.substr(0, begin.size()), begin);
  EXPECT_NE(program.err.find("; did you mean 'dgx-h100'?\n"), std::string::npos) << program.err;
  const Finished chip = headroom_program("collective --cluster nvl72 --bytes 1GiB");
  EXPECT_EQ(chip.exit_code, 2);
  EXPECT_NE(chip.err.find("expected a chip of configs/chips: nvl72 names no usual one"),
            std::string::npos)
      << chip.err;
}

}  // namespace
}  // namespace headroom
