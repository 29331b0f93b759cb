#include "models/base/shared_server.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "models/base/kernel_time.h"

namespace headroom {

SharedServer::SharedServer(
    const sc_core::sc_module_name& name, BytesPerSecond rate, Discipline discipline)
    : SharedServer(
          name, [rate](double) { return rate; }, discipline) {}

SharedServer::SharedServer(
    const sc_core::sc_module_name& name, RateOfMix rate, Discipline discipline)
    : sc_module(name), rate_(std::move(rate)), discipline_(discipline), fair_(rate_(1).si()) {
  SC_HAS_PROCESS(SharedServer);
  SC_METHOD(complete);
  sensitive << completion_;
  dont_initialize();
}

void SharedServer::transfer(Bytes amount, BytesPerSecond cap, Access access) {
  assert(amount.si() >= 0);
  if (amount.si() <= 0) return;
  ++events_;
  if (discipline_ == Discipline::in_order) {
    // A slow caller takes the server for its bytes only and is done when its own pace has passed
    // too.
    const double service = (amount / rate_(access == Access::load ? 1 : 0)).si();
    in_order_free_at_ = std::max(now().si(), in_order_free_at_) + service;
    in_order_busy_ += service;
    sc_core::wait(to_sc_time(std::max(Seconds(in_order_free_at_) - now(), amount / cap)));
    return;
  }
  sc_core::sc_event done;
  complete();
  waiting_.emplace(fair_.add(now().si(), amount.si(), cap.si()), Caller{&done, access});
  follow_mix();
  schedule();
  sc_core::wait(done);
}

void SharedServer::complete() {
  for (const FairShare::FlowId id : fair_.advance(now().si())) {
    const auto waiter = waiting_.find(id);
    waiter->second.done->notify();
    waiting_.erase(waiter);
    ++events_;
  }
  follow_mix();
  schedule();
}

// The mix is that of the rates which callers would have at the rate of loads alone: of what is
// under way, not of what was before.
void SharedServer::follow_mix() {
  if (waiting_.empty()) return;
  fair_.set_rate(rate_(1).si());
  double loads = 0, all = 0;
  for (const auto& [id, caller] : waiting_) {
    const double rate = fair_.rate_of(id);
    all += rate;
    if (caller.access == Access::load) loads += rate;
  }
  fair_.set_rate(rate_(loads / all).si());
}

void SharedServer::schedule() {
  completion_.cancel();
  if (fair_.flows() > 0)
    completion_.notify(to_sc_time(Seconds(std::max(0.0, fair_.next_completion() - now().si()))));
}

}  // namespace headroom
