// Programs: what one chip does in one pass over a chunk of the model, as commands for its kernels
// and collective streams.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/chip/kernel.h"
#include "models/network/collective.h"
#include "sim/config/experiment.h"
#include "sim/mapping/kernels.h"
#include "sim/mapping/shards.h"
#include "sim/mapping/stages.h"

namespace headroom {

namespace network {
class CollectiveModel;
}

// Streams in which collectives run in order, beside the kernels. What the expert group exchanges
// runs in that of the tensor group: both stand between a layer's kernels. In the third one are the
// messages of the pipeline, in the last one what chips that share a sequence exchange.
enum CollectiveStream : std::size_t { tensor_stream, data_stream, pipeline_stream, context_stream };
inline constexpr std::size_t stream_count = 4;
inline const std::vector<std::string> collective_stream_names{
    "tensor", "data", "pipeline", "context"};

struct Command {
  enum class Kind {
    run,    // a kernel; the next command starts when it is done
    issue,  // a collective; the next command starts at once
    wait,   // until at most `outstanding` collectives of the stream are not done
    meet,   // the host waits for the chip
  };
  Kind kind = Kind::run;
  std::shared_ptr<const Kernel> kernel;
  CollectiveStream stream = tensor_stream;
  CollectiveOperation collective;
  std::size_t outstanding = 0;
  Purpose purpose = Purpose::model;  // of what waits here
};

struct Section {
  std::vector<Command> commands;
  std::int64_t repeat = 1;
};

struct Program {
  std::string name;
  std::vector<Section> sections;
};

// Which gradients a backward pass yields.
enum class Gradients { all, inputs, weights };

// The commands in the order in which they run, repeats included.
[[nodiscard]] std::vector<Command> unrolled(const Program& program);

// Builds the programs of one experiment.
class ProgramBuilder {
 public:
  // What is passed outlives the builder.
  ProgramBuilder(const Experiment& experiment, const KernelMapper& mapper);
  // `network`: of the experiment's chip and cluster, perhaps of other experiments too.
  ProgramBuilder(const Experiment& experiment, const KernelMapper& mapper,
                 std::shared_ptr<network::CollectiveModel> network);

  // `gather`: the data-parallel shards of the weights are gathered layer by layer, one layer ahead
  // (zero3).
  [[nodiscard]] Program forward(const Chunk& chunk, bool gather) const;
  // `reduce`: gradients of weights are reduced layer by layer behind the rest of the pass, or all
  // of them after it, as the stack does. The pass of the inputs' gradients alone recomputes, and
  // does all but the products that yield the weights'; of those the other one consists.
  [[nodiscard]] Program backward(
      const Chunk& chunk, bool gather, bool reduce, Gradients gradients = Gradients::all) const;
  // Whether other chips have the same parameters, whose gradients must be summed.
  [[nodiscard]] bool has_gradient_groups() const {
    return !replica_groups_.empty() || copy_group_.ranks > 1;
  }
  // Two programs on one chip: whenever one waits for a collective the other goes on. A kernel
  // keeps its order within its program, and waits for what it waited for there.
  [[nodiscard]] static Program overlapped(const Program& one, const Program& other);
  // The weights of one part gathered with nothing to hide behind; `unit` is an embedding, a head or
  // one layer.
  [[nodiscard]] Program gather(const Chunk& unit) const;
  // The update of the parameters that this chip owns; `chunks`: of its rank, for the matrices that
  // muon makes orthogonal.
  [[nodiscard]] Program optimizer(
      const OwnedParameters& owned, const std::vector<Chunk>& chunks) const;

 private:
  using Commands = std::vector<Command>;
  struct Part {  // a kind of layer, the embedding or the head
    std::string name;
    Commands forward, backward, input_gradients, weight_gradients;

    [[nodiscard]] const Commands& of(Gradients which) const {
      return which == Gradients::all ? backward
             : which == Gradients::inputs
                 ? input_gradients
                 : weight_gradients;
    }
    Commands again;      // of its forward pass, before its backward pass
    Shard weights;       // of this chip that are gathered for it
    Shard gradients;     // that are reduced behind it
    double tensors = 0;  // that its weights are
  };
  // A layer of a pass with the one after it.
  struct LayerStep {
    const Part* part = nullptr;
    const Part* next = nullptr;
    std::size_t behind = 0;  // gradient reductions that may still be on their way before it
    bool opens = false;      // the pass
    bool recomputes = false;
    std::int64_t repeat = 1;

    [[nodiscard]] bool like(const LayerStep& other) const {
      return part == other.part && next == other.next && behind == other.behind &&
             opens == other.opens && recomputes == other.recomputes;
    }
  };

