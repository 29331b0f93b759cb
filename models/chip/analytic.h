// AnalyticChip: a chip as closed forms and fluids, no SystemC and no event of a single tile.
//
// A kernel takes what its tiles take beside constant surroundings (kernel_costs.h); when a
// collective starts or ends while it runs, what is left of it goes on at the pace of the new
// surroundings. Collectives take their latency, then their bytes through the links that they share
// (LinkSharing, as in the simulated chip); HBM serves them at the pace of their links, and kernels
// get what they leave.
//
// Within 5 % of Chip on the time of a step (tests/sim/engine/analytic_step_test.cpp); exact, but
// for rounding, for a kernel whose surroundings stay.
#pragma once

#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "models/chip/kernel_costs.h"
#include "models/chip/machine.h"
#include "models/network/link_sharing.h"

namespace headroom {

class AnalyticChip final : public Machine {
 public:
  // `links`: rates of the classes of links, as costs of collectives count them. `costs`: of this
  // chip, perhaps used by others too. Without names spans have none.
  AnalyticChip(const ChipDescription& chip, const std::vector<BytesPerSecond>& links,
               std::size_t streams, std::shared_ptr<KernelCosts> costs, bool names);

  [[nodiscard]] Seconds time() const override { return Seconds(now_); }
  void idle(Seconds duration) override { advance(now_ + duration.si()); }
  KernelTime run(const Kernel& kernel) override;
  void issue(std::size_t stream, const CollectiveOperation& operation) override;
  void wait_until(std::size_t stream, std::size_t outstanding) override;
  [[nodiscard]] std::size_t outstanding(std::size_t stream) const override {
    return streams_[stream].queue.size();
  }
  [[nodiscard]] Seconds age(std::size_t stream) const override;
  [[nodiscard]] Seconds busy(std::size_t stream) const override {
    return Seconds(streams_[stream].busy);
  }
  [[nodiscard]] std::vector<CollectiveSpan> take_spans(std::size_t stream) override {
    return std::exchange(streams_[stream].spans, {});
  }

 private:
  enum class Phase { idle, latency, transfer };
  struct Stream {
    std::deque<const CollectiveOperation*> queue;  // the first one runs
    Phase phase = Phase::idle;
    double began = 0, busy = 0;
    double latency_until = 0, hbm_until = 0;
    bool on_links = false;
    network::LinkSharing::FlowId flow = 0;
    std::vector<CollectiveSpan> spans;
  };

  // Moves to `until`; collectives that end before that make room for the next of their stream.
  void advance(double until);
  // When the first of the collectives does something else than now.
  [[nodiscard]] double next_change() const;
  void settle();
  void start(Stream& stream);
  void transfer(Stream& stream);
  void finish(Stream& stream);
  [[nodiscard]] Surroundings surroundings() const;

  std::shared_ptr<KernelCosts> costs_;
  double held_share_;
  bool names_;
  double now_ = 0;
  network::LinkSharing links_;
  std::vector<Stream> streams_;
};

}  // namespace headroom
