// The DMA engines between HBM and the scratchpads. A load takes one of the operand buffers, which
// the matrix engines give back when they are done with its tile; stores drain behind the vector
// units.
#pragma once

#include "models/base/tile_stream.h"
#include "models/base/transfer.h"

namespace headroom {

// Takes commands, passes each tile on when its operands' bytes have left HBM; their latency is in
// `operands_at`, because the next load need not wait for it.
class LoadDma : public sc_core::sc_module {
 public:
  TransferInitiator memory;  // to be bound to HBM

  // The streams outlive the module.
  LoadDma(const sc_core::sc_module_name& name, TileStream& commands, TileStream& loaded,
          sc_core::sc_semaphore& operand_buffers);

 private:
  void run();
  TileStream &commands_, &loaded_;
  sc_core::sc_semaphore& operand_buffers_;
};

// Writes each tile's results and notifies done() after the last one of a kernel.
class StoreDma : public sc_core::sc_module {
 public:
  TransferInitiator memory;  // to be bound to HBM

  StoreDma(const sc_core::sc_module_name& name, TileStream& finished);

  [[nodiscard]] const sc_core::sc_event& done() const { return done_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  void run();
  TileStream& finished_;
  sc_core::sc_event done_;
  std::uint64_t events_ = 0;
};

}  // namespace headroom
