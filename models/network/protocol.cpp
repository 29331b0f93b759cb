#include "models/network/protocol.h"

#include <algorithm>
#include <cmath>

namespace headroom::network {

namespace {

Seconds steps_time(const Crossings& crossings, const StepLatency& step, Seconds per_switch) {
  return step.scale_up * crossings.scale_up + step.network * crossings.network +
         per_switch * crossings.switches;
}

bool offered(const StepLatency& step) {
  return step.start + step.scale_up + step.network > Seconds(0);
}

const Stage& only(const Profile& profile) { return profile.stages.front(); }

// Chunks that make a pipeline of stages fastest: each takes every stage, and the next follows when
// the slowest stage, or the links that stages share, are free.
Seconds staged(const std::vector<Seconds>& latency, const std::vector<Seconds>& transfer,
               Seconds& fill) {
  Seconds sum_latency, sum_transfer;
  for (const Seconds s : latency) sum_latency += s;
  for (const Seconds s : transfer) sum_transfer += s;
  // First and last stage use the same links.
  const Seconds shared = transfer.size() > 2 ? transfer.front() + transfer.back() : Seconds(0);
  Seconds best = sum_latency + sum_transfer;
  Seconds least_transfer = sum_transfer;
  for (int chunks = 2; chunks <= 64; chunks *= 2) {
    Seconds slowest = shared * (1.0 / chunks);
    for (std::size_t i = 0; i < latency.size(); ++i)
      slowest = std::max(slowest, latency[i] + transfer[i] * (1.0 / chunks));
    const Seconds time = sum_latency + sum_transfer * (1.0 / chunks) + slowest * (chunks - 1.0);
    if (time < best) best = time;
  }
  // What links alone would take.
  least_transfer = shared;
  for (const Seconds s : transfer) least_transfer = std::max(least_transfer, s);
  fill = best - sum_latency - least_transfer;
  return least_transfer;
}

class Times {
 public:
  Times(const ChipDescription& chip, const ClusterDescription& cluster,
        const LibraryDescription& library, const Team& team, std::string_view algorithm,
        const Profile& profile, Bytes payload, Bytes bus_bytes)
      : chip_(chip),
        cluster_(cluster),
        library_(library),
        team_(team),
        profile_(profile),
        payload_(payload),
        bus_bytes_(bus_bytes),
        in_network_(algorithm == "in_network"),
        tree_(algorithm == "double_binary_tree") {}

  std::vector<ProtocolTime> all() const {
    if (library_.id.empty()) {
      const LinkDescription& outer = crosses_network() ? cluster_.scale_out : chip_.scale_up;
      return {time(
          "", {outer.collective_latency, chip_.scale_up.latency, cluster_.scale_out.latency}, 1,
          BytesPerSecond(0))};
    }
    const ProtocolLatencies& family = in_network_ ? reducing_family()
                                      : tree_     ? library_.tree
                                                  : library_.ring;
    const double tree = tree_ ? library_.tree_share : 1;
    const LinkDescription& outer = crosses_network() ? cluster_.scale_out : chip_.scale_up;
    std::vector<ProtocolTime> times;
    if (offered(family.low_latency))
      times.push_back(
          time("ll", family.low_latency, library_.low_latency_share, outer.low_latency_rate));
    if (offered(family.line))
      times.push_back(time("ll128", family.line, library_.line_share * tree, BytesPerSecond(0)));
    times.push_back(time("simple", family.simple, tree, BytesPerSecond(0)));
    return times;
  }

 private:
  // Where the switches between nodes do not reduce, a tree of the nodes does.
  [[nodiscard]] bool joins_nodes_by_tree() const {
    return in_network_ && crosses_network() && !team_.network_reduces;
  }
  [[nodiscard]] const ProtocolLatencies& reducing_family() const {
    return joins_nodes_by_tree() && offered(library_.in_network_tree.simple)
               ? library_.in_network_tree
               : library_.in_network;
  }

  [[nodiscard]] bool crosses_network() const {
    return std::any_of(profile_.stages.begin(), profile_.stages.end(), [](const Stage& stage) {
      return stage.crossings.network > 0;
    });
  }

  // Reductions in the switches of nodes may not reach the rate of the ports.
  [[nodiscard]] double seconds_per_byte(const Stage& stage) const {
    if (!in_network_ || !team_.node_reduces) return stage.seconds_per_byte;
    const double rate = chip_.scale_up.payload_bandwidth().si() * chip_.scale_up.reduction_share;
    return std::max(stage.seconds_per_byte, profile_.scale_up_bytes / rate);
  }

