// CollectiveEngine: runs collectives of one stream in order, beside the kernels. Each takes its
// latency, then moves its bytes through the network and HBM at once, and is done when the slowest
// of them is.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "models/base/stream.h"
#include "models/base/transfer.h"
#include "models/chip/memory_port.h"
#include "models/network/collective.h"
#include "models/network/network_port.h"

namespace headroom {

class CollectiveEngine : public sc_core::sc_module {
 public:
  explicit CollectiveEngine(const sc_core::sc_module_name& name);

  // Before the simulation starts.
  void bind(NetworkPort& network, MemoryPort& memory);

  // `call` is told when an operation starts and ends. Before the simulation starts.
  void on_running(std::function<void(bool)> call) { on_running_ = std::move(call); }

  // Queues an operation and returns at once. Any SC_THREAD.
  void issue(CollectiveOperation operation);
  // Blocks the calling SC_THREAD until at most `outstanding` operations are queued or running.
  void wait_until(std::size_t outstanding);

  [[nodiscard]] std::size_t outstanding() const { return outstanding_; }
  // How long the operation that is running has been at it; 0 where none is.
  [[nodiscard]] Seconds age() const;
  [[nodiscard]] Seconds busy() const { return busy_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  // Spans since the last call.
  std::vector<CollectiveSpan> take_spans() { return std::exchange(spans_, {}); }

 private:
  // One of the resources that an operation needs at the same time.
  struct Lane {
    std::unique_ptr<TransferInitiator> initiator;
    std::unique_ptr<Stream<std::function<void(TransferInitiator&)>>> work;
  };
  enum LaneName { network_lane, read_lane, write_lane };

  void run();
  void serve(std::size_t lane);
  void start(std::size_t lane, tlm::tlm_command command, Bytes amount, BytesPerSecond cap,
             const std::vector<ResourceUse>& uses = {});
  void start_on_links(const CollectiveCost& cost);

  std::array<Lane, 3> lanes_;
  std::function<void(bool)> on_running_;
  std::deque<CollectiveOperation> queue_;
  std::vector<CollectiveSpan> spans_;
  sc_core::sc_event issued_, finished_, lane_done_;
  std::size_t outstanding_ = 0, lanes_running_ = 0;
  Seconds busy_, began_;
  bool running_ = false;
  std::uint64_t events_ = 0;
};

}  // namespace headroom
