#include "models/network/network_port.h"

#include <algorithm>

#include "models/base/kernel_time.h"
#include "models/base/transfer.h"

namespace headroom {

NetworkPort::NetworkPort(const sc_core::sc_module_name& name,
                         const std::vector<BytesPerSecond>& links, Fidelity fidelity)
    : sc_module(name),
      target("target"),
      rates_(links),
      fidelity_(fidelity),
      sharing_(links),
      free_at_(links.size()) {
  target.register_b_transport(this, &NetworkPort::b_transport);
  SC_HAS_PROCESS(NetworkPort);
  SC_METHOD(complete);
  sensitive << completion_;
  dont_initialize();
}

void NetworkPort::b_transport(int, tlm::tlm_generic_payload& transaction, sc_core::sc_time&) {
  const Uses* uses = transaction.get_extension<Uses>();
  const bool known = uses != nullptr && !uses->list.empty() &&
                     std::all_of(uses->list.begin(), uses->list.end(), [this](const auto& use) {
                       return use.resource < rates_.size() && use.share > 0;
                     });
  if (!known) {
    transaction.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    return;
  }
  ++events_;
  const double amount = transaction.get_data_length(), cap = rate_cap_of(transaction).si();
  if (fidelity_ == Fidelity::analytic)
    queue(amount, uses->list, cap);
  else
    share(amount, uses->list, cap);
  transaction.set_response_status(tlm::TLM_OK_RESPONSE);
}

void NetworkPort::share(double amount, const std::vector<ResourceUse>& uses, double cap) {
  sc_core::sc_event done;
  complete();
  waiting_.emplace(sharing_.add(now().si(), amount, uses, cap), &done);
  schedule();
  sc_core::wait(done);
}

// A slow caller takes the links for its bytes only and is done when its own pace has passed too.
void NetworkPort::queue(double amount, const std::vector<ResourceUse>& uses, double cap) {
  Seconds until = now() + Bytes(amount) / BytesPerSecond(cap);
  for (const ResourceUse& use : uses) {
    double& free_at = free_at_[use.resource];
    free_at = std::max(now().si(), free_at) + amount * use.share / rates_[use.resource].si();
    until = std::max(until, Seconds(free_at));
  }
  sc_core::wait(to_sc_time(until - now()));
}

void NetworkPort::complete() {
  for (const network::LinkSharing::FlowId id : sharing_.advance(now().si())) {
    const auto waiter = waiting_.find(id);
    waiter->second->notify();
    waiting_.erase(waiter);
    ++events_;
  }
  schedule();
}

void NetworkPort::schedule() {
  completion_.cancel();
  if (sharing_.flows() > 0)
    completion_.notify(to_sc_time(Seconds(std::max(0.0, sharing_.next_completion() - now().si()))));
}

}  // namespace headroom
