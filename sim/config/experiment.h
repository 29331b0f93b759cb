// An experiment as plain data: what `headroom run` is asked to simulate.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/fidelity.h"
#include "models/chip/description.h"
#include "models/numerics/format.h"
#include "models/technology/cost.h"
#include "models/technology/die_area.h"
#include "sim/config/error.h"
#include "sim/workload/graph.h"
#include "sim/workload/model.h"
#include "sim/workload/stack.h"

namespace headroom {

enum class Sharding { none, zero1, zero2, zero3 };
enum class Recompute { none, selective, full };

inline constexpr std::array<std::string_view, 4> sharding_names{"none", "zero1", "zero2", "zero3"};
inline constexpr std::array<std::string_view, 3> recompute_names{"none", "selective", "full"};

[[nodiscard]] constexpr std::string_view to_string(Sharding sharding) {
  return sharding_names[static_cast<std::size_t>(sharding)];
}
[[nodiscard]] constexpr std::string_view to_string(Recompute recompute) {
  return recompute_names[static_cast<std::size_t>(recompute)];
}

// In which order a pipeline's stages work on their micro-batches (sim/mapping/schedule.h).
enum class Schedule { one_forward_one_backward, interleaved, zb_h1, dualpipe };
inline constexpr std::array<std::string_view, 4> schedule_names{
    "1f1b", "interleaved", "zb_h1", "dualpipe"};

[[nodiscard]] constexpr std::string_view to_string(Schedule schedule) {
  return schedule_names[static_cast<std::size_t>(schedule)];
}

// How chips that share a sequence get at one another's keys and values (docs/plans.md).
enum class ContextMethod { ring, all_gather, all_to_all };
inline constexpr std::array<std::string_view, 3> context_method_names{
    "ring", "all_gather", "all_to_all"};

[[nodiscard]] constexpr std::string_view to_string(ContextMethod method) {
  return context_method_names[static_cast<std::size_t>(method)];
}

// What updates the weights, and what it keeps of each beside an fp32 master weight.
enum class Optimizer { adam, adamw, sgd, muon };
inline constexpr std::array<std::string_view, 4> optimizer_names{"adam", "adamw", "sgd", "muon"};
enum class OptimizerState { fp32, bf16, int8 };
inline constexpr std::array<std::string_view, 3> optimizer_state_names{"fp32", "bf16", "int8"};

[[nodiscard]] constexpr std::string_view to_string(Optimizer optimizer) {
  return optimizer_names[static_cast<std::size_t>(optimizer)];
}
[[nodiscard]] constexpr std::string_view to_string(OptimizerState state) {
  return optimizer_state_names[static_cast<std::size_t>(state)];
}

// What the host keeps and updates instead of the chip.
enum class Offload { none, optimizer };
inline constexpr std::array<std::string_view, 2> offload_names{"none", "optimizer"};

[[nodiscard]] constexpr std::string_view to_string(Offload offload) {
  return offload_names[static_cast<std::size_t>(offload)];
}

// Dimensions of a plan whose groups are placed on the chips.
enum class PlanDimension { tensor, context, data, pipeline };
inline constexpr std::array<std::string_view, 4> plan_dimension_names{
    "tensor", "context", "data", "pipeline"};

struct Plan {
  std::int64_t data = 1;
  std::int64_t tensor = 1;
  std::int64_t pipeline = 1;
  std::int64_t virtual_pipeline = 1;  // model chunks per pipeline rank (interleaved 1F1B)
  Schedule schedule = Schedule::one_forward_one_backward;
  std::int64_t context = 1;  // chips that share each sequence
  ContextMethod context_method = ContextMethod::ring;
  std::int64_t expert = 1;         // chips that share the routed experts
  std::int64_t expert_tensor = 0;  // chips that share each expert's matrices (GraphShape)
  double expert_skew = 1;          // tokens of the busiest expert rank over the mean
  Sharding sharding = Sharding::none;
  std::int64_t shard_group = 0;   // replicas that share it, each group a copy; 0: all of them
  std::int64_t micro_batch = 1;   // sequences
  std::int64_t global_batch = 1;  // sequences
  std::int64_t sequence = 0;      // tokens
  Recompute recompute = Recompute::none;
  // What `selective` computes again; empty: results that are cheap, norms and activations.
  std::vector<LayerPart> recompute_parts;
  std::int64_t recompute_layers = 0;  // first ones of each chunk of a stage; 0: all of them
  Format format = Format::bf16;
  Optimizer optimizer = Optimizer::adam;
  OptimizerState optimizer_state = OptimizerState::fp32;  // of moments
  Offload offload = Offload::none;
  // Innermost first: its ranks are consecutive chips.
  std::vector<PlanDimension> placement{
      PlanDimension::tensor, PlanDimension::context, PlanDimension::data, PlanDimension::pipeline};

