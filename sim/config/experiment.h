// An experiment as plain data: what `headroom run` is asked to simulate.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/fidelity.h"
#include "models/chip/description.h"
#include "models/numerics/format.h"
#include "sim/config/error.h"
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

// Dimensions of a plan whose groups are placed on the chips.
enum class PlanDimension { tensor, data, pipeline };
inline constexpr std::array<std::string_view, 3> plan_dimension_names{"tensor", "data", "pipeline"};

struct Plan {
  std::int64_t data = 1;
  std::int64_t tensor = 1;
  std::int64_t pipeline = 1;
  std::int64_t virtual_pipeline = 1;  // model chunks per pipeline rank (interleaved 1F1B)
  Schedule schedule = Schedule::one_forward_one_backward;
  std::int64_t context = 1;
  std::int64_t expert = 1;         // chips that share the routed experts
  std::int64_t expert_tensor = 0;  // chips that share each expert's matrices (GraphShape)
  double expert_skew = 1;          // tokens of the busiest expert rank over the mean
  Sharding sharding = Sharding::none;
  std::int64_t micro_batch = 1;   // sequences
  std::int64_t global_batch = 1;  // sequences
  std::int64_t sequence = 0;      // tokens
  Recompute recompute = Recompute::none;
  Format format = Format::bf16;
  // Innermost first: its ranks are consecutive chips.
  std::vector<PlanDimension> placement{
      PlanDimension::tensor, PlanDimension::data, PlanDimension::pipeline};

  [[nodiscard]] std::int64_t size(PlanDimension dimension) const {
    return dimension == PlanDimension::tensor ? tensor
           : dimension == PlanDimension::data
               ? data
               : pipeline;
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
  [[nodiscard]] std::int64_t micro_batches() const { return global_batch / (data * micro_batch); }
};

// What a long run loses beside its steps; the defaults lose nothing.
struct Reliability {
  Seconds chip_mtbf;  // between failures that stop the run, per chip; 0: none
  Seconds restart;    // detection, replacement and start, without reading the checkpoint
  BytesPerSecond checkpoint_bandwidth{1e12};  // of the whole cluster
  Seconds checkpoint_interval;                // of work; 0: the best one
  double step_spread = 0;  // standard deviation of single chips' step times over their mean
};

// The fidelity of each block of the chip.
struct FidelityChoice {
  Fidelity matrix_engine = Fidelity::cycle;
  Fidelity vector_unit = Fidelity::cycle;
  Fidelity hbm = Fidelity::cycle;
  Fidelity link = Fidelity::cycle;
};

struct Experiment {
  std::string name;
  ModelDescription model;
  ChipDescription chip;
  ClusterDescription cluster;
  Plan plan;
  Stack stack;
  Reliability reliability;
  FidelityChoice fidelity;
  bool allow_misfit = false;          // simulate even if the chip's HBM is too small
  std::string digest;                 // of every value that the outcome depends on
  std::vector<std::string> warnings;  // legal, but probably not meant
  std::vector<std::string> assumed;   // what stands for keys that the input leaves out
  // Where things are written, for mistakes that only later parts can see.
  Position plan_at, matrix_engine_at;
};

}  // namespace headroom
