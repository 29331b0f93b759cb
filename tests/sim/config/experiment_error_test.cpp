// Every mistake that an experiment can make, each with its exact message.
#include <gtest/gtest.h>

#include "sim/config/load.h"
#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

constexpr const char* text =
    "model: tiny\n"
    "cluster: {type: box, chip: toy-a, chips: 8}\n"
    "plan:\n"
    "  data: 4\n"
    "  tensor: 2\n"
    "  global_batch: 16\n"
    "  sequence: 64\n";

// Loads the experiment above with assignments; "E.yaml" and "TOY" stand for its path and the folder
// of the toys.
std::string load_message(
    const std::vector<std::string>& assignments, const std::string& experiment = text) {
  const TemporaryFolder folder;
  const auto file = folder.write("E.yaml", experiment);
  const std::string message = message_of([&] {
    static_cast<void>(load_experiment(file, toy_paths(), assignments));
  });
  return replaced(replaced(message, file.string(), "E.yaml"), toy_folder().string(), "TOY");
}

struct Case {
  const char* name;
  std::vector<std::string> assignments;
  const char* message;  // what follows "--set …:1:"
};

class WrongExperiment : public testing::TestWithParam<Case> {};

TEST_P(WrongExperiment, SaysWhatAndWhere) {
  EXPECT_EQ(load_message(GetParam().assignments), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongExperiment,
    testing::Values(
        Case{"unknown_model",
             {"model=tony"},
             "--set model=tony:1:7: model: found 'tony'; expected the path of a file or a model: "
             "tiny; did you mean "
             "'tiny'?"},
        Case{"unknown_chip",
             {"cluster.chip=toya"},
             "--set cluster.chip=toya:1:14: cluster.chip: found 'toya'; expected the path of a "
             "file or a chip: toy-a; "
             "did you mean 'toy-a'?"},
        Case{"unknown_cluster",
             {"cluster.type=bx"},
             "--set cluster.type=bx:1:14: cluster.type: found 'bx'; expected the path of a file or "
             "a cluster: box, "
             "ring; did you mean 'box'?"},
        Case{"unknown_memory",
             {"chip.hbm.device=fats"},
             "--set chip.hbm.device=fats:1:17: chip.hbm.device: found 'fats'; expected the path of "
             "a file or a memory: "
             "fast"},
        Case{"unknown_link",
             {"chip.links.scale_up.kind=wir"},
             "--set chip.links.scale_up.kind=wir:1:26: chip.links.scale_up.kind: found 'wir'; "
             "expected the path of a "
             "file or a link: radio, wire; did you mean 'wire'?"},
        Case{"unknown_plan_key",
             {"plan.tensr=2"},
             "--set plan.tensr=2:1:6: plan.tensr: found the unknown key 'tensr'; expected one of "
             "data, tensor, pipeline, "
             "virtual_pipeline, schedule, context, context_method, expert, expert_tensor, "
             "expert_skew, sharding, shard_group, micro_batch, global_batch, sequence, recompute, "
             "recompute_parts, recompute_layers, placement, "
             "format, optimizer, optimizer_state, offload; did "
             "you mean 'tensor'?"},
        Case{"recompute_parts_alone",
             {"plan.recompute_parts=[norm]"},
             "--set plan.recompute_parts=[norm]:1:22: plan.recompute_parts: found parts to compute "
             "again beside recompute 'none'; expected recompute: selective with it"},
        Case{"unknown_recompute_part",
             {"plan.recompute_parts=[norms]"},
             "--set plan.recompute_parts=[norms]:1:23: plan.recompute_parts[0]: found 'norms'; "
             "expected one of norm, attention, activation, feed_forward, latent_projection, "
             "experts, "
             "expert_activation, alternate_products; did you mean 'norm'?"},
        Case{"unknown_key",
             {"plans=2"},
             "--set plans=2: plans: found the unknown key 'plans'; expected one of model, "
             "cluster, plan, reliability, power, fidelity, "
             "chip, cost, stack; did you mean 'plan'?"},
        Case{"unknown_chip_key",
             {"chip.hbm.bandwith=2 TB/s"},
             "--set chip.hbm.bandwith=2 TB/s:1:10: chip.hbm.bandwith: found the unknown key "
             "'bandwith'; expected one of "
             "device, stacks, capacity, bandwidth, latency, timing; did you mean 'bandwidth'?"},
        Case{"wrong_unit",
             {"chip.hbm.bandwidth=2 GHz"},
             "--set chip.hbm.bandwidth=2 GHz:1:20: chip.hbm.bandwidth: found '2 GHz' (a "
             "frequency); expected a data "
             "rate such as 3.35 TB/s"},
        Case{"negative_rate",
             {"chip.hbm.bandwidth=-2 GB/s"},
             "--set chip.hbm.bandwidth=-2 GB/s:1:20: chip.hbm.bandwidth: found '-2 GB/s'; expected "
             "a data rate above 0 "
             "B/s"},
        Case{"nan_rate",
             {"chip.hbm.bandwidth=.nan"},
             "--set chip.hbm.bandwidth=.nan:1:20: chip.hbm.bandwidth: found '.nan'; expected a "
             "data rate such as 3.35 "
             "TB/s"},
        Case{"wrong_type",
             {"plan.tensor=two"},
             "--set plan.tensor=two:1:13: plan.tensor: found 'two'; expected a whole number from 1 "
             "to 10000000"},
        Case{"product",
             {"plan.data=3"},
             "E.yaml:4:3: plan: found data 3 x tensor 2 x pipeline 1 x context 1 = 6 chips; "
             "expected the 8 of "
             "cluster.chips"},
        Case{"huge_product",
             {"plan.data=10000000", "plan.tensor=10000000", "plan.pipeline=10000000"},
             "E.yaml:4:3: plan: found data 10000000 x tensor 10000000 x pipeline 10000000 x "
             "context 1 = "
             "1000000000000000000000 chips; expected the 8 of cluster.chips"},
        Case{"heads",
             {"plan.tensor=16", "plan.data=1", "cluster.chips=16"},
             "--set plan.tensor=16:1:13: plan.tensor: found '16'; expected a divisor of the "
             "model's 8 attention heads"},
        Case{"kv_heads",
             {"plan.tensor=8", "plan.data=1"},
             "--set plan.tensor=8:1:13: plan.tensor: found '8'; expected a divisor of the model's "
             "4 key-value heads"},
        Case{"batch",
             {"plan.global_batch=18"},
             "--set plan.global_batch=18:1:19: plan.global_batch: found '18'; expected a multiple "
             "of data 4 x "
             "micro_batch 1"},
        Case{"micro_batch",
             {"plan.micro_batch=3"},
             "E.yaml:6:17: plan.global_batch: found '16'; expected a multiple of data 4 x "
             "micro_batch 3"},
        Case{"chunks_without_stages",
             {"plan.virtual_pipeline=2"},
             "--set plan.virtual_pipeline=2:1:23: plan.virtual_pipeline: found '2'; expected 1 "
             "where plan.pipeline is "
             "1"},
        Case{"micro_batches_by_stages",
             {"plan.pipeline=4", "plan.data=1", "plan.virtual_pipeline=2", "plan.global_batch=6"},
             "--set plan.global_batch=6:1:19: plan.global_batch: found 6 micro-batches per "
             "pipeline; expected a multiple "
             "of plan.pipeline 4 where plan.virtual_pipeline is above 1"},
        Case{"too_few_layers",
             {"plan.pipeline=4", "plan.data=1", "plan.virtual_pipeline=3"},
             "--set plan.pipeline=4:1:15: plan.pipeline: found 4 stages x 3 chunks; expected at "
             "most 8 chunks: the "
             "model's 6 layers, the embedding and the output head"},
        Case{"schedule",
             {"plan.schedule=zb_h2"},
             "--set plan.schedule=zb_h2:1:15: plan.schedule: found 'zb_h2'; expected one of 1f1b, "
             "interleaved, zb_h1, dualpipe; did you mean 'zb_h1'?"},
        Case{"interleaved_without_chunks",
             {"plan.pipeline=4", "plan.data=1", "plan.schedule=interleaved"},
             "E.yaml:4:3: plan.virtual_pipeline: found nothing; expected above 1 where "
             "plan.schedule is interleaved"},
        Case{"zero_bubble_without_stages",
             {"plan.schedule=zb_h1"},
             "--set plan.schedule=zb_h1:1:15: plan.schedule: found 'zb_h1'; expected 1f1b where "
             "plan.pipeline is 1: there is no bubble to fill"},
        Case{"zero_bubble_in_chunks",
             {"plan.pipeline=4", "plan.data=1", "plan.schedule=zb_h1", "plan.virtual_pipeline=2"},
             "--set plan.virtual_pipeline=2:1:23: plan.virtual_pipeline: found '2'; expected 1 "
             "where plan.schedule is zb_h1"},
        Case{"dualpipe_with_odd_stages",
             {"cluster.chips=12", "plan.tensor=4", "plan.pipeline=3", "plan.data=1",
              "plan.schedule=dualpipe"},
             "--set plan.pipeline=3:1:15: plan.pipeline: found '3'; expected an even number where "
             "plan.schedule is dualpipe"},
        Case{"dualpipe_with_few_micro_batches",
             {"plan.pipeline=4", "plan.data=1", "plan.schedule=dualpipe", "plan.global_batch=6"},
             "--set plan.global_batch=6:1:19: plan.global_batch: found 6 micro-batches per "
             "pipeline; expected an even number from 2 x plan.pipeline = 8 on where plan.schedule "
             "is dualpipe"},
        Case{"dualpipe_with_sharded_gradients",
             {"plan.pipeline=4", "plan.data=1", "plan.schedule=dualpipe", "plan.sharding=zero2"},
             "--set plan.sharding=zero2:1:15: plan.sharding: found 'zero2'; expected none or zero1 "
             "where plan.schedule is dualpipe: gradients stay until both directions have theirs"},
        Case{"context",
             {"plan.context=2", "plan.data=2", "plan.sequence=66"},
             "--set plan.sequence=66:1:15: plan.sequence: found '66'; expected a multiple of 2 x "
             "plan.context = 4"},
        Case{"context_by_heads",
             {"plan.context=8", "plan.data=1", "plan.tensor=1", "plan.context_method=all_to_all",
              "plan.sequence=68"},
             "--set plan.sequence=68:1:15: plan.sequence: found '68'; expected a multiple of "
             "plan.context = 8"},
        Case{
            "context_over_too_many_heads",
            {"cluster.chips=16", "plan.context=8", "plan.data=1", "plan.context_method=all_to_all"},
            "--set plan.context=8:1:14: plan.context: found '8'; expected a divisor of the 4 "
            "attention heads of a tensor rank where plan.context_method is all_to_all"},
        Case{"context_placed_nowhere",
             {"plan.context=2", "plan.data=2", "plan.placement=[tensor, data, pipeline]"},
             "--set plan.placement=[tensor, data, pipeline]:1:16: plan.placement: found a list; "
             "expected each of tensor, context, data and pipeline once, innermost first"},
        Case{"context_method",
             {"plan.context_method=rings"},
             "--set plan.context_method=rings:1:21: plan.context_method: found 'rings'; expected "
             "one of ring, all_gather, all_to_all; did you mean 'ring'?"},
        Case{"optimizer",
             {"plan.optimizer=adamax"},
             "--set plan.optimizer=adamax:1:16: plan.optimizer: found 'adamax'; expected one of "
             "adam, adamw, sgd, muon; did you mean 'adam'?"},
        Case{"optimizer_state",
             {"plan.optimizer_state=fp8"},
             "--set plan.optimizer_state=fp8:1:22: plan.optimizer_state: found 'fp8'; expected one "
             "of fp32, bf16, int8"},
        Case{"recompute_layers_alone",
             {"plan.recompute_layers=2"},
             "--set plan.recompute_layers=2:1:23: plan.recompute_layers: found '2'; expected 0 "
             "beside recompute 'none'"},
        Case{"shard_group_without_sharding",
             {"plan.shard_group=1"},
             "--set plan.shard_group=1:1:18: plan.shard_group: found '1'; expected 0 beside "
             "sharding 'none'"},
        Case{"shard_group_that_does_not_divide",
             {"plan.sharding=zero3", "plan.shard_group=3"},
             "--set plan.shard_group=3:1:18: plan.shard_group: found '3'; expected a divisor of "
             "data 4"},
        Case{"offload_without_host",
             {"plan.offload=optimizer"},
             "--set plan.offload=optimizer:1:14: plan.offload: found 'optimizer'; expected none: "
             "cluster 'box' lacks host.memory_bandwidth, host.link or host.optimizer_rate"},
        Case{"offload_of_muon",
             {"cluster.host.memory_bandwidth=50 GB/s", "cluster.host.link=25 GB/s",
              "cluster.host.optimizer_rate=1e9", "plan.optimizer=muon", "plan.offload=optimizer"},
             "--set plan.offload=optimizer:1:14: plan.offload: found 'optimizer'; expected none "
             "beside optimizer muon, whose products the host does not do"},
        Case{"expert",
             {"plan.expert=2"},
             "--set plan.expert=2:1:13: plan.expert: found '2'; expected 1: the model has no "
             "experts"},
        Case{"format_of_chip",
             {"plan.format=int8"},
             "--set plan.format=int8:1:13: plan.format: found 'int8'; expected a format of the "
             "chip's matrix engines: "
             "one of bf16, fp16, fp8_e4m3"},
        Case{"format_not_modelled",
             {"chip.matrix_engines.rate.fp8_e5m2=2", "plan.format=fp8_e5m2"},
             "--set plan.format=fp8_e5m2:1:13: plan.format: found 'fp8_e5m2'; expected bf16, fp16, "
             "fp8_e4m3, mxfp8_e4m3 or nvfp4: a step in another format is not modelled yet"},
        Case{"format_unknown",
             {"plan.format=bf61"},
             "--set plan.format=bf61:1:13: plan.format: found 'bf61'; expected one of fp32, tf32, "
             "bf16, fp16, fp8_e4m3, "
             "fp8_e5m2, fp6_e3m2, "
             "fp6_e2m3, fp4_e2m1, int8, int4, mxfp8_e4m3, mxfp8_e5m2, mxfp6_e3m2, mxfp6_e2m3, "
             "mxfp4, mxint8, nvfp4"},
        Case{
            "placement",
            {"plan.placement=[tensor, data]"},
            "--set plan.placement=[tensor, data]:1:16: plan.placement: found a list; expected each "
            "of tensor, context, data and pipeline once, innermost first"},
        Case{"placement_twice",
             {"plan.placement=[tensor, tensor, data]"},
             "--set plan.placement=[tensor, tensor, data]:1:16: plan.placement: found a list; "
             "expected each of tensor, context, data and pipeline once, innermost first"},
        Case{"sharding",
             {"plan.sharding=zero4"},
             "--set plan.sharding=zero4:1:15: plan.sharding: found 'zero4'; expected one of none, "
             "zero1, zero2, zero3; "
             "did you mean 'zero1'?"},
        Case{"fidelity_golden",
             {"fidelity.matrix_engine=golden"},
             "--set fidelity.matrix_engine=golden:1:24: fidelity.matrix_engine: found 'golden'; "
             "expected one of "
             "analytic, cycle, rtl"},
        Case{"fidelity_rtl_of_hbm",
             {"fidelity.hbm=rtl"},
             "--set fidelity.hbm=rtl:1:14: fidelity.hbm: found 'rtl'; expected one of analytic, "
             "cycle"},
        Case{"fidelity_of_unknown_block",
             {"fidelity.hbn=cycle"},
             "--set fidelity.hbn=cycle:1:10: fidelity.hbn: found the unknown key 'hbn'; expected "
             "one of matrix_engine, "
             "vector_unit, hbm, link; did you mean 'hbm'?"},
        Case{"node_size",
             {"cluster.chips=6", "plan.data=3", "plan.global_batch=3"},
             "--set cluster.chips=6:1:15: cluster.chips: found '6'; expected at most 4 chips, or a "
             "multiple of the node "
             "size 4"},
        Case{"max_chips",
             {"cluster.chips=128"},
             "--set cluster.chips=128:1:15: cluster.chips: found '128'; expected at most 64, the "
             "largest box"},
        Case{"no_chips",
             {"cluster.chips=0"},
             "--set cluster.chips=0:1:15: cluster.chips: found '0'; expected a whole number from 1 "
             "to 10000000"},
        Case{"shape_of_nodes",
             {"cluster.shape=[2, 4]"},
             "--set cluster.shape=[2, 4]:1:15: cluster.shape: found a list; expected no such key: "
             "the cluster is made "
             "of nodes"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(WrongExperimentFile, IsRefused) {
  EXPECT_EQ(load_message({}, "- a\n"),
            "E.yaml:1:1: document: found a list; expected an experiment: a mapping with model, "
            "cluster and plan");
  EXPECT_EQ(load_message({}, "plan: {global_batch: 1, sequence: 1}\n"),
            "E.yaml:1:1: model: found nothing; expected text");
  EXPECT_EQ(
      load_message({}, "model: tiny\n"), "E.yaml:1:1: cluster.type: found nothing; expected text");
  EXPECT_EQ(
      load_message(
          {}, "model: tiny\ncluster: {type: box, chip: toy-a, chips: 8}\nplan: {data: 8}\n"),
      "E.yaml:3:7: plan.global_batch: found nothing; expected a whole number from 1 to 1000000000");
  EXPECT_EQ(load_message({}, std::string(text) + "  tensor: 4\n"),
            "E.yaml:8:3: plan.tensor: found a second key 'tensor' (the first is in line 5); "
            "expected each key once");
  EXPECT_EQ(
      load_message({}, ""), "E.yaml:1:1: document: found an empty document; expected YAML or JSON");
}

TEST(WrongExperimentFile, HiddenAndFeedForwardMustDivide) {
  const TemporaryFolder folder;
  const std::string model =
      R"({"model_type": "llama", "num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 16,
          "num_key_value_heads": 16, "intermediate_size": 100, "vocab_size": 10, "max_position_embeddings": 64})";
  folder.write("odd/config.json", model);
  const auto file = folder.write(
      "E.yaml", replaced(replaced(text, "tiny", "./odd"), "tensor: 2", "tensor: 8"));
  EXPECT_EQ(
      replaced(message_of([&] {
                 static_cast<void>(load_experiment(file, toy_paths(), {"plan.data=1"}));
               }),
               file.string(), "E.yaml"),
      "E.yaml:5:11: plan.tensor: found '8'; expected a divisor of the model's 100 feed-forward "
      "features");
}

}  // namespace
}  // namespace headroom::config
