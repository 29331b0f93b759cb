// The network as one chip sees it: a TLM-2.0 target for collectives and messages, each of which
// says which links it loads (extension Uses: a resource is a class of the topology's links, whose
// busiest stands for all). Chips behave alike, so what one chip has under way at the same time
// stands for what all have.
//
// b_transport blocks while the bytes move. Fidelities as for HBM: `cycle` shares every link among
// all that load it, `analytic` serves each link in order of arrival.
#pragma once

#include <tlm_utils/multi_passthrough_target_socket.h>

#include <map>
#include <tlm>
#include <vector>

#include "models/base/fidelity.h"
#include "models/network/link_sharing.h"

namespace headroom {

class NetworkPort : public sc_core::sc_module {
 public:
  tlm_utils::multi_passthrough_target_socket<NetworkPort> target;

  NetworkPort(const sc_core::sc_module_name& name, const std::vector<BytesPerSecond>& links,
              Fidelity fidelity);

  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  void b_transport(int initiator, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);
  void share(double amount, const std::vector<ResourceUse>& uses, double cap);
  void queue(double amount, const std::vector<ResourceUse>& uses, double cap);
  void complete();
  void schedule();

  std::vector<BytesPerSecond> rates_;
  Fidelity fidelity_;
  network::LinkSharing sharing_;
  std::map<network::LinkSharing::FlowId, sc_core::sc_event*> waiting_;
  sc_core::sc_event completion_;
  std::vector<double> free_at_;  // of each link, where it serves in order
  std::uint64_t events_ = 0;
};

}  // namespace headroom
