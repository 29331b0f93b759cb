// One collective operation on a cluster, with the figures that `headroom collective` reports.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/chip/description.h"
#include "models/network/collective_model.h"

namespace headroom {

struct LinkUse {
  std::string name;
  double utilization = 0;  // of its payload rate, over the whole operation
  std::int64_t alike = 1;  // links that carry the same by symmetry, this one included
};

struct CollectiveResult {
  double bytes = 0, time_s = 0;
  double start_s = 0, steps_s = 0, fill_s = 0, transfer_s = 0;
  double algorithm_bandwidth_gb_s = 0, bus_bandwidth_gb_s = 0;
  std::string algorithm, protocol, bottleneck_link;
  double hbm_bytes = 0;              // read, and written
  double hbm_share = 0;              // of the operation's time that the HBM is busy with it
  double compute_share = 0;          // of the chip's cores while it runs
  std::vector<LinkUse> links;        // busiest first
  std::vector<std::string> assumed;  // what the time takes for granted, in words
  std::uint64_t events = 0;
  double seconds = 0;  // that the simulation took
};

class CollectiveRunner {
 public:
  CollectiveRunner(const ChipDescription& chip, const ClusterDescription& cluster)
      : chip_(chip), cluster_(cluster), model_(chip, cluster) {}

  [[nodiscard]] network::Team team(const network::Request& request) const {
    return model_.team(request);
  }
  [[nodiscard]] const network::CollectiveModel& model() const { return model_; }
  // By the profiles of the algorithms.
  [[nodiscard]] CollectiveResult run(const network::Request& request);
  // Every transfer of every rank; `auto` is what run() would take. Throws std::runtime_error above
  // 1,024 chips.
  [[nodiscard]] CollectiveResult simulate(const network::Request& request);

 private:
  void finish(const network::Request& request, CollectiveResult& result) const;
  void add_links(const std::vector<network::LinkLoad>& loads, double bytes,
                 CollectiveResult& result) const;

  ChipDescription chip_;
  ClusterDescription cluster_;
  network::CollectiveModel model_;
};

}  // namespace headroom
