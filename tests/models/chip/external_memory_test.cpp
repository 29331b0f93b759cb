// A chip whose memory is another TLM-2.0 target: all its traffic goes there, its times count, and
// its errors end the run.
#include <tlm_utils/simple_target_socket.h>

#include <exception>
#include <string>

#include "tests/models/chip/chip_simulation.h"

namespace headroom {
namespace {

// 500 GB/s, one transaction after another; keeps what it was asked.
class OtherMemory : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<OtherMemory> socket;

  explicit OtherMemory(const sc_core::sc_module_name& name) : sc_module(name), socket("socket") {
    socket.register_b_transport(this, &OtherMemory::b_transport);
  }

  double read = 0, written = 0;  // bytes
  bool is_well_formed = true;
  tlm::tlm_response_status response = tlm::TLM_OK_RESPONSE;

 private:
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
    is_well_formed = is_well_formed && transaction.get_data_length() > 0 &&
                     transaction.get_streaming_width() == transaction.get_data_length() &&
                     transaction.get_byte_enable_ptr() == nullptr &&
                     transaction.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE;
    (transaction.is_read() ? read : written) += transaction.get_data_length();
    wait(to_sc_time(Seconds(transaction.get_data_length() / 500e9)));
    delay += to_sc_time(Seconds(0.3 * us));
    transaction.set_response_status(response);
  }
};

class ExternalMemory : public Simulation {
 protected:
  ExternalMemory()
      : chip_("chip", round_chip(), round_cluster(), all_cycle, {"stream"}, Memory::external),
        memory_("memory") {
    chip_.memory().bind(memory_.socket);
  }

  Chip chip_;
  OtherMemory memory_;
};

TEST_F(ExternalMemory, ServesKernelsInItsOwnTime) {
  KernelTime time;
  thread([&] { time = chip_.run(kernel({{tile(2, 1000, 0, 1), 1}})); });
  run();
  // 2 MB in 4 us, its latency, 1000 cycles in 1 us, 1 MB in 2 us.
  expect_seconds(time.duration, 7.3 * us, "duration");
  EXPECT_EQ(memory_.read, 2 * mb);
  EXPECT_EQ(memory_.written, 1 * mb);
  EXPECT_TRUE(memory_.is_well_formed);
}

TEST_F(ExternalMemory, ServesCollectives) {
  thread([&] { chip_.collectives(0).issue(collective("all", 10, 0, 3)); });
  run();
  EXPECT_EQ(memory_.read, 3 * mb);
  EXPECT_EQ(memory_.written, 3 * mb);
  EXPECT_TRUE(memory_.is_well_formed);
}

TEST_F(ExternalMemory, AnErrorOfItEndsTheRun) {
  memory_.response = tlm::TLM_ADDRESS_ERROR_RESPONSE;
  thread([&] { chip_.run(kernel({{tile(2, 1000), 1}})); });
  try {
    sc_core::sc_start();
    FAIL() << "an error that nobody saw";
  } catch (const std::exception& error) {
    EXPECT_NE(std::string(error.what())
                  .find("chip.load_dma.memory: the target answered TLM_ADDRESS_ERROR_RESPONSE"),
              std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace headroom