  [[nodiscard]] std::int64_t size(PlanDimension dimension) const {
    switch (dimension) {
      case PlanDimension::tensor: return tensor;
      case PlanDimension::context: return context;
      case PlanDimension::data: return data;
      case PlanDimension::pipeline: break;
    }
    return pipeline;
  }
  // Chips from one rank of the dimension to the next.
  [[nodiscard]] std::int64_t stride(PlanDimension dimension) const {
    std::int64_t stride = 1;
    for (const PlanDimension inner : placement) {
      if (inner == dimension) break;
      stride *= size(inner);
    }
    return stride;
  }
  // Chips that have the same dense parameters and sum their gradients: over what the sharding
  // divides too.
  [[nodiscard]] std::int64_t replicas() const { return data * context; }
  // Those of them that share one copy of what the sharding divides.
  [[nodiscard]] std::int64_t sharers() const { return shard_group > 0 ? shard_group : replicas(); }
  // Chips from one of them to the nearest other one.
  [[nodiscard]] std::int64_t replica_stride() const {
    if (context == 1) return stride(PlanDimension::data);
    if (data == 1) return stride(PlanDimension::context);
    return std::min(stride(PlanDimension::data), stride(PlanDimension::context));
  }
  // Whether they are evenly spaced.
  [[nodiscard]] bool replicas_are_neighbours() const {
    const std::int64_t by_data = stride(PlanDimension::data),
                       by_context = stride(PlanDimension::context);
    return data == 1 || context == 1 || by_context * context == by_data ||
           by_data * data == by_context;
  }
  [[nodiscard]] std::int64_t micro_batches() const { return global_batch / (data * micro_batch); }
  // Whether the layer of this index in its chunk, counted from 0, is one of those.
  [[nodiscard]] bool recomputes_layer(std::int64_t index) const {
    return recompute != Recompute::none && (recompute_layers == 0 || index < recompute_layers);
  }
  // Whether the backward pass of such a layer does this operator again before its own.
  [[nodiscard]] bool recomputes(const Operator& op) const {
    if (recompute != Recompute::selective) return recompute == Recompute::full;
    return recompute_parts.empty() ? op.cheap_bytes > 0 : op.belongs_to(recompute_parts);
  }
  // Of an operator that it does again, the outputs that it computes: fewer than all only of
  // products that stand for several.
  [[nodiscard]] std::int64_t outputs_again(const Operator& op) const {
    if (recompute != Recompute::selective || recompute_parts.empty()) return op.outputs;
    std::vector<LayerPart> whole = recompute_parts;
    whole.erase(
        std::remove(whole.begin(), whole.end(), LayerPart::alternate_products), whole.end());
    return op.belongs_to(whole) ? op.outputs : op.alternate_outputs;
  }
};

// "full", "selective", "selective (experts, norm)".
[[nodiscard]] inline std::string recompute_words(const Plan& plan) {
  std::string parts;
  for (const LayerPart part : plan.recompute_parts)
    parts += (parts.empty() ? " (" : ", ") + std::string(to_string(part));
  std::string words = std::string(to_string(plan.recompute)) + (parts.empty() ? "" : parts + ")");
  if (plan.recompute_layers > 0)
    words += " of " + std::to_string(plan.recompute_layers) + " layers a chunk";
  return words;
}

// What a long run loses beside its steps; the defaults lose nothing.
struct Reliability {
  Seconds chip_mtbf;  // between failures that stop the run, per chip; 0: none
  Seconds restart;    // detection, replacement and start, without reading the checkpoint
  BytesPerSecond checkpoint_bandwidth{1e12};  // of the whole cluster
  Seconds checkpoint_interval;                // of work; 0: the best one
  double step_spread = 0;  // standard deviation of single chips' step times over their mean
};

// Which clock a step runs at.
enum class ClockChoice {
  usual,     // measured, unless a cap below the chip's own binds
  measured,  // clock.sustained_matmul of the chip, held in large products at its own cap
  governed,  // the highest at which the step's power keeps the cap
};
inline constexpr std::array<std::string_view, 3> clock_choice_names{
    "usual", "measured", "governed"};

// What a step's chips may draw. Caps of 0 are none.
struct PowerUse {
  ClockChoice clock = ClockChoice::usual;
  std::string data = "normal";  // that products multiply (data_names())
  Watts chip_cap, node_cap, rack_cap, site_cap;
  Watts node_overhead;          // host, network adapters and fans of a node
  std::int64_t rack_chips = 0;  // chips of a rack
  double pue = 1;               // power usage effectiveness: of the site over its computers, >= 1

