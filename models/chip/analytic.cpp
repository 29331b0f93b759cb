#include "models/chip/analytic.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace headroom {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

void add(KernelTime& sum, const KernelTime& time, double share) {
  sum.matrix += share * time.matrix;
  sum.vector += share * time.vector;
  sum.memory += share * time.memory;
  sum.overlapped_vector += share * time.overlapped_vector;
  sum.taken += share * time.taken;
}

}  // namespace

AnalyticChip::AnalyticChip(const ChipDescription& chip, const std::vector<BytesPerSecond>& links,
                           std::size_t streams, std::shared_ptr<KernelCosts> costs, bool names)
    : costs_(std::move(costs)),
      held_share_(chip.lost_to_collectives()),
      names_(names),
      links_(links),
      streams_(streams) {}

KernelTime AnalyticChip::run(const Kernel& kernel) {
  KernelTime result;
  result.start = time();
  for (double left = 1; left > 0;) {
    const KernelTime whole = costs_->time(kernel, surroundings());
    const double needs = left * whole.duration.si(), until = next_change();
    if (now_ + needs <= until) {
      add(result, whole, left);
      advance(now_ + needs);
      break;
    }
    const double share = (until - now_) / whole.duration.si();
    add(result, whole, share);
    left -= share;
    advance(until);
  }
  result.duration = result.matrix + result.vector + result.memory;
  return result;
}

void AnalyticChip::issue(std::size_t stream, const CollectiveOperation& operation) {
  Stream& s = streams_[stream];
  s.queue.push_back(&operation);
  if (s.queue.size() == 1) start(s);
  settle();
}

void AnalyticChip::wait_until(std::size_t stream, std::size_t outstanding) {
  while (streams_[stream].queue.size() > outstanding) {
    const double next = next_change();
    if (!(next < never)) throw std::logic_error("a collective never ends; please report it");
    advance(next);
  }
}

Seconds AnalyticChip::age(std::size_t stream) const {
  const Stream& s = streams_[stream];
  return Seconds(s.phase == Phase::idle ? 0 : now_ - s.began);
}

double AnalyticChip::next_change() const {
  double next = links_.flows() > 0 ? links_.next_completion() : never;
  for (const Stream& s : streams_) {
    if (s.phase == Phase::latency) next = std::min(next, s.latency_until);
    if (s.phase == Phase::transfer && s.hbm_until > now_) next = std::min(next, s.hbm_until);
  }
  return std::max(next, now_);
}

void AnalyticChip::advance(double until) {
  for (;;) {
    const double next = next_change();
    if (next > until) break;
    now_ = next;
    settle();
    if (next_change() <= now_) continue;
    if (now_ >= until) break;
  }
  now_ = std::max(now_, until);
}

// All that happens now.
void AnalyticChip::settle() {
  if (links_.flows() > 0) {
    for (const network::LinkSharing::FlowId flow : links_.advance(now_))
      for (Stream& s : streams_)
        if (s.on_links && s.flow == flow) s.on_links = false;
  }
  for (Stream& s : streams_) {
    if (s.phase == Phase::latency && s.latency_until <= now_) transfer(s);
    if (s.phase == Phase::transfer && !s.on_links && s.hbm_until <= now_) finish(s);
  }
}

void AnalyticChip::start(Stream& s) {
  s.began = now_;
  s.phase = Phase::latency;
  s.latency_until = now_ + s.queue.front()->cost.latency.si();
}

void AnalyticChip::transfer(Stream& s) {
  const CollectiveCost& cost = s.queue.front()->cost;
  s.phase = Phase::transfer;
  s.hbm_until = now_;
  s.on_links = false;
  if (cost.transfer > Seconds(0) && std::max(cost.hbm_read, cost.hbm_write).si() >= 1)
    s.hbm_until = now_ + cost.transfer.si();
  if (cost.links.empty()) return;
  // One transfer of as many bytes as the link with the most has; the others carry their share.
  const Bytes most = *std::max_element(cost.links.begin(), cost.links.end());
  if (most.si() < 1) return;
  std::vector<ResourceUse> uses;
  for (std::size_t link = 0; link < cost.links.size(); ++link)
    if (cost.links[link] > Bytes(0)) uses.push_back({link, cost.links[link] / most});
  s.flow = links_.add(now_, most.si(), uses, (most / cost.transfer).si());
  s.on_links = true;
}

void AnalyticChip::finish(Stream& s) {
  const double duration = now_ - s.began;
  s.busy += duration;
  s.spans.push_back(
      {names_ ? s.queue.front()->name : std::string(), Seconds(s.began), Seconds(duration)});
  s.queue.pop_front();
  s.phase = Phase::idle;
  if (!s.queue.empty()) start(s);
}

Surroundings AnalyticChip::surroundings() const {
  Surroundings beside;
  for (const Stream& s : streams_) {
    if (s.phase == Phase::idle) continue;
    const CollectiveOperation& operation = *s.queue.front();
    if (operation.holds_cores) beside.held = held_share_;
    if (s.phase != Phase::transfer || s.hbm_until <= now_) continue;
    beside.hbm_reads += (operation.cost.hbm_read / operation.cost.transfer).si();
    beside.hbm_writes += (operation.cost.hbm_write / operation.cost.transfer).si();
  }
  return beside;
}

}  // namespace headroom
