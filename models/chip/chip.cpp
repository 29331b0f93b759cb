#include "models/chip/chip.h"

#include "models/base/kernel_time.h"

namespace headroom {

namespace {

// A cluster without a network outside its nodes still needs a port to bind; nothing is ever sent
// through it.
LinkDescription scale_out_or_idle(const ClusterDescription& cluster) {
  LinkDescription link = cluster.scale_out;
  if (link.count == 0) link.count = 1, link.bandwidth = BytesPerSecond(1);
  return link;
}

}  // namespace

Chip::Chip(const sc_core::sc_module_name& name, const ChipDescription& chip,
           const ClusterDescription& cluster, const ChipFidelity& fidelity,
           const std::vector<std::string>& collective_streams)
    : sc_module(name),
      clock_(chip.clock.sustained_matmul),
      hbm_("hbm", chip.hbm, fidelity.hbm),
      scale_up_("scale_up", chip.scale_up, fidelity.link),
      scale_out_("scale_out", scale_out_or_idle(cluster), fidelity.link),
      load_dma_("load_dma"),
      store_dma_("store_dma") {
  SC_HAS_PROCESS(Chip);
  load_dma_.socket.bind(hbm_.target);
  store_dma_.socket.bind(hbm_.target);
  for (const std::string& stream : collective_streams) {
    engines_.push_back(std::make_unique<CollectiveEngine>(stream.c_str()));
    engines_.back()->bind(scale_up_, scale_out_, hbm_);
  }
  SC_THREAD(load);
  SC_THREAD(multiply);
  SC_THREAD(post_process);
  SC_THREAD(store);
}

KernelTime Chip::run(const Kernel& kernel) {
  activity_.begin_kernel();
  std::int64_t left = 0;
  for (const TileRun& run : kernel.tiles) left += run.count;
  const bool any = left > 0;
  for (const TileRun& run : kernel.tiles)
    for (int i = 0; i < run.count; ++i)
      commands_.push({run.tile, kernel.vector_holds_matrix, --left == 0, {}});
  if (any) sc_core::wait(kernel_done_);
  return activity_.end_kernel();
}

std::uint64_t Chip::events() const {
  std::uint64_t events = events_ + hbm_.events() + scale_up_.events() + scale_out_.events();
  for (const auto& engine : engines_) events += engine->events();
  return events;
}

void Chip::load() {
  for (;;) {
    Token token = commands_.pop();
    operand_buffers_.wait();
    const sc_core::sc_time latency = load_dma_.send(tlm::TLM_READ_COMMAND, token.tile.load);
    token.operands_at = sc_core::sc_time_stamp() + latency;
    loaded_.push(token);
  }
}

void Chip::multiply() {
  for (;;) {
    Token token = loaded_.pop();
    if (token.operands_at > sc_core::sc_time_stamp())
      sc_core::wait(token.operands_at - sc_core::sc_time_stamp());
    if (token.tile.matrix_cycles > 0) {
      activity_.matrix_busy(true);
      sc_core::wait(to_sc_time(token.tile.matrix_cycles, clock_));
      activity_.matrix_busy(false);
      ++events_;
    }
    if (token.vector_holds_matrix && token.tile.vector_cycles > 0) {
      activity_.vector_busy(true);
      sc_core::wait(to_sc_time(token.tile.vector_cycles, clock_));
      activity_.vector_busy(false);
      token.tile.vector_cycles = 0;
      ++events_;
    }
    operand_buffers_.post();
    multiplied_.push(token);
  }
}

void Chip::post_process() {
  for (;;) {
    const Token token = multiplied_.pop();
    if (token.tile.vector_cycles > 0) {
      activity_.vector_busy(true);
      sc_core::wait(to_sc_time(token.tile.vector_cycles, clock_));
      activity_.vector_busy(false);
      ++events_;
    }
    finished_.push(token);
  }
}

void Chip::store() {
  for (;;) {
    const Token token = finished_.pop();
    store_dma_.send(tlm::TLM_WRITE_COMMAND, token.tile.store);
    ++events_;
    if (token.last) kernel_done_.notify();
  }
}

}  // namespace headroom