  // What binds a chip, out of the caps above and the chip's own.
  Watts cap;
  std::string cap_of = "chip";  // "chip", "node", "rack", "site"
  Position cap_at;              // where it is written

  [[nodiscard]] Watts overhead_per_chip(std::int64_t node_size) const {
    return node_size > 0 ? node_overhead / static_cast<double>(node_size) : Watts(0);
  }
};

// The fidelity of each block of the chip.
struct FidelityChoice {
  Fidelity matrix_engine = Fidelity::cycle;
  Fidelity vector_unit = Fidelity::cycle;
  Fidelity hbm = Fidelity::cycle;
  Fidelity link = Fidelity::cycle;
};

// The dies in the chip's package (docs/die.md).
struct DieUse {
  std::string design;  // file in configs/dies; "": not published
  SquareMetres area;   // of one die, where the chip is derived from an area; 0: as its file has it
  int dies = 1;        // of that area in the package
  double sram_share = 0;     // of the area for shared memory; 0: as in the design
  bool wafer_scale = false;  // one die of a whole wafer, without HBM and links

  // Of a derived chip: what one die holds, its area over what the constants of area give, and the
  // memory of the chip that it is derived from.
  technology::DieCounts counts;
  double scale = 1;
  int base_stacks = 0;
  Bytes base_capacity;

  [[nodiscard]] bool derived() const { return area > SquareMetres(0); }
};

// What a token's cost depends on beside the run.
struct CostUse {
  technology::Prices prices;
  Dollars list_price;  // of the chip; 0: none is published
};

struct Experiment {
  std::string name;
  ModelDescription model;
  ChipDescription chip;
  ClusterDescription cluster;
  Plan plan;
  Stack stack;
  Reliability reliability;
  PowerUse power;
  FidelityChoice fidelity;
  DieUse die;
  CostUse cost;
  bool allow_misfit = false;          // simulate even if the chip's HBM is too small
  std::string digest;                 // of every value that the outcome depends on
  std::vector<std::string> warnings;  // legal, but probably not meant
  std::vector<std::string> assumed;   // what stands for keys that the input leaves out

  // A time of the host's thread that the stack states, on the cluster's host.
  [[nodiscard]] Seconds on_host(Seconds time) const { return time * cluster.host_time; }

  // Where things are written, for mistakes that only later parts can see.
  Position plan_at, matrix_engine_at;
};

}  // namespace headroom
