// Our HBM in somebody else's system: an initiator that knows TLM-2.0 and nothing of this library
// reads blocks through a target of ours, and measures what it gets.
//
//   third_party_system DEVICE [STACKS]
#include <fmt/format.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <tlm>
#include <vector>

#include "examples/in_simulation.h"
#include "models/hbm/hbm.h"
#include "sim/config/load_memory.h"

namespace third_party {

// Copies a region in blocks, one at a time, as a DMA engine of a virtual platform does. SystemC and
// TLM-2.0 only.
class BlockReader : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<BlockReader> socket;

  BlockReader(const sc_core::sc_module_name& name, unsigned block_bytes, int blocks)
      : sc_module(name), socket("socket"), block_(block_bytes), blocks_(blocks) {
    SC_HAS_PROCESS(BlockReader);
    SC_THREAD(run);
  }

  [[nodiscard]] int errors() const { return errors_; }
  [[nodiscard]] double bytes_per_second() const {
    return static_cast<double>(block_.size()) * blocks_ / took_.to_seconds();
  }
  [[nodiscard]] sc_core::sc_time latency() const { return latency_; }

 private:
  void run() {
    began_ = sc_core::sc_time_stamp();
    for (int i = 0; i < blocks_; ++i) {
      tlm::tlm_generic_payload transaction;
      transaction.set_command(tlm::TLM_READ_COMMAND);
      transaction.set_address(static_cast<sc_dt::uint64>(i) * block_.size());
      transaction.set_data_ptr(block_.data());
      transaction.set_data_length(static_cast<unsigned>(block_.size()));
      transaction.set_streaming_width(static_cast<unsigned>(block_.size()));
      transaction.set_byte_enable_ptr(nullptr);
      transaction.set_dmi_allowed(false);
      transaction.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
      latency_ = sc_core::SC_ZERO_TIME;
      socket->b_transport(transaction, latency_);
      errors_ += transaction.is_response_error() ? 1 : 0;
    }
    took_ = sc_core::sc_time_stamp() - began_;
  }

  std::vector<unsigned char> block_;
  int blocks_, errors_ = 0;
  sc_core::sc_time began_, took_, latency_;
};

}  // namespace third_party

namespace headroom {
namespace {

int measure(const std::string& name, int stacks) {
  HbmDescription description;
  description.device = load_memory(name, config::ConfigPaths(), stacks);
  description.bandwidth = description.device.organisation.peak();
  description.capacity = description.device.organisation.capacity();
  description.latency = Seconds(100e-9);  // of this system, from its initiator to the stacks

  set_time_resolution();
  Hbm hbm("hbm", description, Fidelity::cycle);
  third_party::BlockReader reader("reader", 1U << 20, 1000);
  reader.socket.bind(hbm.target);
  sc_core::sc_start();

  const double peak = description.bandwidth.si(), reached = reader.bytes_per_second();
  fmt::print(
      "{} x {}: {:.1f} of {:.1f} GB/s in blocks of 1 MiB, {} ns behind the data, {} errors\n",
      stacks, description.device.name, reached * 1e-9, peak * 1e-9,
      std::round(reader.latency().to_seconds() * 1e9), reader.errors());
  const bool right = reader.errors() == 0 && reached > 0.8 * peak && reached < peak;
  if (!right) fmt::print(stderr, "third_party_system: not the bandwidth of a stream\n");
  return right ? 0 : 1;
}

}  // namespace
}  // namespace headroom

int sc_main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.empty() || arguments.size() > 2)
      throw std::invalid_argument("usage: third_party_system DEVICE [STACKS]");
    return headroom::measure(arguments[0], arguments.size() > 1 ? std::stoi(arguments[1]) : 1);
  } catch (const std::exception& error) {
    fmt::print(stderr, "third_party_system: {}\n", error.what());
    return 2;
  }
}
