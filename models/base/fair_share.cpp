#include "models/base/fair_share.h"

#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace headroom {

namespace {
// SystemC time has steps of 1 fs: what is left at a completion that was rounded is less than two
// steps' worth.
constexpr double time_step = 2e-15;
}  // namespace

FairShare::FlowId FairShare::add(double now, double amount, double cap) {
  assert(amount > 0 && cap > 0);
  assert(now >= now_ - time_step);
  if (flows_.empty()) now_ = now;
  flows_.push_back({next_id_, amount, cap, 0});
  share();
  return next_id_++;
}

std::vector<FairShare::FlowId> FairShare::advance(double now) {
  std::vector<FlowId> finished;
  const double elapsed = now - now_;
  now_ = now;
  if (flows_.empty()) return finished;
  busy_ += elapsed;
  for (Flow& flow : flows_) {
    const double moved = std::min(flow.remaining, flow.rate * elapsed);
    flow.remaining -= moved;
    delivered_ += moved;
    // Rounding of doubles at large `now` adds a few ulp of it to the elapsed time.
    const double slack = flow.rate * (time_step + 4e-16 * now);
    if (flow.remaining <= slack)
      finished.push_back(flow.id), delivered_ += flow.remaining, flow.remaining = 0;
  }
  if (!finished.empty()) {
    flows_.erase(
        std::remove_if(
            flows_.begin(), flows_.end(), [](const Flow& f) { return f.remaining == 0; }),
        flows_.end());
    share();
  }
  return finished;
}

void FairShare::set_rate(double rate) {
  assert(rate > 0);
  if (rate == rate_) return;
  rate_ = rate;
  share();
}

double FairShare::rate_of(FlowId id) const {
  for (const Flow& flow : flows_)
    if (flow.id == id) return flow.rate;
  throw std::out_of_range("FairShare: no such flow");
}

double FairShare::next_completion() const {
  double next = std::numeric_limits<double>::infinity();
  for (const Flow& flow : flows_) next = std::min(next, now_ + flow.remaining / flow.rate);
  return next;
}

// Water filling: flows whose cap is below the equal share get their cap, the others share what is
// left.
void FairShare::share() {
  double left = rate_;
  std::size_t open = flows_.size();
  for (Flow& flow : flows_) flow.rate = -1;
  for (bool settled = false; !settled && open > 0;) {
    settled = true;
    const double equal = left / static_cast<double>(open);
    for (Flow& flow : flows_) {
      if (flow.rate < 0 && flow.cap <= equal) {
        flow.rate = flow.cap;
        left -= flow.cap;
        --open;
        settled = false;
      }
    }
  }
  for (Flow& flow : flows_)
    if (flow.rate < 0) flow.rate = left / static_cast<double>(open);
}

}  // namespace headroom
