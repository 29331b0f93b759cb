// Where the time of a piece of work on one chip went: one cause for each instant, in seconds.
#pragma once

#include <array>
#include <cstddef>

namespace headroom {

// A trace has a span per operation, stage and micro-batch: without it a step of many micro-batches
// takes a fraction of the memory and half of the time.
enum class Tracing { on, off };

enum class StepCause : std::size_t {
  ideal,      // model FLOPs at the nameplate peak
  clock,      // clock below the nameplate's
  shape,      // fill, drain, padding, idle engines
  on_chip,    // engines waiting for operands from registers and scratchpad
  memory,     // waiting for HBM
  vector,     // vector units busy, matrix engines idle
  recompute,  // anything that repeats forward work
  tensor,     // exposed communication of the tensor group
  pipeline,   // waiting for a message on its way from another stage
  data,       // exposed communication of the data group
  context,    // exposed communication of chips that share a sequence
  bubble,     // waiting for another stage to do its work
  optimizer,
  host,  // between kernels
};
inline constexpr std::size_t cause_count = 14;

// A partition of a duration.
class Times {
 public:
  double& operator[](StepCause cause) { return seconds_[static_cast<std::size_t>(cause)]; }
  double operator[](StepCause cause) const { return seconds_[static_cast<std::size_t>(cause)]; }

  [[nodiscard]] double total() const;
  // Adds `factor` times another partition.
  void add(const Times& other, double factor = 1);
  [[nodiscard]] Times since(const Times& earlier) const;
  // Whether every part agrees within `tolerance` of the larger total.
  [[nodiscard]] bool close_to(const Times& other, double tolerance) const;

 private:
  std::array<double, cause_count> seconds_{};
};

}  // namespace headroom
