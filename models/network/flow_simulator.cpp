#include "models/network/flow_simulator.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace headroom::network {

namespace {
constexpr double never = std::numeric_limits<double>::infinity();
// Transfers that end within this share of the time are one event: what lies between is rounding.
constexpr double same_time = 1e-12;
}  // namespace

FlowSimulator::FlowSimulator(const std::vector<double>& rates)
    : rates_(rates), link_bytes_(rates.size()) {}

FlowSimulator::TransferId FlowSimulator::add(
    const std::vector<LinkUse>& uses, double bytes, double latency) {
  assert(bytes >= 0 && latency >= 0);
  Transfer transfer;
  transfer.bytes = transfer.remaining = bytes;
  transfer.latency = latency;
  transfers_.push_back(std::move(transfer));
  for (const LinkUse& use : uses)
    link_bytes_[static_cast<std::size_t>(use.link)] += bytes * use.share;
  return rates_.add(uses);
}

void FlowSimulator::after_arrival(TransferId transfer, TransferId other) {
  of(other).on_arrival.push_back(transfer);
  ++of(transfer).waits;
}

void FlowSimulator::after_sent(TransferId transfer, TransferId other) {
  of(other).on_sent.push_back(transfer);
  ++of(transfer).waits;
}

void FlowSimulator::start(TransferId id) {
  Transfer& transfer = of(id);
  transfer.started = true;
  transfer.since = now_;
  if (transfer.remaining > 0) {
    rates_.activate(id);
    changed_ = true;
    if (rates_.rate(id) != never) return;
  }
  heap_.push_back({now_, id, transfer.version, What::sent});
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
}

void FlowSimulator::release(const std::vector<std::int32_t>& waiting) {
  for (const TransferId id : waiting)
    if (--of(id).waits == 0) ready_.push_back(id);
}

// New rates for all flows that a start or an end has touched.
void FlowSimulator::resettle() {
  changed_ = false;
  for (const TransferId id : rates_.settle()) {
    Transfer& transfer = of(id);
    const double rate = rates_.rate(id);
    if (rate == transfer.rate) continue;
    transfer.remaining = std::max(
        0.0, transfer.remaining - transfer.rate * (now_ - transfer.since));
    transfer.since = now_;
    transfer.rate = rate;
    heap_.push_back({now_ + transfer.remaining / rate, id, ++transfer.version, What::sent});
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
}

void FlowSimulator::handle(const Event& event) {
  Transfer& transfer = of(event.transfer);
  ++events_;
  if (event.what == What::arrived) {
    transfer.arrived_at = event.at;
    release(transfer.on_arrival);
    return;
  }
  if (transfer.bytes > 0) {
    rates_.finish(event.transfer);
    changed_ = true;
  }
  transfer.sent = true;
  last_sent_ = std::max(last_sent_, now_);
  heap_.push_back({now_ + transfer.latency, event.transfer, 0, What::arrived});
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  release(transfer.on_sent);
}

double FlowSimulator::run(const std::function<std::string(TransferId)>& name) {
  for (std::size_t i = 0; i < transfers_.size(); ++i)
    if (transfers_[i].waits == 0) ready_.push_back(static_cast<TransferId>(i));
  double end = 0;
  for (;;) {
    // By index: what starts may release others.  NOLINTNEXTLINE(modernize-loop-convert)
    for (std::size_t i = 0; i < ready_.size(); ++i) start(ready_[i]);
    ready_.clear();
    if (changed_) resettle();
    if (heap_.empty()) break;
    now_ = heap_.front().at;
    const double until = now_ * (1 + same_time);
    while (!heap_.empty() && heap_.front().at <= until) {
      const Event event = heap_.front();
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
      heap_.pop_back();
      if (event.what == What::sent &&
          (event.version != of(event.transfer).version || of(event.transfer).sent))
        continue;
      handle(event);
      end = std::max(end, event.at);
    }
  }
  for (const Transfer& transfer : transfers_)
    if (transfer.arrived_at < 0) stalled(name);
  return end;
}

void FlowSimulator::stalled(const std::function<std::string(TransferId)>& name) const {
  // Whom each one that never started waits for.
  std::vector<std::vector<TransferId>> waits_for(transfers_.size());
  for (std::size_t i = 0; i < transfers_.size(); ++i) {
    const Transfer& transfer = transfers_[i];
    if (transfer.arrived_at >= 0) continue;
    for (const auto* waiting : {&transfer.on_arrival, &transfer.on_sent})
      for (const TransferId w : *waiting)
        waits_for[static_cast<std::size_t>(w)].push_back(static_cast<TransferId>(i));
  }
  std::string text = "no progress:";
  int named = 0;
  constexpr int most = 8;
  for (std::size_t i = 0; i < transfers_.size(); ++i) {
    if (transfers_[i].arrived_at >= 0 || waits_for[i].empty()) continue;
    if (++named > most) continue;
    text += (named > 1 ? "; " : " ") + name(static_cast<TransferId>(i)) + " waits for " +
            name(waits_for[i].front());
  }
  if (named > most) text += "; and " + std::to_string(named - most) + " more";
  throw Stalled(text);
}

}  // namespace headroom::network
