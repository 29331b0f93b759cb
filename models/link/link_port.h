// The egress of one chip into one network: all its links of that kind together, as a TLM-2.0
// target.
//
// b_transport blocks while the payload leaves at the payload rate (lanes and protocol included in
// the description) and adds the latency of one hop to `delay`. Fidelities as for HBM: `cycle`
// shares the port among concurrent transfers, `analytic` serves them in order. Collectives are
// symmetric, so the egress of one chip stands for ingress and peers.
#pragma once

#include <tlm_utils/multi_passthrough_target_socket.h>

#include <tlm>

#include "models/base/fidelity.h"
#include "models/base/shared_server.h"
#include "models/chip/description.h"

namespace headroom {

class LinkPort : public sc_core::sc_module {
 public:
  tlm_utils::multi_passthrough_target_socket<LinkPort> target;

  LinkPort(const sc_core::sc_module_name& name, const LinkDescription& link, Fidelity fidelity);

  [[nodiscard]] std::uint64_t events() const { return server_.events(); }
  [[nodiscard]] Seconds busy() const { return server_.busy(); }
  [[nodiscard]] BytesPerSecond rate() const { return rate_; }

 private:
  void b_transport(int initiator, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);

  BytesPerSecond rate_;
  SharedServer server_;
  sc_core::sc_time latency_;
};

}  // namespace headroom
