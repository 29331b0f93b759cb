#include "models/base/transfer.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace headroom {

namespace {
constexpr double longest_transaction = 2147483648.0;  // bytes; fits the payload's unsigned length
}

BytesPerSecond rate_cap_of(const tlm::tlm_generic_payload& transaction) {
  const RateCap* cap = transaction.get_extension<RateCap>();
  return cap == nullptr ? BytesPerSecond(FairShare::no_cap) : cap->rate;
}

sc_core::sc_time TransferInitiator::send(
    tlm::tlm_command command, Bytes amount, BytesPerSecond cap,
    const std::vector<ResourceUse>& uses) {
  sc_core::sc_time latency = sc_core::SC_ZERO_TIME;
  tlm::tlm_generic_payload transaction;
  RateCap extension;
  extension.rate = cap;
  transaction.set_extension(&extension);
  Uses used;
  used.list = uses;
  if (!uses.empty()) transaction.set_extension(&used);
  transaction.set_command(command);
  for (double left = amount.si(); left >= 1; left -= longest_transaction) {
    latency = sc_core::SC_ZERO_TIME;
    transaction.set_data_length(static_cast<unsigned>(std::min(left, longest_transaction)));
    transaction.set_streaming_width(transaction.get_data_length());
    transaction.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    socket->b_transport(transaction, latency);
    if (!transaction.is_response_ok()) {
      transaction.clear_extension(&extension);
      transaction.clear_extension(&used);
      throw std::runtime_error(
          std::string(name()) + ": the target answered " + transaction.get_response_string());
    }
  }
  transaction.clear_extension(&extension);
  transaction.clear_extension(&used);
  return latency;
}

}  // namespace headroom
