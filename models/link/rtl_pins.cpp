// The only file of this block that includes Verilated headers; it never includes SystemC.
#include "models/link/rtl_pins.h"

#include <verilated.h>

#include <cstdlib>
#include <cstring>

#include "link_models.h"

namespace headroom::link {
namespace {

// Verilator keeps wide ports as words, least significant first: on a little-endian host, the words
// of a flit.
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "port packing needs a little-endian host");

template <typename Model>
class Pins final : public RtlPins {
 public:
  explicit Pins(std::uint64_t seed) {
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed & 0x3FFFFFFF) + 1);  // 0 would mean the time of day
    model_ = std::make_unique<Model>(&context_, "link");
  }
  ~Pins() override {
    model_->final();
#ifdef HEADROOM_RTL_COVERAGE
    static int number = 0;
    if (const char* folder = std::getenv("HEADROOM_RTL_COVERAGE_DIR"))
      context_.coveragep()->write(
          std::string(folder) + "/link_" + std::to_string(sizeof model_->in_data_i) + "_" +
          std::to_string(number++) + ".dat");
#endif
  }

  void reset(const Parameters& parameters) override {
    model_->clk_i = 0;
    model_->max_payload_i = static_cast<CData>(parameters.max_payload);
    model_->replay_packets_i = static_cast<CData>(parameters.replay_packets);
    model_->credit_flits_i = static_cast<SData>(parameters.buffer_flits);
    model_->timeout_i = static_cast<SData>(parameters.timeout);
    model_->spacing_i = static_cast<SData>(parameters.control_spacing);
    model_->refresh_i = static_cast<SData>(parameters.control_refresh);
    model_->forward_delay_i = static_cast<CData>(parameters.forward_delay);
    model_->backward_delay_i = static_cast<CData>(parameters.backward_delay);
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
    model_->in_valid_i = inputs.in_valid;
    model_->in_last_i = inputs.in_last;
    if (inputs.in_valid) std::memcpy(&model_->in_data_i, inputs.in_data, sizeof model_->in_data_i);
    model_->out_ready_i = inputs.out_ready;
    model_->sync_errors_i = inputs.forward.sync;
    std::memcpy(&model_->data_errors_i, inputs.forward.data.data(), sizeof model_->data_errors_i);
    model_->control_sync_errors_i = inputs.backward.sync;
    model_->control_data_errors_i = inputs.backward.data[0];
    model_->eval();
    return {model_->in_ready_o != 0, model_->out_valid_o != 0, model_->out_last_o != 0};
  }

  void read_output(std::uint64_t* words) const override {
    std::memcpy(words, &model_->out_data_o, sizeof model_->out_data_o);
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

struct Entry {
  RtlPins::Variant variant;
  std::unique_ptr<RtlPins> (*make)(std::uint64_t seed);
};

template <typename Model>
std::unique_ptr<RtlPins> make_pins(std::uint64_t seed) {
  return std::make_unique<Pins<Model>>(seed);
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{
#define HEADROOM_VARIANT(model, flit_bits, max_payload, replay_packets, buffer_flits) \
  {{flit_bits, max_payload, replay_packets, buffer_flits}, make_pins<model>},
#include "link_variants.inc"
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

std::unique_ptr<RtlPins> RtlPins::make(int flit_bits, std::uint64_t seed) {
  for (const Entry& entry : entries())
    if (entry.variant.flit_bits == flit_bits) return entry.make(seed);
  return nullptr;
}

}  // namespace headroom::link