  ProtocolTime time(std::string_view protocol, const StepLatency& latency, double share,
                    BytesPerSecond most) const {
    ProtocolTime result;
    result.protocol = protocol;
    result.start = latency.start;
    // A library waits once for switches that reduce, whatever their steps.
    const bool once = in_network_ && !library_.id.empty();
    std::vector<Seconds> steps, transfers;
    for (const Stage& stage : profile_.stages) {
      Crossings crossings = stage.crossings;
      if (once)
        crossings = {
            crossings.scale_up > 0 ? 1.0 : 0.0,
            joins_nodes_by_tree() ? crossings.network : std::min(1.0, crossings.network),
            crossings.switches};
      steps.push_back(steps_time(crossings, latency, cluster_.switch_latency));
      transfers.emplace_back(payload_.si() * seconds_per_byte(stage) / share);
    }
    if (steps.size() > 1) {
      result.transfer = staged(steps, transfers, result.fill);
      for (const Seconds s : steps) result.steps += s;
    } else {
      result.steps = steps.front();
      result.transfer = transfers.front();
      if (protocol == "simple") slice(result);
      result.fill += pipeline_fill(result, latency);
    }
    if (most > BytesPerSecond(0)) {
      const Seconds capped = bus_bytes_ / most;
      if (capped > result.transfer) result.transfer = capped;
    }
    return result;
  }

  // Bulk data of a ring goes chunk by chunk, and a chunk slice by slice: each slice is a hand-over
  // of its own, and the first send and the last receive of a chunk's way overlap with nothing but
  // for one slice.
  void slice(ProtocolTime& result) const {
    if (profile_.coupling != Phase::Coupling::around || library_.slices < 2) return;
    const double chunk = payload_.si() / static_cast<double>(team_.ranks * library_.channels);
    const double slices = std::clamp(
        chunk / std::max(1.0, library_.smallest_slice.si()), 1.0,
        static_cast<double>(library_.slices));
    result.fill += result.steps * (slices - 1);
    result.fill += result.transfer *
                   (1.0 / library_.slices / static_cast<double>(only(profile_).steps));
  }

  Seconds pipeline_fill(const ProtocolTime& result, const StepLatency& latency) const {
    if (profile_.coupling != Phase::Coupling::pipelined) return {};
    const double depth = static_cast<double>(only(profile_).steps - 1);
    const double bytes = std::max(1.0, payload_.si());
    if (in_network_ && library_.reduction_chunk > Bytes(0)) {
      // Scatter, reduction and gather follow one another: two waves of chunks of all channels.
      const double wave = reduction_wave();
      return result.transfer * (2 * std::min(1.0, wave / bytes));
    }
    if (library_.chunk > Bytes(0))
      return result.transfer * (depth * std::min(1.0 / (depth + 1), library_.chunk.si() / bytes));
    // The number of chunks that balances filling with what each hand-over costs (Pjesivac-Grbovic
    // and others 2007): (chunks + depth) (latency + transfer / chunks).
    const double step = std::max(latency.scale_up.si(), latency.network.si());
    if (depth <= 0 || step <= 0) return {};
    const double transfer = result.transfer.si();
    const double chunks = std::clamp(std::sqrt(depth * transfer / step), 1.0, bytes);
    return Seconds(depth * transfer / chunks + (chunks - 1) * step);
  }

  // Bytes of the payload that are in one stage at once: NCCL halves its chunks for small payloads.
  double reduction_wave() const {
    const double operations = static_cast<double>(library_.reduction_channels * team_.members);
    double chunk = library_.reduction_chunk.si();
    const double bytes = payload_.si();
    const double largest = chunk;
    if (bytes < 64 * operations * chunk) chunk = std::min(chunk, largest / 2);
    if (bytes < 8 * operations * chunk) chunk = std::min(chunk, largest / 4);
    if (bytes < 2 * operations * chunk) chunk = std::min(chunk, largest / 8);
    return operations * chunk;
  }

  const ChipDescription& chip_;
  const ClusterDescription& cluster_;
  const LibraryDescription& library_;
  const Team& team_;
  const Profile& profile_;
  Bytes payload_, bus_bytes_;
  bool in_network_, tree_;
};

}  // namespace

bool has_algorithm(const LibraryDescription& library, std::string_view algorithm,
                   Collective operation) {
  if (library.id.empty() || algorithm == "direct") return true;
  const auto has = [](const ProtocolLatencies& family) {
    return offered(family.low_latency) || offered(family.line) || offered(family.simple);
  };
  if (algorithm == "ring") return has(library.ring);
  if (algorithm == "double_binary_tree")
    return operation == Collective::all_reduce && has(library.tree);
  return algorithm == "in_network" && operation != Collective::broadcast && has(library.in_network);
}

std::vector<ProtocolTime> protocol_times(
    const ChipDescription& chip, const ClusterDescription& cluster, const Team& team,
    std::string_view algorithm, Collective operation, const Profile& profile, Bytes payload,
    Bytes bus_bytes) {
  static const LibraryDescription none;
  const LibraryDescription&
      library = has_algorithm(cluster.library, algorithm, operation) ? cluster.library : none;
  return Times(chip, cluster, library, team, algorithm, profile, payload, bus_bytes).all();
}

}  // namespace headroom::network
