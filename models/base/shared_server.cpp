#include "models/base/shared_server.h"

#include <algorithm>
#include <cassert>

#include "models/base/kernel_time.h"

namespace headroom {

SharedServer::SharedServer(
    const sc_core::sc_module_name& name, BytesPerSecond rate, Discipline discipline)
    : sc_module(name), rate_(rate), discipline_(discipline), fair_(rate.si()) {
  SC_HAS_PROCESS(SharedServer);
  SC_METHOD(complete);
  sensitive << completion_;
  dont_initialize();
}

void SharedServer::transfer(Bytes amount, BytesPerSecond cap) {
  assert(amount.si() >= 0);
  if (amount.si() <= 0) return;
  ++events_;
  if (discipline_ == Discipline::in_order) {
    const double start = std::max(now().si(), in_order_free_at_);
    // A caller with a rate of its own finishes later, but holds the server no longer than others
    // do.
    const double service = amount / rate_ / Seconds(1);
    in_order_free_at_ = start + service;
    in_order_busy_ += service;
    const double done = std::max(in_order_free_at_, start + amount / cap / Seconds(1));
    sc_core::wait(to_sc_time(Seconds(done) - now()));
    return;
  }
  sc_core::sc_event done;
  complete();
  waiting_.emplace(fair_.add(now().si(), amount.si(), cap.si()), &done);
  schedule();
  sc_core::wait(done);
}

void SharedServer::complete() {
  for (const FairShare::FlowId id : fair_.advance(now().si())) {
    const auto waiter = waiting_.find(id);
    waiter->second->notify();
    waiting_.erase(waiter);
    ++events_;
  }
  schedule();
}

void SharedServer::schedule() {
  completion_.cancel();
  if (fair_.flows() > 0)
    completion_.notify(to_sc_time(Seconds(std::max(0.0, fair_.next_completion() - now().si()))));
}

}  // namespace headroom
