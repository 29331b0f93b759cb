// The pins of a Verilated matrix engine, without Verilator's headers: those and SystemC's do not
// mix.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/matrix_engine/lane_packing.h"

namespace headroom::matrix_engine {

// Depth of the accumulator bank in every variant.
inline constexpr int rtl_accumulator_rows = 1024;

class RtlPins {
 public:
  // What is fixed when a variant is built.
  struct Variant {
    Datapath datapath;
    int rows, columns, dot_length;

    [[nodiscard]] bool operator==(const Variant& other) const {
      return datapath == other.datapath && rows == other.rows && columns == other.columns &&
             dot_length == other.dot_length;
    }
  };
  // What is chosen at run time.
  struct Configuration {
    Format format;
    bool saturate;
    int align_bits;
    bool output_stationary, double_buffered;
  };
  // What the neighbours drive in a cycle. Data (PackedBeat::words) is read only where its valid is
  // high.
  struct Inputs {
    bool weight_valid = false;
    const std::uint32_t* weights = nullptr;  // columns lanes
    bool activation_valid = false;
    const std::uint32_t* activations = nullptr;  // rows lanes
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

  virtual void reset(const Configuration& configuration) = 0;
  // The outputs of this cycle for these inputs, before its clock edge.
  virtual Outputs settle(const Inputs& inputs) = 0;
  // The output beat after settle(): columns elements.
  virtual void read_output(std::uint32_t* sums) const = 0;
  virtual void clock() = 0;

  // Which variants were built (rtl/matrix_engine/CMakeLists.txt decides).
  [[nodiscard]] static const std::vector<Variant>& built();
  // All of them as text: "half 4x4, 8x8, 4x4 with dot length 4; single 4x4".
  [[nodiscard]] static std::string built_text();
  // Registers start with random contents drawn from the seed. Null for a variant that was not
  // built.
  [[nodiscard]] static std::unique_ptr<RtlPins> make(const Variant& variant, std::uint64_t seed);
};

[[nodiscard]] std::string to_string(const RtlPins::Variant& variant);  // without the datapath

}  // namespace headroom::matrix_engine
