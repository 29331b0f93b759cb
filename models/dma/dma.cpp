#include "models/dma/dma.h"

namespace headroom {

LoadDma::LoadDma(const sc_core::sc_module_name& name, TileStream& commands, TileStream& loaded,
                 sc_core::sc_semaphore& operand_buffers)
    : sc_module(name),
      memory("memory"),
      commands_(commands),
      loaded_(loaded),
      operand_buffers_(operand_buffers) {
  SC_HAS_PROCESS(LoadDma);
  SC_THREAD(run);
}

void LoadDma::run() {
  for (;;) {
    TileToken token = commands_.pop();
    operand_buffers_.wait();
    const sc_core::sc_time latency = memory.send(tlm::TLM_READ_COMMAND, token.tile.load);
    token.operands_at = sc_core::sc_time_stamp() + latency;
    loaded_.push(token);
  }
}

StoreDma::StoreDma(const sc_core::sc_module_name& name, TileStream& finished)
    : sc_module(name), memory("memory"), finished_(finished) {
  SC_HAS_PROCESS(StoreDma);
  SC_THREAD(run);
}

void StoreDma::run() {
  for (;;) {
    const TileToken token = finished_.pop();
    memory.send(tlm::TLM_WRITE_COMMAND, token.tile.store);
    ++events_;
    if (token.last) done_.notify();
  }
}

}  // namespace headroom
