// Event-driven simulation of transfers that wait for one another and share links: every transfer
// starts when what it waits for has happened, flows at its max-min fair rate over all links of its
// route, and arrives one latency after its last byte left. No SystemC and no clock of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/network/max_min.h"

namespace headroom::network {

// The simulation can make no progress: the message names who waits for whom.
class Stalled : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class FlowSimulator {
 public:
  using TransferId = std::int32_t;

  // rates: bytes per second of each link.
  explicit FlowSimulator(const std::vector<double>& rates);

  // A transfer of `bytes` >= 0 over `uses`; latency in seconds.
  TransferId add(const std::vector<LinkUse>& uses, double bytes, double latency);
  // `transfer` starts after `other` has arrived (its data is needed), or has been sent (its sender
  // is busy until then).
  void after_arrival(TransferId transfer, TransferId other);
  void after_sent(TransferId transfer, TransferId other);

  // Runs to the end; returns when the last transfer has arrived. Throws Stalled where transfers
  // wait in a circle; `name` says what a transfer is.
  double run(const std::function<std::string(TransferId)>& name);

  [[nodiscard]] double arrived_at(TransferId transfer) const {
    return transfers_[static_cast<std::size_t>(transfer)].arrived_at;
  }
  // When the last byte left.
  [[nodiscard]] double last_sent_at() const { return last_sent_; }
  [[nodiscard]] const std::vector<double>& link_bytes() const { return link_bytes_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  struct Transfer {
    double bytes = 0, latency = 0;
    double remaining = 0, rate = 0, since = 0, arrived_at = -1;
    std::int32_t waits = 0;
    std::uint32_t version = 0;
    bool started = false, sent = false;
    std::vector<std::int32_t> on_arrival, on_sent;
  };
  enum class What { sent, arrived };
  struct Event {
    double at;
    TransferId transfer;
    std::uint32_t version;
    What what;
    bool operator>(const Event& other) const {
      return at != other.at ? at > other.at : transfer > other.transfer;
    }
  };

  Transfer& of(TransferId id) { return transfers_[static_cast<std::size_t>(id)]; }
  void start(TransferId id);
  void release(const std::vector<std::int32_t>& waiting);
  void resettle();
  void handle(const Event& event);
  [[noreturn]] void stalled(const std::function<std::string(TransferId)>& name) const;

  MaxMin rates_;
  std::vector<Transfer> transfers_;
  std::vector<Event> heap_;
  std::vector<TransferId> ready_;
  std::vector<double> link_bytes_;
  std::vector<std::int64_t> first_use_;
  double now_ = 0, last_sent_ = 0;
  bool changed_ = false;
  std::uint64_t events_ = 0;
};

}  // namespace headroom::network
