// What a chip and a cluster are, as plain data: what sim/config reads from YAML and what
// models/chip builds blocks from.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/base/fidelity.h"
#include "models/base/quantity.h"
#include "models/hbm/device.h"
#include "models/link/format.h"
#include "models/numerics/format.h"
#include "models/power/chip_power.h"

namespace headroom {

// The matrix engines of a chip. Peak multiply-accumulates per cycle of a format =
// count * rows * columns * dot_length * rate(format).
struct MatrixEnginesDescription {
  int count = 0;       // enabled engines on the chip, a multiple of the chip's cores
  int rows = 0;        // reduction direction of the stationary operand
  int columns = 0;     // output direction
  int dot_length = 1;  // products summed by one processing element per cycle
  bool double_buffered = true;
  // Share of cycles, (0, 1], in which engines multiply in large products at a known clock; in the
  // rest they wait for operands from registers and scratchpad. Measured; 1 where nothing is
  // published.
  double operand_supply = 1;
  // Of the rate, what instructions of a single warp reach; 1 where there are no others.
  double warp_rate = 1;
  // Share of the vector work of a kernel that interleaves it with products which hides behind them,
  // where the products suffice; [0, 1].
  double softmax_overlap = 1;
  // The operands of a core's next tile are fetched while it works on this one, whatever room the
  // accumulators have (asynchronous copy engines, compiled programs). Otherwise by the tile's own
  // threads, which start when there is room for its results.
  bool prefetch = true;
  // Sides of output tiles that the chip's library has kernels for; empty: a compiler makes tiles of
  // any multiple of the array.
  std::vector<std::int64_t> tile_sides;
  std::map<Format, double> rate;  // multiply-accumulates per processing element slot and cycle,
                                  // relative to bf16 = 1
};

struct VectorUnitDescription {
  double operations_per_cycle = 0;    // fp32 operations per cycle and core (a fused multiply-add
                                      // counts one)
  double exponentials_per_cycle = 0;  // transcendental results per cycle and core
};

struct ScratchpadDescription {
  Bytes capacity;      // per core, for operands (and results where they have no place of their own)
  Bytes accumulators;  // per core, for results of products in registers; 0: they are in the
                       // scratchpad
  double bytes_per_cycle = 0;  // of the one port per core that engines read and that fills write
  Bytes shared_capacity;  // chip-wide cache or memory between the scratchpads and HBM; 0 = none
  double shared_bytes_per_cycle = 0;   // that it delivers to all cores; 0: taken to never bind
  double reduced_bytes_per_cycle = 0;  // that it adds to what it holds (atomics); 0: never binds
};

struct HbmDescription {
  hbm::Device device;        // its stacks, at the data rate that gives `bandwidth`
  Bytes capacity;            // of the chip, as software sees it
  BytesPerSecond bandwidth;  // of the chip, peak
  Seconds latency;           // unloaded read latency seen by a core
};

// One link kind of configs/links, times the number that a chip has of it.
struct LinkDescription {
  std::string kind;          // file in configs/links
  int count = 0;             // links per chip
  link::Format format;       // lanes, packet, wire; the two rates below follow from it
  BytesPerSecond bandwidth;  // per link and direction, before packets
  double payload_share = 1;  // payload bytes over wire bytes at large transfers, (0, 1]
  double library_share = 1;  // of the payload rate that collectives reach in large messages, (0, 1]
  Seconds latency;           // of one hop or ring step; the file says what its source includes
  Seconds collective_latency;  // start-up time of one collective operation over this kind of link
  // Most that the low-latency protocol of the cluster's library moves per chip; 0: no such limit.
  BytesPerSecond low_latency_rate;
  // Of the payload rate, what reductions inside the switch reach; (0, 1].
  double reduction_share = 1;

  // Bytes of payload a second that large messages really reach, all links together.
  [[nodiscard]] BytesPerSecond payload_bandwidth() const {
    return bandwidth * (count * payload_share * library_share);
  }
};

struct ClockDescription {
  Hertz nameplate;                 // reproduces the published peak
  Hertz max;                       // highest clock that the chip can run at, >= nameplate
  Hertz sustained_matmul;          // held in large products of random data under the power cap
  bool sustained_measured = true;  // false: nothing is published, sustained_matmul is the
                                   // nameplate's
};

struct ChipDescription {
  std::string id, name, vendor;
  int cores = 0;  // groups of engines that share one scratchpad (SM, TensorCore)
  ClockDescription clock;
  MatrixEnginesDescription matrix;
  VectorUnitDescription vector;
  ScratchpadDescription scratchpad;
  HbmDescription hbm;
  LinkDescription scale_up;                 // links to the chips of its node or torus
  Seconds kernel_gap;                       // idle time of the chip between two dependent kernels
  std::map<Format, double> published_peak;  // FLOP/s, dense
  int collective_cores = 0;  // cores that a running collective keeps from kernels; 0 where an
                             // engine of its own moves the data
  // Of their rate, what kernels keep on the other cores meanwhile: their tiles no longer come in
  // whole waves.
  double rate_beside_collectives = 1;
  Watts power_cap;
  power::ChipPower power;
  std::string node;  // process node, "" where unpublished

