// The one socket behind which a chip's memory is: all initiators of the chip come together here, so
// that any TLM-2.0 target can be that memory. No timing of its own.
//
// What passes is b_transport of the base protocol with a command, a length and a streaming width as
// long. Transfers are long (up to 2 GiB) and carry timing only: the data pointer is null, the
// address is 0, and the target must not touch data. It may wait for the time that the bytes take,
// and adds to `delay` the latency that its initiators need not wait for (models/hbm/hbm.h); an
// extension RateCap (models/base/transfer.h) may be ignored. A response that is not OK ends the
// run.
#pragma once

#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <tlm>

namespace headroom {

class MemoryPort : public sc_core::sc_module {
 public:
  tlm_utils::multi_passthrough_target_socket<MemoryPort> target;  // for the chip's initiators
  tlm_utils::simple_initiator_socket<MemoryPort> memory;          // to be bound to the memory

  explicit MemoryPort(const sc_core::sc_module_name& name)
      : sc_module(name), target("target"), memory("memory") {
    target.register_b_transport(this, &MemoryPort::b_transport);
  }

 private:
  void b_transport(int, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
    memory->b_transport(transaction, delay);
  }
};

}  // namespace headroom
