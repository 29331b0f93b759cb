// The only file of this block that includes Verilated headers; it never includes SystemC.
#include "models/matrix_engine/rtl_pins.h"

#include <verilated.h>

#include <cstring>

#include "matrix_engine_models.h"
#ifdef HEADROOM_RTL_COVERAGE
#include "models/matrix_engine/rtl_coverage.h"
#endif

namespace headroom::matrix_engine {
namespace {

// Verilator keeps wide ports as words, least significant first: on a little-endian host, the words
// of a PackedBeat.
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "port packing needs a little-endian host");

template <typename Model, int Rows, int Columns, int LaneWidth>
class Pins : public RtlPins {
 public:
  explicit Pins(std::uint64_t seed) {
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed & 0x3FFFFFFF) + 1);  // 0 would mean the time of day
    model_ = std::make_unique<Model>(&context_, "matrix_engine");
  }
  ~Pins() override { model_->final(); }

  void reset(const Configuration& configuration) override {
    model_->clk_i = 0;
    model_->format_i = static_cast<CData>(configuration.format);
    model_->saturate_i = configuration.saturate;
    model_->align_bits_i = static_cast<CData>(configuration.align_bits);
    model_->output_stationary_i = configuration.output_stationary;
    model_->double_buffered_i = configuration.double_buffered;
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
    static_assert(sizeof model_->weight_data_i >= (Columns * LaneWidth + 7) / 8);
    static_assert(sizeof model_->activation_data_i >= (Rows * LaneWidth + 7) / 8);
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

#ifdef HEADROOM_RTL_COVERAGE
  void write_coverage(const std::string& file) { context_.coveragep()->write(file); }
#endif

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

struct Entry {
  RtlPins::Variant variant;
  std::unique_ptr<RtlPins> (*make)(std::uint64_t seed);
};

template <typename Model, int Datapath_, int Rows, int Columns, int DotLength>
std::unique_ptr<RtlPins> make_pins(std::uint64_t seed) {
  constexpr int lane_width = lane_layout(static_cast<Datapath>(Datapath_)).lane_width(DotLength);
  using ModelPins = Pins<Model, Rows, Columns, lane_width>;
#ifdef HEADROOM_RTL_COVERAGE
  static Covered<ModelPins> all_cases(seed, Datapath_, Rows, DotLength);
  return std::make_unique<BorrowedPins>(all_cases);
#else
  return std::make_unique<ModelPins>(seed);
#endif
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{
#define HEADROOM_VARIANT(model, datapath, rows, columns, dot_length) \
  {{static_cast<Datapath>(datapath), rows, columns, dot_length},     \
   make_pins<model, datapath, rows, columns, dot_length>},
#include "matrix_engine_variants.inc"
#undef HEADROOM_VARIANT
  };
  return all;
}

}  // namespace

const std::vector<RtlPins::Variant>& RtlPins::built() {
  static const std::vector<Variant> variants = [] {
    std::vector<Variant> list;
    for (const Entry& entry : entries()) list.push_back(entry.variant);
    return list;
  }();
  return variants;
}

std::string RtlPins::built_text() {
  std::string text;
  for (const std::string_view name : datapath_names) {
    std::string of_datapath;
    for (const Variant& variant : built())
      if (headroom::matrix_engine::to_string(variant.datapath) == name)
        of_datapath += (of_datapath.empty() ? " " : ", ") +
                       headroom::matrix_engine::to_string(variant);
    if (!of_datapath.empty()) text += (text.empty() ? "" : "; ") + std::string(name) + of_datapath;
  }
  return text;
}

std::string to_string(const RtlPins::Variant& variant) {
  std::string text = std::to_string(variant.rows) + "x" + std::to_string(variant.columns);
  if (variant.dot_length != 1) text += " with dot length " + std::to_string(variant.dot_length);
  return text;
}

std::unique_ptr<RtlPins> RtlPins::make(const Variant& variant, std::uint64_t seed) {
  for (const Entry& entry : entries())
    if (entry.variant == variant) return entry.make(seed);
  return nullptr;
}

}  // namespace headroom::matrix_engine
