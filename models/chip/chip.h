// Chip: the blocks of one chip, connected. Tiles of a kernel stream through
//
//   load DMA -> matrix engines -> vector unit -> store DMA
//
// over credit streams; the DMAs and the collective engines reach HBM and the network through
// TLM-2.0 sockets, so whatever runs at the same time contends there. No timing of its own.
#pragma once

#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "models/base/activity.h"
#include "models/base/tile_stream.h"
#include "models/chip/collective_engine.h"
#include "models/chip/description.h"
#include "models/chip/machine.h"
#include "models/chip/memory_port.h"
#include "models/dma/dma.h"
#include "models/hbm/hbm.h"
#include "models/matrix_engine/matrix_engines.h"
#include "models/network/network_port.h"
#include "models/vector_unit/vector_units.h"

namespace headroom {

struct ChipFidelity {
  Fidelity hbm = Fidelity::cycle;
  Fidelity link = Fidelity::cycle;
};

// Whose memory a chip has.
enum class Memory {
  built_in,  // the Hbm of this library
  external   // what its owner binds to memory() before the simulation starts
};

class Chip : public sc_core::sc_module, public Machine {
 public:
  // `collective_streams`: names of the streams in which collectives run in order.
  Chip(const sc_core::sc_module_name& name, const ChipDescription& chip,
       const ClusterDescription& cluster, const ChipFidelity& fidelity,
       const std::vector<std::string>& collective_streams, Memory memory = Memory::built_in);

  // To be bound to any TLM-2.0 target where the memory is external; models/chip/memory_port.h says
  // what the target gets.
  [[nodiscard]] tlm::tlm_initiator_socket<>& memory() { return memory_port_.memory; }

  // What a Machine does; called from one SC_THREAD.
  [[nodiscard]] Seconds time() const override { return now(); }
  void idle(Seconds duration) override { sc_core::wait(to_sc_time(duration)); }
  KernelTime run(const Kernel& kernel) override;
  void issue(std::size_t stream, const CollectiveOperation& operation) override {
    collectives_[stream]->issue(operation);
  }
  void wait_until(std::size_t stream, std::size_t outstanding) override {
    collectives_[stream]->wait_until(outstanding);
  }
  [[nodiscard]] std::size_t outstanding(std::size_t stream) const override {
    return collectives_[stream]->outstanding();
  }
  [[nodiscard]] Seconds age(std::size_t stream) const override {
    return collectives_[stream]->age();
  }
  [[nodiscard]] Seconds busy(std::size_t stream) const override {
    return collectives_[stream]->busy();
  }
  [[nodiscard]] std::vector<CollectiveSpan> take_spans(std::size_t stream) override {
    return collectives_[stream]->take_spans();
  }

  [[nodiscard]] CollectiveEngine& collectives(std::size_t stream) { return *collectives_[stream]; }
  [[nodiscard]] std::uint64_t events() const;

 private:
  Activity activity_;
  sc_core::sc_semaphore operand_buffers_{default_operand_buffers};
  TileStream commands_{2}, loaded_{most_operand_buffers}, multiplied_{1}, finished_{1};
  std::unique_ptr<Hbm> hbm_;  // none where the memory is external
  MemoryPort memory_port_;
  NetworkPort network_;
  LoadDma load_dma_;
  MatrixEngines matrix_engines_;
  VectorUnits vector_units_;
  StoreDma store_dma_;
  std::vector<std::unique_ptr<CollectiveEngine>> collectives_;
  int collectives_running_ = 0;
};

}  // namespace headroom
