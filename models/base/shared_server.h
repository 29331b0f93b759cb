// SharedServer: the SystemC shell around FairShare or around a first-come-first-served queue. It
// gives any block that is a rate (HBM, a link port) its occupancy and back-pressure: callers block
// for as long as the work really takes beside the work of others.
#pragma once

#include <functional>
#include <map>
#include <systemc>

#include "models/base/fair_share.h"
#include "models/base/quantity.h"

namespace headroom {

// How callers share a server.
enum class Discipline {
  fair_share,  // all at once, max-min fair: cycle fidelity of long transfers
  in_order,    // one after another at the full rate: what an analytic cost amounts to
};

// What a caller's amount does; to servers with one rate it makes no difference.
enum class Access { load, store };

class SharedServer : public sc_core::sc_module {
 public:
  // Of all callers together, by the share of loads in what passes, 0 to 1.
  using RateOfMix = std::function<BytesPerSecond(double load_share)>;

  SharedServer(const sc_core::sc_module_name& name, BytesPerSecond rate, Discipline discipline);
  // fair_share: the rate follows the mix whenever a caller starts or ends. in_order: each caller is
  // served at the rate of its own kind alone.
  SharedServer(const sc_core::sc_module_name& name, RateOfMix rate, Discipline discipline);

  // Called from an SC_THREAD; returns when `amount` has passed. `cap` bounds this caller's own
  // rate.
  void transfer(Bytes amount, BytesPerSecond cap = BytesPerSecond(FairShare::no_cap),
                Access access = Access::load);

  [[nodiscard]] Seconds busy() const { return Seconds(fair_.busy_seconds() + in_order_busy_); }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  struct Caller {
    sc_core::sc_event* done;
    Access access;
  };
  void complete();
  void follow_mix();
  void schedule();

  RateOfMix rate_;
  Discipline discipline_;
  FairShare fair_;
  std::map<FairShare::FlowId, Caller> waiting_;
  sc_core::sc_event completion_;
  double in_order_free_at_ = 0, in_order_busy_ = 0;
  std::uint64_t events_ = 0;
};

}  // namespace headroom
