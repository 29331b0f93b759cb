// The only file of this block that includes Verilated headers; it never includes SystemC.
#include "models/scratchpad/rtl_pins.h"

#include <verilated.h>

#include <cstring>

#include "scratchpad_models.h"

namespace headroom::scratchpad {
namespace {

// Verilator keeps wide ports as words, least significant first: on a little-endian host, bytes.
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "port packing needs a little-endian host");

constexpr unsigned bits_for(std::int64_t values) {
  unsigned bits = 0;
  while ((std::int64_t{1} << bits) < values) ++bits;
  return bits > 0 ? bits : 1;
}

// Sets `width` bits of a port, at bit `at`.
template <typename Pin>
void place(Pin& pin, unsigned at, unsigned width, std::uint64_t value) {
  auto* bytes = reinterpret_cast<unsigned char*>(&pin);
  for (unsigned bit = 0; bit < width; ++bit) {
    const unsigned i = at + bit;
    const auto mask = static_cast<unsigned char>(1U << (i % 8));
    if ((value >> bit & 1) != 0)
      bytes[i / 8] = static_cast<unsigned char>(bytes[i / 8] | mask);
    else
      bytes[i / 8] = static_cast<unsigned char>(bytes[i / 8] & ~mask);
  }
}

template <typename Model, int Ports, int Banks, int DataBits, int WordsPerBank>
class Pins final : public RtlPins {
 public:
  explicit Pins(std::uint64_t seed) {
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed & 0x3FFFFFFF) + 1);  // 0 would mean the time of day
    model_ = std::make_unique<Model>(&context_, "scratchpad");
    std::memset(&model_->request_address_i, 0, sizeof model_->request_address_i);
    std::memset(&model_->request_data_i, 0, sizeof model_->request_data_i);
    std::memset(&model_->request_enable_i, 0, sizeof model_->request_enable_i);
    model_->request_write_i = 0;
  }
  ~Pins() override { model_->final(); }

  void reset(const Parameters& parameters) override {
    parameters_ = parameters;
    model_->clk_i = 0;
    model_->hashed_i = parameters.interleave == Interleave::xor_hashed;
    model_->age_i = parameters.arbitration == Arbitration::age;
    model_->one_read_one_write_i = parameters.one_read_one_write;
    model_->two_cycle_i = parameters.read_latency == 2;
    model_->outstanding_i = static_cast<CData>(parameters.outstanding_reads);
    model_->rst_ni = 1;
    settle(0, 0);
    model_->rst_ni = 0;
    for (int cycle = 0; cycle < 2; ++cycle) {
      settle(0, 0);
      clock();
    }
    model_->rst_ni = 1;
  }

  void drive(std::size_t port, const Request& request) override {
    const auto p = static_cast<unsigned>(port);
    place(model_->request_write_i, p, 1, request.write ? 1 : 0);
    place(model_->request_address_i, p * address_width, address_width,
          static_cast<std::uint64_t>(request.address));
    if (!request.write) return;
    place(model_->request_enable_i, p * bytes, bytes, request.enables);
    const golden::Word word = golden::word(parameters_, request);
    std::memcpy(
        reinterpret_cast<char*>(&model_->request_data_i) + port * bytes, word.data(), bytes);
  }

  Outputs settle(std::uint64_t request_valid, std::uint64_t response_ready) override {
    std::memcpy(&model_->request_valid_i, &request_valid, sizeof model_->request_valid_i);
    std::memcpy(&model_->response_ready_i, &response_ready, sizeof model_->response_ready_i);
    model_->eval();
    return {model_->request_ready_o, model_->response_valid_o};
  }

  [[nodiscard]] golden::Word read_response(std::size_t port) const override {
    golden::Word word(bytes);
    std::memcpy(
        word.data(), reinterpret_cast<const char*>(&model_->response_data_o) + port * bytes, bytes);
    return word;
  }

  void clock() override {
    context_.timeInc(1);
    model_->clk_i = 1;
    model_->eval();
    context_.timeInc(1);
    model_->clk_i = 0;  // seen by the next settle()
  }

 private:
  static constexpr unsigned bytes = DataBits / 8;
  static constexpr unsigned address_width = bits_for(std::int64_t{Banks} * WordsPerBank);

  VerilatedContext context_;
  std::unique_ptr<Model> model_;
  Parameters parameters_;
};

struct Entry {
  RtlPins::Variant variant;
  std::unique_ptr<RtlPins> (*make)(std::uint64_t seed);
};

template <typename Model, int Ports, int Banks, int DataBits, int WordsPerBank>
std::unique_ptr<RtlPins> make_pins(std::uint64_t seed) {
  return std::make_unique<Pins<Model, Ports, Banks, DataBits, WordsPerBank>>(seed);
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{
#define HEADROOM_VARIANT(model, ports, banks, data_bits, words, outstanding) \
  {{ports, banks, data_bits, words, outstanding}, make_pins<model, ports, banks, data_bits, words>},
#include "scratchpad_variants.inc"
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
  for (const Variant& variant : built())
    text += (text.empty() ? "" : ", ") + std::to_string(variant.ports) + "x" +
            std::to_string(variant.banks) + (text.empty() ? " (ports x banks)" : "") + " of " +
            std::to_string(variant.words_per_bank) + " words of " +
            std::to_string(variant.data_bits) + " bits";
  return text;
}

std::unique_ptr<RtlPins> RtlPins::make(const Parameters& parameters, std::uint64_t seed) {
  for (const Entry& entry : entries())
    if (entry.variant.fits(parameters)) return entry.make(seed);
  return nullptr;
}

}  // namespace headroom::scratchpad
