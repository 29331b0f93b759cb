// HBM as its initiators see it: a TLM-2.0 target that takes long contiguous transfers.
//
// b_transport is called from an SC_THREAD and returns when the data bus has moved the bytes; the
// unloaded latency is added to `delay` and not waited for, because initiators keep many requests in
// flight. One transaction may be as long as a generic payload allows (4 GiB - 1). Fidelities:
// `cycle` shares the bandwidth among concurrent initiators max-min fairly, and it is
// sustained_bandwidth() of the loads' share in what is under way (streaming level); `analytic`
// serves them one after another, each at the rate of loads or of stores alone, so that a transfer
// costs latency + bytes / rate.
#pragma once

#include <tlm_utils/multi_passthrough_target_socket.h>

#include <tlm>

#include "models/base/fidelity.h"
#include "models/base/shared_server.h"
#include "models/hbm/bandwidth.h"

namespace headroom {

class Hbm : public sc_core::sc_module {
 public:
  tlm_utils::multi_passthrough_target_socket<Hbm> target;

  Hbm(const sc_core::sc_module_name& name, const HbmDescription& hbm, Fidelity fidelity);

  [[nodiscard]] std::uint64_t events() const { return server_.events(); }

 private:
  void b_transport(int initiator, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);

  SharedServer server_;
  sc_core::sc_time latency_;
};

}  // namespace headroom