  // Share of its rate, [0, 1), that a kernel loses while a collective runs.
  [[nodiscard]] double lost_to_collectives() const {
    if (cores == 0 || collective_cores == 0) return 0;
    return 1 - (1 - static_cast<double>(collective_cores) / cores) * rate_beside_collectives;
  }
  // Dense FLOP/s of `format` at `clock.nameplate`; 0 where the chip lacks the format.
  [[nodiscard]] double peak(Format format) const {
    const auto rate = matrix.rate.find(format);
    if (rate == matrix.rate.end()) return 0;
    return 2.0 * matrix.count * matrix.rows * matrix.columns * matrix.dot_length * rate->second *
           clock.nameplate.si();
  }
};

// What one step of an algorithm takes beside its bytes, software included.
struct StepLatency {
  Seconds start;              // of the whole operation, once
  Seconds scale_up, network;  // of a step inside a node, of a step between nodes
};

// A family of algorithms at the three protocols of NCCL. A protocol whose figures are all 0 is not
// offered.
struct ProtocolLatencies {
  StepLatency low_latency;  // 8-byte words of which half are flags (LL)
  StepLatency line;         // 128-byte lines of which 120 are data (LL128)
  StepLatency simple;       // bulk data, flags apart
};

// The software that runs collectives, where it adds to what links and switches do.
struct LibraryDescription {
  std::string id;  // file in configs/libraries; "": none, steps take the latency of the links
  ProtocolLatencies ring, tree, in_network;
  ProtocolLatencies in_network_tree;  // in_network inside nodes, a tree across; none: in_network's
  double low_latency_share = 1, line_share = 1, tree_share = 1;  // of the payload rate
  int channels = 1;       // thread blocks of an operation, each with its own part of the payload
  int slices = 1;         // parts of a chunk that are handed on one by one
  Bytes smallest_slice;   // a chunk is cut no finer than this
  Bytes chunk;            // data that is under way between two steps of a pipelined algorithm
  Bytes reduction_chunk;  // largest chunk of a rank's shard in an in-network reduction
  int reduction_channels = 1;
};

enum class Topology {
  switched_nodes,   // nodes with a full-bandwidth switch inside, a fat tree outside
  torus,            // 1-D to 3-D torus of the chip's scale-up links
  fat_tree,         // the same as switched_nodes, a node being one chip unless stated
  ring,             // of the chip's scale-up links
  fully_connected,  // a scale-up link from every chip to every other
  single_switch,    // one node
  dragonfly,        // groups of routers, scale-out links only
};

// Made of the chip's own links only, in a regular grid.
[[nodiscard]] constexpr bool is_torus(Topology topology) {
  return topology == Topology::torus || topology == Topology::ring;
}

// What a node has beside its chips, a chip's share of it.
struct HostDescription {
  BytesPerSecond memory_bandwidth;  // 0, as the others: not described
  BytesPerSecond link;              // between chip and host, each direction
  double optimizer_rate = 0;        // parameters a second that its processors update

  [[nodiscard]] bool is_described() const {
    return memory_bandwidth.si() > 0 && link.si() > 0 && optimizer_rate > 0;
  }
};

struct ClusterDescription {
  std::string id;
  Topology topology = Topology::switched_nodes;
  std::int64_t chips = 0;
  std::int64_t node_size = 0;       // switched_nodes: chips per node
  LinkDescription scale_out;        // switched_nodes: network links per chip
  std::vector<std::int64_t> shape;  // torus: chips per dimension, product = chips
  bool wrap = true;                 // torus: links close every dimension to a ring

  // Fat tree outside of the nodes.
  int levels = 2;                    // of switches, 2 or 3
  std::int64_t leaf_nodes = 32;      // nodes that share their leaf switches
  std::int64_t pod_leaves = 8;       // three levels: groups of leaf_nodes nodes in a pod
  double oversubscription = 1;       // ports down over ports up of a leaf, >= 1
  double core_oversubscription = 1;  // the same of a pod
  bool rails = true;                 // port r of every node leads to leaf r
  // Dragonfly: chips per router, routers per group, global links per router.
  std::int64_t router_chips = 0, group_routers = 0, global_links = 0;

  Seconds switch_latency;          // of a network switch beyond the first on the way
  bool node_reduction = false;     // switches inside nodes add what passes them (NVLink SHARP)
  bool network_reduction = false;  // so do those outside (SHARP)
  LibraryDescription library;
  // What the thread that starts kernels takes on the processor beside the chips, over what it takes
  // on the x86 processors that times in configs/stacks are of; > 0.
  double host_time = 1;
  HostDescription host;
};

}  // namespace headroom
