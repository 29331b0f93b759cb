// Programs: what one chip does in one pass over a chunk of the model, as commands for its kernels
// and collective streams.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/chip/kernel.h"
#include "models/network/collective.h"
#include "sim/config/experiment.h"
#include "sim/mapping/kernels.h"
#include "sim/mapping/stages.h"

namespace headroom {

namespace network {
class CollectiveModel;
}

// Streams in which collectives run in order, beside the kernels; in the last one the messages of
// the pipeline.
enum CollectiveStream : std::size_t { tensor_stream, data_stream, pipeline_stream };
inline const std::vector<std::string> collective_stream_names{"tensor", "data", "pipeline"};

struct Command {
  enum class Kind {
    run,    // a kernel; the next command starts when it is done
    issue,  // a collective; the next command starts at once
    wait,   // until at most `outstanding` collectives of the stream are not done
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

// Builds the programs of one experiment.
class ProgramBuilder {
 public:
  ProgramBuilder(const Experiment& experiment, const KernelMapper& mapper);

  // `gather`: the data-parallel shards of the weights are gathered layer by layer, one layer ahead
  // (zero3).
  [[nodiscard]] Program forward(const Chunk& chunk, bool gather) const;
  // `synchronise`: gradients are reduced layer by layer behind the rest of the pass.
  [[nodiscard]] Program backward(const Chunk& chunk, bool gather, bool synchronise) const;
  // The weights of one part gathered with nothing to hide behind; `unit` is an embedding, a head or
  // one layer.
  [[nodiscard]] Program gather(const Chunk& unit) const;
  // Adam on the share of the parameters that this chip owns.
  [[nodiscard]] Program optimizer(double parameters) const;

 private:
  using Commands = std::vector<Command>;
  struct Part {  // a layer, the embedding or the head
    std::string name;
    Commands forward, backward;
    double parameters = 0;  // of this tensor rank that are gathered for it
    double gradients = 0;   // that are reduced behind it
  };

  [[nodiscard]] Part make_part(const std::string& name, const std::vector<Operator>& ops,
                               double parameters, Recompute recompute) const;
  void add_forward(Commands& out, const std::vector<Operator>& ops, Purpose purpose,
                   bool cheap_only) const;
  void add_backward(Commands& out, const std::vector<Operator>& ops) const;
  void add_linear_backward(Commands& out, const Operator& op, const Operator* gather) const;
  void run(Commands& out, Kernel kernel, const std::string& suffix, Purpose purpose) const;
  void issue(Commands& out, CollectiveStream stream, const std::string& name, Collective operation,
             double bytes) const;
  void exchange(Commands& out, const Operator& op, bool backward, Purpose purpose) const;
  void gather_weights(Commands& out, const Part& part) const;
  void reduce_gradients(Commands& out, const Part& part) const;

  const Experiment& experiment_;
  const KernelMapper& mapper_;
  Group tensor_group_, data_group_;
  // Keeps what it finds out about the network; shared by copies.
  std::shared_ptr<network::CollectiveModel> network_;
  Part layer_, embedding_, head_;
};

}  // namespace headroom
