#include "models/scratchpad/core.h"

#include "models/scratchpad/bank_map.h"

namespace headroom::scratchpad {
namespace {

const Parameters& checked(const Parameters& parameters, const Requests& requests) {
  check(parameters, requests);
  return parameters;
}

}  // namespace

Core::Core(const Parameters& parameters, const Requests& requests, const Edges& edges,
           bool lockstep, Timeline* timeline)
    : parameters_(checked(parameters, requests)),
      edges_(edges),
      offers_(requests, edges_, lockstep),
      timeline_(timeline),
      bank_ports_(2 * static_cast<std::size_t>(parameters.banks)),
      responses_(requests.size()),
      wanted_(requests.size()) {
  for (Responses& of_port : responses_)
    of_port.due.resize(static_cast<std::size_t>(parameters.outstanding_reads));
  if (timeline_ != nullptr) *timeline_ = Timeline(requests.size());
}

Cycles Core::advance() {
  offers_.begin(now_);
  arbitrate();  // sees the credits as they were before this cycle
  deliver();
  grant();
  ++now_;
  return 1;
}

void Core::arbitrate() {
  candidates_.clear();
  for (std::size_t p = 0; p < responses_.size(); ++p) {
    if (!offers_.offered(p)) continue;
    ++offered_;
    const Request& head = offers_.head(p);
    if (offers_.since(p) == now_) wanted_[p] = bank_port(head);
    if (!head.write && responses_[p].count == responses_[p].due.size()) continue;
    BankPort& at = bank_ports_[wanted_[p]];
    if (at.asked != now_ + 1 || before(p, at)) at.best = p;
    at.asked = now_ + 1;
    candidates_.push_back(p);
  }
}

std::size_t Core::bank_port(const Request& request) const {
  const auto bank = static_cast<std::size_t>(bank_of(parameters_, request.address));
  return 2 * bank + (parameters_.one_read_one_write && request.write ? 1 : 0);
}

// Ports come in ascending order, so the best one so far is below `port`.
bool Core::before(std::size_t port, const BankPort& at) const {
  if (parameters_.arbitration == Arbitration::age && offers_.since(port) != offers_.since(at.best))
    return offers_.since(port) < offers_.since(at.best);
  return at.best < at.turn && port >= at.turn;
}

void Core::deliver() {
  if (in_flight_ == 0) return;
  for (std::size_t p = 0; p < responses_.size(); ++p) {
    Responses& of_port = responses_[p];
    if (of_port.count == 0 || of_port.due[of_port.first] > now_) continue;
    if (now_ >= of_port.open_until) {
      const Cycles open = edges_.responses[p]->open_for(now_);
      of_port.open_until = open == forever ? forever : now_ + open;
    }
    if (now_ >= of_port.open_until) continue;
    of_port.first = of_port.first + 1 == of_port.due.size() ? 0 : of_port.first + 1;
    --of_port.count;
    --in_flight_;
    if (timeline_ != nullptr) timeline_->responded[p].push_back(now_);
    moved();
  }
}

void Core::grant() {
  for (const std::size_t p : candidates_) {
    BankPort& at = bank_ports_[wanted_[p]];
    if (at.best != p) continue;
    at.turn = p + 1 == responses_.size() ? 0 : p + 1;
    if (!offers_.head(p).write) {
      Responses& of_port = responses_[p];
      std::size_t behind = of_port.first + of_port.count;
      if (behind >= of_port.due.size()) behind -= of_port.due.size();
      of_port.due[behind] = now_ + static_cast<Cycles>(parameters_.read_latency);
      ++of_port.count;
      ++in_flight_;
    }
    offers_.granted(p);
    ++granted_;
    if (timeline_ != nullptr) timeline_->granted[p].push_back(now_);
    if (!any_) first_ = now_;
    any_ = true;
    moved();
  }
}

void Core::moved() { last_ = now_; }

}  // namespace headroom::scratchpad
