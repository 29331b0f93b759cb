// The only file of this block that includes Verilated headers; it never includes SystemC.
#include "models/matrix_engine/rtl_pins.h"

#include <verilated.h>

#include <cstring>

#include "Vmatrix_engine_16x16.h"
#include "Vmatrix_engine_4x4.h"
#include "Vmatrix_engine_8x8.h"

namespace headroom::matrix_engine {
namespace {

// Verilator keeps wide ports as words, least significant first: on a little-endian host, an array
// of our elements.
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "port packing needs a little-endian host");

template <typename Model, std::size_t Rows, std::size_t Columns>
class Pins final : public RtlPins {
 public:
  explicit Pins(std::uint64_t seed) {
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed & 0x3FFFFFFF) + 1);  // 0 would mean the time of day
    model_ = std::make_unique<Model>(&context_, "matrix_engine");
  }
  ~Pins() override { model_->final(); }

  void reset(bool integer, bool double_buffered) override {
    model_->clk_i = 0;
    model_->integer_i = integer;
    model_->double_buffered_i = double_buffered;
    model_->rst_ni = 1;
    settle({});
    model_->rst_ni = 0;
    for (int cycle = 0; cycle < 2; ++cycle) {
      settle({});
      clock();
    }
    model_->rst_ni = 1;
  }

  Outputs settle(const Inputs& inputs) override {
    static_assert(sizeof model_->weight_data_i == Columns * sizeof(std::uint16_t));
    static_assert(sizeof model_->activation_data_i == Rows * sizeof(std::uint16_t));
    model_->weight_valid_i = inputs.weight_valid;
    if (inputs.weight_valid)
      std::memcpy(&model_->weight_data_i, inputs.weights, sizeof model_->weight_data_i);
    model_->activation_valid_i = inputs.activation_valid;
    if (inputs.activation_valid)
      std::memcpy(&model_->activation_data_i, inputs.activations, sizeof model_->activation_data_i);
    model_->activation_first_i = inputs.first;
    model_->activation_last_i = inputs.last;
    model_->activation_end_i = inputs.end;
    model_->output_ready_i = inputs.output_ready;
    model_->eval();
    return {
        model_->weight_ready_o != 0, model_->activation_ready_o != 0, model_->output_valid_o != 0};
  }

  void read_output(std::uint32_t* sums) const override {
    static_assert(sizeof model_->output_data_o == Columns * sizeof(std::uint32_t));
    std::memcpy(sums, &model_->output_data_o, sizeof model_->output_data_o);
  }

  void clock() override {
    context_.timeInc(1);
    model_->clk_i = 1;
    model_->eval();
    context_.timeInc(1);
    model_->clk_i = 0;  // seen by the next settle()
  }

 private:
  VerilatedContext context_;
  std::unique_ptr<Model> model_;
};

}  // namespace

// In the order in which messages list them; rtl/matrix_engine/CMakeLists.txt builds the same.
const std::vector<RtlPins::Geometry>& RtlPins::built() {
  static const std::vector<Geometry> geometries{{4, 4}, {8, 8}, {16, 16}};
  return geometries;
}

std::unique_ptr<RtlPins> RtlPins::make(const Geometry& geometry, std::uint64_t seed) {
  if (geometry.rows != geometry.columns) return nullptr;
  switch (geometry.rows) {
    case 4: return std::make_unique<Pins<Vmatrix_engine_4x4, 4, 4>>(seed);
    case 8: return std::make_unique<Pins<Vmatrix_engine_8x8, 8, 8>>(seed);
    case 16: return std::make_unique<Pins<Vmatrix_engine_16x16, 16, 16>>(seed);
    default: return nullptr;
  }
}

}  // namespace headroom::matrix_engine
