// Chip: the blocks of one chip, connected. Tiles of a kernel stream through
//
//   load DMA -> matrix engines -> vector unit -> store DMA
//
// over credit streams; the DMAs and the collective engines reach HBM and the link ports through
// TLM-2.0 sockets, so whatever runs at the same time contends there. No timing of its own.
#pragma once

#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "models/base/stream.h"
#include "models/base/transfer.h"
#include "models/chip/activity.h"
#include "models/chip/collective_engine.h"
#include "models/chip/description.h"
#include "models/chip/kernel.h"
#include "models/hbm/hbm.h"
#include "models/link/link_port.h"

namespace headroom {

struct ChipFidelity {
  Fidelity hbm = Fidelity::cycle;
  Fidelity link = Fidelity::cycle;
};

class Chip : public sc_core::sc_module {
 public:
  // `collective_streams`: names of the streams in which collectives run in order.
  Chip(const sc_core::sc_module_name& name, const ChipDescription& chip,
       const ClusterDescription& cluster, const ChipFidelity& fidelity,
       const std::vector<std::string>& collective_streams);

  // Called from an SC_THREAD, one kernel at a time; returns when its last tile is stored.
  KernelTime run(const Kernel& kernel);

  [[nodiscard]] CollectiveEngine& collectives(std::size_t stream) { return *engines_[stream]; }
  [[nodiscard]] std::uint64_t events() const;

 private:
  struct Token {
    Tile tile;
    bool vector_holds_matrix = false, last = false;
    sc_core::sc_time operands_at;  // when the operands have arrived in the scratchpad
  };

  void load();
  void multiply();
  void post_process();
  void store();

  Hertz clock_;
  Activity activity_;
  Hbm hbm_;
  LinkPort scale_up_, scale_out_;
  TransferInitiator load_dma_, store_dma_;
  std::vector<std::unique_ptr<CollectiveEngine>> engines_;
  // Double buffering: the operands of one tile are in use, those of the next arrive or lie ready.
  sc_core::sc_semaphore operand_buffers_{2};
  Stream<Token> commands_{2}, loaded_{1}, multiplied_{1}, finished_{1};
  sc_core::sc_event kernel_done_;
  std::uint64_t events_ = 0;
};

}  // namespace headroom
