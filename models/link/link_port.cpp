#include "models/link/link_port.h"

#include "models/base/kernel_time.h"
#include "models/base/transfer.h"

namespace headroom {

LinkPort::LinkPort(const sc_core::sc_module_name& name, const LinkDescription& link,
                   Fidelity fidelity)
    : sc_module(name),
      target("target"),
      rate_(link.payload_bandwidth()),
      server_("server", rate_, discipline_of(fidelity)),
      latency_(to_sc_time(link.latency)) {
  target.register_b_transport(this, &LinkPort::b_transport);
}

void LinkPort::b_transport(int, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  server_.transfer(Bytes(transaction.get_data_length()), rate_cap_of(transaction));
  delay += latency_;
  transaction.set_response_status(tlm::TLM_OK_RESPONSE);
}

}  // namespace headroom
