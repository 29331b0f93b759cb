// The result document, schema headroom.result/1: the numbers that every table, trace and plot
// shows. Units are in the names; std::nullopt becomes null in JSON and its path stands under
// "not_modelled".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/config/experiment.h"
#include "sim/report/chip_work.h"

namespace headroom {

using Maybe = std::optional<double>;

// A partition of step.time_s by cause (design.md section 6); the parts that are present sum to the
// step.
struct TimeBreakdown {
  double ideal_s = 0;  // model FLOPs at the nameplate peak
  Maybe clock_s;       // clock below (above: negative) the nameplate's
  double shape_s = 0;  // fill, drain, padding and idle engines
  Maybe on_chip_stall_s;
  double memory_stall_s = 0;
  double vector_s = 0;
  double recompute_s = 0;
  double exposed_tensor_s = 0, exposed_pipeline_s = 0, exposed_data_s = 0;
  Maybe exposed_expert_s, exposed_context_s;
  double bubble_s = 0;
  double optimizer_s = 0;
  Maybe host_s;
  Maybe straggler_s;
};

struct WaterfallStep {
  std::string name;            // "nameplate peak", a cause, "achieved"
  double tflops_per_chip = 0;  // level that remains after this step
  double lost_to = 0;          // TFLOP/s per chip lost in this step
};

struct MemoryUse {
  double capacity_bytes = 0, peak_bytes = 0, weights_bytes = 0, gradients_bytes = 0,
         optimizer_bytes = 0, activations_bytes = 0;
};

// What was simulated, for the reader of a result: names and counts out of the experiment.
struct Setup {
  std::string model, chip, cluster;
  std::int64_t chips = 0;
  Plan plan;
};

struct Result {
  std::string experiment, version, config_digest;
  struct {
    std::string matrix_engine, vector_unit, hbm, link;
  } fidelity;
  struct {
    double time_s = 0, tokens = 0, model_flops = 0, hardware_flops = 0;
  } step;
  struct {
    double tokens_per_s = 0, tokens_per_s_per_chip = 0, model_tflops_per_chip = 0, mfu = 0,
           mfu_bf16 = 0, hfu = 0;
    Maybe goodput;
  } throughput;
  std::vector<WaterfallStep> waterfall;
  TimeBreakdown time;
  struct {
    double communication_s = 0, vector_s = 0;
  } overlapped;
  MemoryUse memory;
  struct {
    Maybe chip_w;
    double cap_w = 0;
    double clock_nameplate_hz = 0, clock_matrix_hz = 0;
    Maybe clock_average_hz;
    Maybe energy_per_token_j;
    Maybe matrix_w, vector_w, sram_w, network_on_chip_w, hbm_w, links_w, leakage_w, fixed_w;
  } power;
  // What a chip did in the step, the mean of all stages, and of the stage whose chips did most in
  // products. Not in the document.
  ChipWork work, busiest;
  struct {
    Maybe area_mm2, yield, cost_usd;
  } die;
  // Of a chip with its share of host, network and building; the buyer pays the chip's list price,
  // the maker what it costs.
  struct {
    Maybe usd_per_million_tokens, usd_per_million_tokens_maker;
    Maybe energy_per_token_j;  // hosts and building included
    Maybe list_price_usd, chip_cost_usd, system_usd;
  } cost;
  std::vector<std::string> not_modelled;  // JSON paths that are null, and effects left out, each
                                          // with a reason
  std::vector<std::string> assumed;       // what the run assumed where the input is silent
  std::string bound_by;                   // the largest cause of lost time
  Setup setup;
  struct {
    double wall_s = 0;
    std::uint64_t events = 0;
    double peak_rss_bytes = 0;
  } simulation;
};

// One interval of the trace: which chip role, which stream, what, when.
struct TraceSpan {
  std::string role;      // "stage 0", "chip of stage 0" …
  std::string stream;    // "compute", "communication" …
  std::string name;      // "layer 3 attention scores forward"
  std::string category;  // the cause or kind, "matrix", "vector", "data", "bubble" …
  double start_s = 0, duration_s = 0;
  ChipWork work = {};  // of a kernel
};

// The value of a quantity from `time_s` on, until the next one.
struct TraceCounter {
  std::string role, name;  // "chip of stage 0"; "power, W"
  double time_s = 0, value = 0;
};

struct Trace {
  std::vector<TraceSpan> spans;
  std::vector<TraceCounter> counters = {};
};

}  // namespace headroom
