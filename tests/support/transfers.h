// Initiators on a block that takes TLM-2.0 transfers (HBM, a link port), and when each ended.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "models/base/transfer.h"
#include "tests/support/simulation.h"

namespace headroom {

class Transfers : public Simulation {
 protected:
  struct End {
    double time = -1;     // of the simulation, when send() returned
    double latency = -1;  // that it returned
  };

  // One initiator that sends `amount` at `start`; the index of its end.
  template <class Block>
  std::size_t send(Block& block, double start, double amount, double cap = FairShare::no_cap,
                   tlm::tlm_command command = tlm::TLM_READ_COMMAND) {
    const std::size_t index = ends_.size();
    ends_.emplace_back();
    initiators_.push_back(
        std::make_unique<TransferInitiator>(("initiator_" + std::to_string(index)).c_str()));
    initiators_.back()->socket.bind(block.target);
    thread([this, index, start, amount, cap, command] {
      sc_core::wait(to_sc_time(Seconds(start)));
      const sc_core::sc_time latency = initiators_[index]->send(
          command, Bytes(amount), BytesPerSecond(cap));
      ends_[index] = {now().si(), to_seconds(latency).si()};
    });
    return index;
  }

  void expect_end(std::size_t index, double time) const {
    EXPECT_NEAR(ends_[index].time, time, time_tolerance) << "transfer " << index;
  }

  std::vector<End> ends_;

 private:
  std::vector<std::unique_ptr<TransferInitiator>> initiators_;
};

}  // namespace headroom
