#include "models/hbm/hbm.h"

#include <cassert>

#include "models/base/kernel_time.h"
#include "models/base/transfer.h"

namespace headroom {

Hbm::Hbm(const sc_core::sc_module_name& name, const HbmDescription& hbm, Fidelity fidelity)
    : sc_module(name),
      target("target"),
      server_("server", SharedServer::RateOfMix([hbm](double load_share) {
                return sustained_bandwidth(hbm, load_share);
              }),
              discipline_of(fidelity)),
      latency_(to_sc_time(hbm.latency)) {
  target.register_b_transport(this, &Hbm::b_transport);
}

void Hbm::b_transport(int, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  server_.transfer(Bytes(transaction.get_data_length()), rate_cap_of(transaction),
                   transaction.is_write() ? Access::store : Access::load);
  delay += latency_;
  transaction.set_response_status(tlm::TLM_OK_RESPONSE);
}

}  // namespace headroom
