// Long transfers over TLM-2.0: what an initiator sends and what a target reads from a generic
// payload. Timing only: the payload carries a length and no data.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <tlm>
#include <vector>

#include "models/base/fidelity.h"
#include "models/base/quantity.h"
#include "models/base/shared_server.h"
#include "models/base/transfer_uses.h"

namespace headroom {

// The rate that the initiator itself cannot exceed (a collective reads HBM no faster than its links
// send).
struct RateCap : tlm::tlm_extension<RateCap> {
  BytesPerSecond rate{FairShare::no_cap};

  [[nodiscard]] tlm_extension_base* clone() const override { return new RateCap(*this); }
  void copy_from(const tlm_extension_base& other) override {
    *this = static_cast<const RateCap&>(other);
  }
};

// Which of the target's resources the bytes load, where it has several that are shared apart.
struct Uses : tlm::tlm_extension<Uses> {
  std::vector<ResourceUse> list;

  [[nodiscard]] tlm_extension_base* clone() const override { return new Uses(*this); }
  void copy_from(const tlm_extension_base& other) override {
    *this = static_cast<const Uses&>(other);
  }
};

// No cap where the transaction states none.
[[nodiscard]] BytesPerSecond rate_cap_of(const tlm::tlm_generic_payload& transaction);

[[nodiscard]] constexpr Discipline discipline_of(Fidelity fidelity) {
  return fidelity == Fidelity::analytic ? Discipline::in_order : Discipline::fair_share;
}

// One initiator's way to send: splits what is longer than a payload can say. Its owner holds the
// socket. send() is called from an SC_THREAD, blocks while the bytes move, and returns the latency
// that is still to come.
class TransferInitiator : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<TransferInitiator> socket;

  explicit TransferInitiator(const sc_core::sc_module_name& name)
      : sc_module(name), socket("socket") {}

  sc_core::sc_time send(
      tlm::tlm_command command, Bytes amount,
      BytesPerSecond cap = BytesPerSecond(FairShare::no_cap),
      const std::vector<ResourceUse>& uses = {});
};

}  // namespace headroom
