#include "models/network/max_min.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <queue>
#include <tuple>

namespace headroom::network {

MaxMin::MaxMin(std::vector<double> capacity) : links_(capacity.size()) {
  for (std::size_t i = 0; i < capacity.size(); ++i) {
    assert(capacity[i] > 0);
    links_[i].capacity = capacity[i];
  }
}

std::int32_t MaxMin::add(const std::vector<LinkUse>& uses, double count) {
  Flow flow;
  flow.first = static_cast<std::int64_t>(uses_.size());
  flow.links = static_cast<std::int32_t>(uses.size());
  flow.count = count;
  uses_.insert(uses_.end(), uses.begin(), uses.end());
  flows_.push_back(flow);
  return static_cast<std::int32_t>(flows_.size()) - 1;
}

void MaxMin::mark(std::int32_t flow) {
  const Flow& f = flows_[index(flow)];
  for (std::int32_t i = 0; i < f.links; ++i) {
    const std::int32_t link = uses_[static_cast<std::size_t>(f.first + i)].link;
    Link& l = links_[index(link)];
    if (f.active) l.flows.push_back(flow);
    if (!l.dirty) dirty_.push_back(link);
    l.dirty = true;
  }
}

void MaxMin::activate(std::int32_t flow) {
  Flow& f = flows_[index(flow)];
  f.active = true;
  f.rate = f.links == 0 ? std::numeric_limits<double>::infinity() : 0;
  mark(flow);
}

void MaxMin::finish(std::int32_t flow) {
  flows_[index(flow)].active = false;
  mark(flow);
}

// The links and flows that changes can reach.
void MaxMin::collect() {
  ++visit_;
  touched_flows_.clear();
  touched_links_.clear();
  for (const std::int32_t link : dirty_) {
    links_[index(link)].dirty = false;
    links_[index(link)].seen = visit_;
    touched_links_.push_back(link);
  }
  dirty_.clear();
  for (std::size_t next = 0; next < touched_links_.size(); ++next) {
    Link& link = links_[index(touched_links_[next])];
    link.flows.erase(
        std::remove_if(link.flows.begin(), link.flows.end(),
                       [this](std::int32_t f) { return !flows_[index(f)].active; }),
        link.flows.end());
    for (const std::int32_t f : link.flows) {
      Flow& flow = flows_[index(f)];
      if (flow.seen == visit_) continue;
      flow.seen = visit_;
      touched_flows_.push_back(f);
      for (std::int32_t i = 0; i < flow.links; ++i) {
        const std::int32_t other = uses_[static_cast<std::size_t>(flow.first + i)].link;
        if (links_[index(other)].seen == visit_) continue;
        links_[index(other)].seen = visit_;
        touched_links_.push_back(other);
      }
    }
  }
}

void MaxMin::fill() {
  using Entry = std::tuple<double, std::int32_t, std::uint32_t>;  // fair share, link, version
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  for (const std::int32_t l : touched_links_) {
    links_[index(l)].left = links_[index(l)].capacity;
    links_[index(l)].weight = 0;
  }
  for (const std::int32_t f : touched_flows_) {
    Flow& flow = flows_[index(f)];
    flow.rate = -1;
    for (std::int32_t i = 0; i < flow.links; ++i) {
      const LinkUse& use = uses_[static_cast<std::size_t>(flow.first + i)];
      links_[index(use.link)].weight += use.share * flow.count;
    }
  }
  for (const std::int32_t l : touched_links_) {
    Link& link = links_[index(l)];
    if (link.weight > 0) queue.emplace(link.left / link.weight, l, ++link.version);
  }
  std::vector<std::int32_t> changed;
  std::size_t open = touched_flows_.size();
  while (open > 0) {
    assert(!queue.empty());
    const auto [share, l, version] = queue.top();
    queue.pop();
    if (links_[index(l)].version != version) continue;
    changed.clear();
    for (const std::int32_t f : links_[index(l)].flows) {
      Flow& flow = flows_[index(f)];
      if (flow.rate >= 0) continue;
      flow.rate = share;
      --open;
      for (std::int32_t i = 0; i < flow.links; ++i) {
        const LinkUse& use = uses_[static_cast<std::size_t>(flow.first + i)];
        Link& link = links_[index(use.link)];
        link.left -= share * use.share * flow.count;
        link.weight -= use.share * flow.count;
        if (!link.dirty) changed.push_back(use.link);
        link.dirty = true;
      }
    }
    for (const std::int32_t c : changed) {
      Link& link = links_[index(c)];
      link.dirty = false;
      ++link.version;
      // What rounding leaves of the weight of a link whose flows are all settled is nothing.
      if (c != l && link.weight > 1e-9)
        queue.emplace(std::max(link.left, 0.0) / link.weight, c, link.version);
    }
  }
}

const std::vector<std::int32_t>& MaxMin::settle() {
  collect();
  fill();
  return touched_flows_;
}

}  // namespace headroom::network
