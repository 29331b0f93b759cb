#include "models/network/link_sharing.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace headroom::network {

namespace {
// SystemC time has steps of 1 fs: what is left at a completion that was rounded is less than two
// steps' worth.
constexpr double time_step = 2e-15;
// Of what a link still has: rounding.
constexpr double nothing = 1e-12;
}  // namespace

LinkSharing::FlowId LinkSharing::add(
    double now, double amount, const std::vector<ResourceUse>& uses, double cap) {
  assert(amount > 0 && cap > 0 && !uses.empty());
  if (flows_.empty()) now_ = now;
  Flow flow{next_id_, 0, 0, std::numeric_limits<double>::infinity(), 0, {}};
  for (const ResourceUse& use : uses)
    flow.pace = std::min(flow.pace, rates_[use.resource].si() / use.share);
  for (const ResourceUse& use : uses)
    flow.loads.push_back({use.resource, flow.pace * use.share / rates_[use.resource].si()});
  flow.remaining = amount / flow.pace;
  flow.cap = std::min(1.0, cap / flow.pace);
  flows_.push_back(std::move(flow));
  divide();
  return next_id_++;
}

std::vector<LinkSharing::FlowId> LinkSharing::advance(double now) {
  std::vector<FlowId> finished;
  const double elapsed = now - now_;
  now_ = now;
  for (Flow& flow : flows_) {
    flow.remaining -= std::min(flow.remaining, flow.share * elapsed);
    // Rounding of doubles at large `now` adds a few ulp of it to the elapsed time.
    if (flow.remaining > flow.share * (time_step + 4e-16 * now)) continue;
    finished.push_back(flow.id);
    flow.remaining = 0;
  }
  if (!finished.empty()) {
    flows_.erase(
        std::remove_if(
            flows_.begin(), flows_.end(), [](const Flow& f) { return f.remaining == 0; }),
        flows_.end());
    divide();
  }
  return finished;
}

double LinkSharing::next_completion() const {
  double next = std::numeric_limits<double>::infinity();
  for (const Flow& flow : flows_) next = std::min(next, now_ + flow.remaining / flow.share);
  return next;
}

double LinkSharing::rate(FlowId id) const {
  for (const Flow& flow : flows_)
    if (flow.id == id) return flow.share * flow.pace;
  return 0;
}

// Progressive filling: the shares of all flows rise together; those of flows that have their cap,
// or that load a link that is full, stay.
void LinkSharing::divide() {
  left_.assign(rates_.size(), 1);
  constexpr double open = -1;
  for (Flow& flow : flows_) flow.share = open;
  const auto settle = [this](Flow& flow, double share) {
    flow.share = share;
    for (const Load& load : flow.loads) left_[load.link] -= share * load.weight;
  };
  for (std::size_t unsettled = flows_.size(); unsettled > 0;) {
    wanted_.assign(rates_.size(), 0);
    for (const Flow& flow : flows_)
      if (flow.share == open)
        for (const Load& load : flow.loads) wanted_[load.link] += load.weight;
    double level = std::numeric_limits<double>::infinity();
    for (std::size_t link = 0; link < left_.size(); ++link)
      if (wanted_[link] > 0) level = std::min(level, std::max(0.0, left_[link]) / wanted_[link]);
    const std::size_t before = unsettled;
    for (Flow& flow : flows_)
      if (flow.share == open && flow.cap <= level) settle(flow, flow.cap), --unsettled;
    if (unsettled < before) continue;
    std::vector<bool> full(left_.size());
    for (std::size_t link = 0; link < left_.size(); ++link)
      full[link] = wanted_[link] > 0 && left_[link] <= wanted_[link] * level * (1 + nothing);
    for (Flow& flow : flows_)
      if (flow.share == open &&
          std::any_of(flow.loads.begin(), flow.loads.end(), [&full](const Load& load) {
            return full[load.link];
          }))
        settle(flow, level), --unsettled;
  }
}

}  // namespace headroom::network
