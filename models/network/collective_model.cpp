#include "models/network/collective_model.h"

#include <algorithm>
#include <cassert>

#include "models/network/bus_factor.h"
#include "models/network/protocol.h"

namespace headroom::network {

CollectiveModel::CollectiveModel(const ChipDescription& chip, const ClusterDescription& cluster)
    : chip_(chip), cluster_(cluster), topology_(make_topology(chip, cluster)) {}

CollectiveModel::~CollectiveModel() = default;

Team CollectiveModel::team(const Request& request) const {
  Team team = make_team(cluster_, request.ranks, request.stride);
  team.skew = request.skew;
  return team;
}

Bytes CollectiveModel::hbm_read(const Request& request) {
  return request.payload * bus_factor(request.operation, request.ranks);
}

const Profile* CollectiveModel::find_profile(const Algorithm& algorithm, const Request& request) {
  const Key key{&algorithm, request.operation, request.ranks, request.stride, request.skew};
  auto found = profiles_.find(key);
  if (found == profiles_.end()) {
    std::optional<Profile> result;
    try {
      result = profile(*topology_, algorithm, request.operation, team(request));
    } catch (const TooLarge& refusal) {
      refusal_ = refusal.what();
    }
    found = profiles_.emplace(key, std::move(result)).first;
  }
  return found->second ? &*found->second : nullptr;
}

void CollectiveModel::add_protocols(
    const Algorithm& algorithm, const Profile& profile, const Request& request, bool every_protocol,
    std::vector<Estimate>& out) const {
  std::vector<ProtocolTime> times = protocol_times(
      chip_, cluster_, team(request), algorithm.name(), request.operation, profile, request.payload,
      request.payload * bus_factor(request.operation, request.ranks));
  if (!every_protocol)
    times = {*std::min_element(
        times.begin(), times.end(), [](const ProtocolTime& a, const ProtocolTime& b) {
          return a.total() - a.fill < b.total() - b.fill;
        })};
  for (const ProtocolTime& time : times)
    out.push_back({&algorithm, &profile, time.protocol, time.total(), time.start, time.steps,
                   time.fill, time.transfer});
}

bool CollectiveModel::offered(const Algorithm& algorithm, Collective operation) const {
  return has_algorithm(cluster_.library, algorithm.name(), operation);
}

std::vector<Estimate> CollectiveModel::estimates(const Request& request, bool every_protocol) {
  std::vector<Estimate> result;
  const Team placed = team(request);
  for (const auto& algorithm : algorithms()) {
    const bool wanted = request.algorithm == "auto" ? offered(*algorithm, request.operation)
                                                    : request.algorithm == algorithm->name();
    if (!wanted || !algorithm->complaint(request.operation, placed).empty()) continue;
    if (const Profile* p = find_profile(*algorithm, request))
      add_protocols(*algorithm, *p, request, every_protocol, result);
  }
  return result;
}

Estimate CollectiveModel::estimate(const Request& request) {
  if (request.ranks == 1) return {};
  const std::vector<Estimate> all = estimates(request);
  if (all.empty()) throw TooLarge(refusal_);
  return *std::min_element(all.begin(), all.end(), [](const Estimate& a, const Estimate& b) {
    return a.time < b.time;
  });
}

CollectiveCost CollectiveModel::cost_of(const Request& request, const Estimate& estimate) const {
  CollectiveCost cost;
  cost.links.assign(topology_->classes().size(), Bytes(0));
  for (const LinkLoad& load : estimate.profile->loads) {
    Bytes& busiest = cost.links[static_cast<std::size_t>(load.link_class)];
    busiest = std::max(busiest, request.payload * load.bytes_per_byte);
  }
  cost.hbm_read = cost.hbm_write = hbm_read(request);
  cost.transfer = estimate.transfer;
  cost.latency = estimate.time - estimate.transfer;
  return cost;
}

CollectiveCost CollectiveModel::cost(Collective operation, Bytes payload, const Group& group) {
  if (group.ranks <= 1) return {};
  const auto key = std::make_tuple(operation, payload.si(), group.ranks, group.stride);
  const auto known = costs_.find(key);
  if (known != costs_.end()) return known->second;
  Request request;
  request.operation = operation;
  request.payload = payload;
  request.ranks = group.ranks;
  request.stride = group.stride;
  return costs_.emplace(key, cost_of(request, estimate(request))).first->second;
}

const Profile& CollectiveModel::message_profile(
    const Profile& all, const Group& group, std::int64_t from, std::int64_t to) {
  const auto [found, is_new] = messages_.try_emplace({group.ranks, group.stride, from, to});
  Profile& own = found->second;
  if (!is_new) return own;
  Stage stage;
  stage.steps = 1;
  std::vector<bool> crossed(topology_->classes().size());
  Route route;
  for (Endpoint chip = 0; chip < group.stride; ++chip) {
    topology_->find_route(from * group.stride + chip, to * group.stride + chip, route);
    if (slower(crossings_of(route), stage.crossings)) stage.crossings = crossings_of(route);
    for (const Hop& hop : route.hops) crossed[static_cast<std::size_t>(hop.link_class)] = true;
  }
  for (const LinkLoad& load : all.loads) {
    const auto link_class = static_cast<std::size_t>(load.link_class);
    if (!crossed[link_class]) continue;
    own.loads.push_back(load);
    stage.seconds_per_byte = std::max(
        stage.seconds_per_byte,
        load.bytes_per_byte / topology_->classes()[link_class].bandwidth.si());
  }
  own.stages = {stage};
  return own;
}

CollectiveCost CollectiveModel::message(
    Bytes payload, const Group& group, std::int64_t from, std::int64_t to) {
  if (from == to) return {};
  Request request;
  request.operation = Collective::send;
  request.payload = payload;
  request.ranks = group.ranks;
  request.stride = group.stride;
  const Algorithm& direct = *find_algorithm("direct");
  const Profile* all = find_profile(direct, request);
  if (all == nullptr) throw TooLarge("the stages of a pipeline have too many chips");
  std::vector<Estimate> estimates;
  add_protocols(direct, message_profile(*all, group, from, to), request, false, estimates);
  return cost_of(request, estimates.front());
}

}  // namespace headroom::network
