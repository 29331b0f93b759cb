// Somebody else's memory in place of ours: a chip of this library whose memory is a TLM-2.0 target
// that knows nothing of it. The same products run on two chips, one with our HBM and one with a
// memory of a fixed latency and no refresh.
//
//   third_party_memory CHIP FORMAT MxNxK ...
#include <fmt/format.h>
#include <tlm_utils/simple_target_socket.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <tlm>
#include <vector>

#include "examples/in_simulation.h"
#include "models/chip/chip.h"
#include "sim/config/load_chip.h"
#include "sim/engine/product.h"

namespace third_party {

// Serves one transaction after another at a fixed rate, and answers each after a fixed latency, as
// small memory models do. SystemC and TLM-2.0 only.
class FixedLatencyMemory : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<FixedLatencyMemory> socket;

  FixedLatencyMemory(const sc_core::sc_module_name& name, const sc_core::sc_time& latency,
                     double bytes_per_second)
      : sc_module(name), socket("socket"), latency_(latency), rate_(bytes_per_second) {
    socket.register_b_transport(this, &FixedLatencyMemory::b_transport);
  }

  [[nodiscard]] double bytes() const { return bytes_; }

 private:
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
    if (transaction.get_byte_enable_ptr() != nullptr ||
        transaction.get_streaming_width() < transaction.get_data_length()) {
      transaction.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
      return;
    }
    free_at_ = std::max(free_at_, sc_core::sc_time_stamp()) +
               sc_core::sc_time(transaction.get_data_length() / rate_, sc_core::SC_SEC);
    bytes_ += transaction.get_data_length();
    wait(free_at_ - sc_core::sc_time_stamp());
    delay += latency_;
    transaction.set_response_status(tlm::TLM_OK_RESPONSE);
  }

  sc_core::sc_time latency_, free_at_;
  double rate_, bytes_ = 0;
};

}  // namespace third_party

namespace headroom {
namespace {

Product product_named(const std::string& text) {
  long long m = 0, n = 0, k = 0;
  if (std::sscanf(text.c_str(), "%lldx%lldx%lld", &m, &n, &k) != 3 || std::min({m, n, k}) < 1)
    throw std::invalid_argument("not a shape, such as 1024x1024x1024: " + text);
  return {m, n, k};
}

Format format_named(const std::string& name) {
  const auto* found = std::find(format_names.begin(), format_names.end(), name);
  if (found == format_names.end()) throw std::invalid_argument("no such format: " + name);
  return static_cast<Format>(found - format_names.begin());
}

int compare(const std::vector<std::string>& arguments) {
  const ChipDescription description = load_chip(arguments.at(0), config::ConfigPaths());
  const Format format = format_named(arguments.at(1));

  set_time_resolution();
  // One stream of collectives, unused: the ports to the links must be bound.
  Chip ours("ours", description, {}, {}, {"collectives"});
  Chip theirs("theirs", description, {}, {}, {"collectives"}, Memory::external);
  third_party::FixedLatencyMemory memory(
      "memory", sc_core::sc_time(100, sc_core::SC_NS), description.hbm.bandwidth.si());
  theirs.memory().bind(memory.socket);

  const auto time_of = [&](Chip& chip, const Product& product) {
    const ProductWork work(product, operand_bytes(format), result_bytes(format));
    ProductRun run = map_product(description, format, work, {}, Fidelity::cycle);
    time_on(chip, description, run);
    return figures(description, format, run);
  };
  bool right = true;
  const InSimulation simulation("simulation", [&] {
    for (std::size_t i = 2; i < arguments.size(); ++i) {
      const Product product = product_named(arguments[i]);
      const double before = memory.bytes();
      const ProductFigures our_hbm = time_of(ours, product);
      const bool untouched = memory.bytes() == before;
      const ProductFigures their_memory = time_of(theirs, product);
      const double served = memory.bytes() - before;
      fmt::print(
          "{:<18} our HBM {:9.2f} us   third-party memory {:9.2f} us, {:.1f} MB served\n",
          arguments[i], our_hbm.time.si() * 1e6, their_memory.time.si() * 1e6, served * 1e-6);
      // All that the product moves went through the other memory, which has no refresh.
      right = right && untouched && std::abs(served - their_memory.hbm.si()) < 1e-6 * served &&
              their_memory.time < our_hbm.time;
    }
  });
  InSimulation::run();
  if (!right) fmt::print(stderr, "third_party_memory: the other memory was not the chip's\n");
  return right ? 0 : 1;
}

}  // namespace
}  // namespace headroom

int sc_main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() < 3)
      throw std::invalid_argument("usage: third_party_memory CHIP FORMAT MxNxK ...");
    return headroom::compare(arguments);
  } catch (const std::exception& error) {
    fmt::print(stderr, "third_party_memory: {}\n", error.what());
    return 2;
  }
}
