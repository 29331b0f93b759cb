#include "models/chip/collective_engine.h"

#include <algorithm>

#include "models/base/kernel_time.h"

namespace headroom {

CollectiveEngine::CollectiveEngine(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_HAS_PROCESS(CollectiveEngine);
  static constexpr std::array<const char*, 3> names{"network", "hbm_read", "hbm_write"};
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
    lanes_[lane].initiator = std::make_unique<TransferInitiator>(names[lane]);
    lanes_[lane].work = std::make_unique<Stream<std::function<void(TransferInitiator&)>>>(1);
    sc_core::sc_spawn([this, lane] { serve(lane); }, sc_core::sc_gen_unique_name("lane"));
  }
  SC_THREAD(run);
}

void CollectiveEngine::bind(NetworkPort& network, MemoryPort& memory) {
  lanes_[network_lane].initiator->socket.bind(network.target);
  lanes_[read_lane].initiator->socket.bind(memory.target);
  lanes_[write_lane].initiator->socket.bind(memory.target);
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
    if (on_running_ && operation.holds_cores) on_running_(true);
    if (cost.latency > Seconds(0)) sc_core::wait(to_sc_time(cost.latency));
    start_on_links(cost);
    // HBM is read and written at the pace of the links.
    if (cost.transfer > Seconds(0)) {
      start(read_lane, tlm::TLM_READ_COMMAND, cost.hbm_read, cost.hbm_read / cost.transfer);
      start(write_lane, tlm::TLM_WRITE_COMMAND, cost.hbm_write, cost.hbm_write / cost.transfer);
    }
    while (lanes_running_ > 0) sc_core::wait(lane_done_);
    running_ = false;
    if (on_running_ && operation.holds_cores) on_running_(false);
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

// One transfer of as many bytes as the link with the most has; the others carry their share of it.
void CollectiveEngine::start_on_links(const CollectiveCost& cost) {
  if (cost.links.empty()) return;
  const Bytes most = *std::max_element(cost.links.begin(), cost.links.end());
  std::vector<ResourceUse> uses;
  for (std::size_t link = 0; link < cost.links.size(); ++link)
    if (cost.links[link] > Bytes(0)) uses.push_back({link, cost.links[link] / most});
  start(network_lane, tlm::TLM_WRITE_COMMAND, most, most / cost.transfer, uses);
}

void CollectiveEngine::start(std::size_t lane, tlm::tlm_command command, Bytes amount,
                             BytesPerSecond cap, const std::vector<ResourceUse>& uses) {
  if (amount.si() < 1) return;
  ++lanes_running_;
  lanes_[lane].work->push([=](TransferInitiator& initiator) {
    initiator.send(command, amount, cap, uses);
  });
}

}  // namespace headroom
