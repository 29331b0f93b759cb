// The time of collectives on one cluster: each algorithm's profile, the protocols of the library
// that runs it, and the choice of the fastest for a size, as libraries choose. Profiles are kept,
// so that asking for another size of the same operation and group costs little, and so are costs:
// asking for the same one again costs nothing.
//
// The library adds to the links (configs/libraries): NCCL's three protocols trade latency for
// bandwidth (LL sends a flag with every 4 bytes, LL128 with every 120, Simple none), and its start
// and step latencies replace those of the links. Algorithms that pass chunks on have pipelines to
// fill: what a chunk takes through the steps that the data has yet to reach.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "models/chip/description.h"
#include "models/network/algorithm.h"
#include "models/network/profile.h"
#include "models/network/topology.h"

namespace headroom::network {

// One collective that every group of `ranks` chips, `stride` apart, runs at once.
struct Request {
  Collective operation = Collective::all_reduce;
  Bytes payload;  // whole tensor of a rank; of all_to_all and send, what a rank sends
  std::int64_t ranks = 1, stride = 1;
  double skew = 1;                 // all_to_all: what rank 0 receives relative to the others
  std::string algorithm = "auto";  // or a name of algorithm_names() that fits
};

struct Estimate {
  const Algorithm* algorithm = nullptr;
  const Profile* profile = nullptr;
  std::string_view protocol;
  Seconds time;
  Seconds start, steps, fill;  // start-up, latency of the steps, filling of pipelines
  Seconds transfer;            // bytes over the tightest links
};

class CollectiveModel {
 public:
  CollectiveModel(const ChipDescription& chip, const ClusterDescription& cluster);
  ~CollectiveModel();

  // The fastest of the algorithms and protocols that the request allows: `auto` those of the
  // cluster's library, a named one whatever the library has. A named algorithm must fit. Throws
  // TooLarge where no algorithm can be evaluated.
  [[nodiscard]] Estimate estimate(const Request& request);
  // One for each algorithm that fits, at the protocol that its library takes: the fastest by what a
  // tuner knows, which is all but the filling of pipelines. `every_protocol`: at each.
  [[nodiscard]] std::vector<Estimate> estimates(
      const Request& request, bool every_protocol = false);
  // For the chip's collective engine. The bytes take the estimate's transfer time where nothing
  // else is on the ports.
  [[nodiscard]] CollectiveCost cost(Collective operation, Bytes payload, const Group& group);
  // A message from rank `from` to rank `to` of every group while all ranks send one to their next:
  // the links are those of its own route (of the slowest chip of these ranks), as loaded as all
  // messages together load them.
  [[nodiscard]] CollectiveCost message(
      Bytes payload, const Group& group, std::int64_t from, std::int64_t to);

  [[nodiscard]] const Topology& topology() const { return *topology_; }
  [[nodiscard]] Team team(const Request& request) const;
  // Whether the cluster's library has the algorithm; an algorithm that it lacks takes the latency
  // of the links and no protocol.
  [[nodiscard]] bool offered(const Algorithm& algorithm, Collective operation) const;
  // Bytes that an HBM reads, and writes, for the request.
  [[nodiscard]] static Bytes hbm_read(const Request& request);

 private:
  [[nodiscard]] CollectiveCost cost_of(const Request& request, const Estimate& estimate) const;
  // What one message loads beside those of all other ranks.
  const Profile& message_profile(
      const Profile& all, const Group& group, std::int64_t from, std::int64_t to);
  using Key = std::tuple<const Algorithm*, Collective, std::int64_t, std::int64_t, double>;
  const Profile* find_profile(const Algorithm& algorithm, const Request& request);
  void add_protocols(const Algorithm& algorithm, const Profile& profile, const Request& request,
                     bool every_protocol, std::vector<Estimate>& out) const;

  ChipDescription chip_;
  ClusterDescription cluster_;
  std::unique_ptr<Topology> topology_;
  std::map<Key, std::optional<Profile>> profiles_;  // none: too large
  std::string refusal_;                             // of the last that was
  // By operation, payload, ranks and stride.
  std::map<std::tuple<Collective, double, std::int64_t, std::int64_t>, CollectiveCost> costs_;
  // By ranks, stride, sender and receiver.
  std::map<std::array<std::int64_t, 4>, Profile> messages_;
};

}  // namespace headroom::network