  [[nodiscard]] Part make_part(const std::string& name, const std::vector<Operator>& ops,
                               const Shard& weights, bool is_layer) const;
  void make_layers(const GraphShape& shape);
  // A chunk's layers in their order; those that split_layers() tells apart by `first` are the
  // model's own there. Throws InputError where equal chunks have different layers.
  [[nodiscard]] std::vector<const Part*> layers_of(const Chunk& chunk) const;
  [[nodiscard]] static std::vector<LayerStep> merged(const std::vector<LayerStep>& steps);
  // Purpose::recompute: of those that the plan computes again.
  void add_forward(Commands& out, const std::vector<Operator>& ops, Purpose purpose) const;
  void add_backward(Commands& out, const std::vector<Operator>& ops, Gradients gradients) const;
  // The products that yield gradients of weights, each with the gather of its input.
  void add_weight_gradients(Commands& out, const std::vector<Operator>& ops) const;
  // The format that a product's operands have, and the kernel that casts them to it if they must
  // be: `elements` of activations or gradients, and `weights` once a step (full sharding: whenever
  // they are gathered).
  [[nodiscard]] Width width_of(const Operator& op) const;
  void add_cast(Commands& out, const Operator& op, double elements, double weights,
                const std::string& suffix, Purpose purpose) const;
  // Attention of one kernel or more; over chips that share the sequence with what they exchange.
  void add_attention(Commands& out, const Operator& op, Direction direction,
                     const std::string& suffix, Purpose purpose) const;
  void add_ring(Commands& out, const Operator& op, Direction direction, const std::string& suffix,
                Purpose purpose) const;
  void add_gathered(Commands& out, const Operator& op, Direction direction,
                    const std::string& suffix, Purpose purpose) const;
  void add_by_heads(Commands& out, const Operator& op, Direction direction,
                    const std::string& suffix, Purpose purpose) const;
  void run_attention(Commands& out, const Operator& op, Direction direction,
                     const std::string& suffix, Purpose purpose) const;
  [[nodiscard]] Kernel update_on_host(double parameters) const;
  void add_newton_schulz(Program& program, const Matrices& matrices, std::int64_t count) const;
  void pass_on(Commands& out, const std::string& name, double bytes) const;
  // Collectives over all chips with the same dense parameters, each on what the one before leaves.
  void over_replicas(Commands& out, const std::string& name, Collective operation,
                     double bytes) const;
  void add_linear_backward(
      Commands& out, const Operator& op, const Operator* gather, Gradients gradients) const;
  void add_grouped_backward(Commands& out, const Operator& op, Gradients gradients) const;
  void gather_again(Commands& out, const Operator& gather) const;
  [[nodiscard]] Kernel weight_gradient(const Operator& op) const;
  void run(Commands& out, Kernel kernel, const std::string& suffix, Purpose purpose) const;
  // The same where each of `groups` experts has a kernel in some stacks.
  void run_grouped(Commands& out, Kernel kernel, std::int64_t groups, const std::string& suffix,
                   Purpose purpose) const;
  // Element-wise work; where it routes tokens, with what that costs the host.
  void run_elementwise(Commands& out, const Operator& op, Direction direction,
                       const std::string& suffix, Purpose purpose) const;
  void issue(Commands& out, CollectiveStream stream, const std::string& name, Collective operation,
             double bytes, const Group& group) const;
  void exchange(Commands& out, const Operator& op, bool backward, Purpose purpose) const;
  // All-to-all with the experts, there or back.
  void exchange_tokens(Commands& out, const Operator& op, const std::string& name,
                       bool returns) const;
  // Chips that a token goes to over its experts.
  [[nodiscard]] double copies_share() const;
  // The host waits for the chip.
  static void meet(Commands& out, Purpose purpose);
  void gather_weights(Commands& out, const Part& part) const;
  // Where a part is gathered ahead of its use.
  void send_ahead(Commands& out, const Part& part) const;
  // Has the weights of `part` there, all but `behind` collectives done, and sends for the next.
  void open(Commands& out, const Part& part, const Part* next, std::size_t behind) const;
  void take_weights(Commands& out, const Part& part, std::size_t behind) const;
  // Moves each rank's share of the part's tensors between where they lie and the buffer of a
  // collective, where the stack does so one by one.
  void place_shares(Commands& out, const Part& part, const char* what, double element) const;
  [[nodiscard]] double tensors_of(const std::vector<Operator>& ops) const;
  void reduce_gradients(Commands& out, const Part& part) const;
  [[nodiscard]] Section reduce_all(const Chunk& chunk) const;
  // Collectives that reduce_gradients() issues.
  [[nodiscard]] std::size_t reductions(const Part& part) const;

  const Experiment& experiment_;
  const KernelMapper& mapper_;
  Group tensor_group_, context_group_, expert_group_, expert_replicas_;
  // Chips with the same dense parameters: one group, or first those of one sequence and then those
  // of all.
  std::vector<Group> replica_groups_;
  Group copy_group_;  // DualPipe: the two ranks that have the same stages; else one
  // Keeps what it finds out about the network; shared by copies.
  std::shared_ptr<network::CollectiveModel> network_;
  std::vector<LayerKind> kinds_;
  std::vector<Part> layers_;  // by kind
  Part embedding_, head_, average_layer_;
  std::map<Chunk, std::vector<std::size_t>> chunk_layers_;  // indices of layers_
  std::vector<Chunk> unequal_;  // that the schedule takes for equal ones
};

}  // namespace headroom
