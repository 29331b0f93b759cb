// The pins of a Verilated matrix engine, without Verilator's headers: those and SystemC's do not
// mix.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace headroom::matrix_engine {

// Depth of the accumulator bank in every variant.
inline constexpr int rtl_accumulator_rows = 1024;

class RtlPins {
 public:
  struct Geometry {
    int rows, columns;
  };
  // What the neighbours drive in a cycle. Data is read only where its valid is high.
  struct Inputs {
    bool weight_valid = false;
    const std::uint16_t* weights = nullptr;  // columns elements
    bool activation_valid = false;
    const std::uint16_t* activations = nullptr;  // rows elements
    bool first = false, last = false, end = false;
    bool output_ready = false;
  };
  struct Outputs {
    bool weight_ready, activation_ready, output_valid;
  };

  RtlPins() = default;
  RtlPins(const RtlPins&) = delete;
  RtlPins& operator=(const RtlPins&) = delete;
  virtual ~RtlPins() = default;

  virtual void reset(bool integer, bool double_buffered) = 0;
  // The outputs of this cycle for these inputs, before its clock edge.
  virtual Outputs settle(const Inputs& inputs) = 0;
  // The output beat after settle(): columns elements.
  virtual void read_output(std::uint32_t* sums) const = 0;
  virtual void clock() = 0;

  // Which variants were built.
  [[nodiscard]] static const std::vector<Geometry>& built();
  // Registers start with random contents drawn from the seed. Null for a geometry that was not
  // built.
  [[nodiscard]] static std::unique_ptr<RtlPins> make(const Geometry& geometry, std::uint64_t seed);
};

}  // namespace headroom::matrix_engine
