#include "models/chip/collective_engine.h"

#include <algorithm>

#include "models/base/kernel_time.h"

namespace headroom {

CollectiveEngine::CollectiveEngine(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_HAS_PROCESS(CollectiveEngine);
  static constexpr std::array<const char*, 4> names{
      "scale_up", "scale_out", "hbm_read", "hbm_write"};
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    lanes_[lane].initiator = std::make_unique<TransferInitiator>(names[lane]);
    lanes_[lane].work = std::make_unique<Stream<std::function<void(TransferInitiator&)>>>(1);
    sc_core::sc_spawn([this, lane] { serve(lane); }, sc_core::sc_gen_unique_name("lane"));
  }
  SC_THREAD(run);
}

void CollectiveEngine::bind(LinkPort& scale_up, LinkPort& scale_out, MemoryPort& memory) {
  lanes_[scale_up_lane].initiator->socket.bind(scale_up.target);
  lanes_[scale_out_lane].initiator->socket.bind(scale_out.target);
  lanes_[read_lane].initiator->socket.bind(memory.target);
  lanes_[write_lane].initiator->socket.bind(memory.target);
  scale_up_rate_ = scale_up.rate();
  scale_out_rate_ = scale_out.rate();
}

void CollectiveEngine::issue(CollectiveOperation operation) {
  queue_.push_back(std::move(operation));
  ++outstanding_;
  issued_.notify();
}

void CollectiveEngine::wait_until(std::size_t outstanding) {
  while (outstanding_ > outstanding) sc_core::wait(finished_);
}

Seconds CollectiveEngine::age() const { return running_ ? now() - began_ : Seconds(0); }

void CollectiveEngine::run() {
  for (;;) {
    while (queue_.empty()) sc_core::wait(issued_);
    const CollectiveOperation operation = std::move(queue_.front());
    queue_.pop_front();
    const CollectiveCost& cost = operation.cost;
    began_ = now();
    running_ = true;
    if (on_running_) on_running_(true);
    if (cost.latency > Seconds(0)) sc_core::wait(to_sc_time(cost.latency));
    const BytesPerSecond up_cap = scale_up_rate_ * cost.scale_up_share;
    start(scale_up_lane, tlm::TLM_WRITE_COMMAND, cost.scale_up, up_cap);
    const BytesPerSecond out_cap = scale_out_rate_ * cost.scale_out_share;
    start(scale_out_lane, tlm::TLM_WRITE_COMMAND, cost.scale_out, out_cap);
    // HBM is read and written at the pace of the slower port.
    const Seconds pace(std::max(cost.scale_up / up_cap, cost.scale_out / out_cap));
    if (pace > Seconds(0)) {
      start(read_lane, tlm::TLM_READ_COMMAND, cost.hbm_read, cost.hbm_read / pace);
      start(write_lane, tlm::TLM_WRITE_COMMAND, cost.hbm_write, cost.hbm_write / pace);
    }
    while (lanes_running_ > 0) sc_core::wait(lane_done_);
    running_ = false;
    if (on_running_) on_running_(false);
    busy_ += now() - began_;
    spans_.push_back({operation.name, began_, now() - began_});
    --outstanding_;
    ++events_;
    finished_.notify();
  }
}

void CollectiveEngine::serve(std::size_t lane) {
  for (;;) {
    lanes_[lane].work->pop()(*lanes_[lane].initiator);
    --lanes_running_;
    lane_done_.notify();
  }
}

void CollectiveEngine::start(
    std::size_t lane, tlm::tlm_command command, Bytes amount, BytesPerSecond cap) {
  if (amount.si() < 1) return;
  ++lanes_running_;
  lanes_[lane].work->push([=](TransferInitiator& initiator) {
    initiator.send(command, amount, cap);
  });
}

}  // namespace headroom
