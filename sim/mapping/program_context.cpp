// Attention of chips that share a sequence: each has the queries of its part, and gets at the keys
// and values of the others in one of three ways.
#include <algorithm>

#include "models/network/collective_model.h"
#include "sim/mapping/commands.h"
#include "sim/mapping/program.h"

namespace headroom {
namespace {

// Bytes of this chip's queries, of its keys and values, and of its output.
double query_bytes(const Operator& op) {
  return as_double(op.tokens * op.heads) * as_double(op.head_dim) * activation_bytes;
}
double key_bytes(const Operator& op) {
  return as_double(op.tokens * op.kv_heads) * as_double(op.head_dim + op.value_width()) *
         activation_bytes;
}
double output_bytes(const Operator& op) {
  return as_double(op.tokens * op.heads) * as_double(op.value_width()) * activation_bytes;
}

// One block of a ring: the chip's own keys, or those of another one. Of a causal sequence each chip
// has a piece from either end; of another chip's pieces, half of its own queries see both or all of
// them see one, which is the same work.
Operator block_of(const Operator& op, bool own) {
  Operator block = op;
  const std::int64_t part = op.sequence / op.context;
  block.sequence = part;
  block.pairs = op.pairs / as_double(op.context);
  if (own || !op.causal) return block;
  block.causal = false;
  block.queries = part / 2;
  block.tokens = op.tokens / 2;
  return block;
}

// What a block adds to the results of those before it.
Operator sum_of(const Operator& block, const Operator& op, Direction direction) {
  const double outputs = as_double(block.tokens * block.heads) * as_double(op.value_width());
  const double gradients = as_double(block.tokens * block.heads) * as_double(op.head_dim) +
                           as_double(op.tokens * op.kv_heads) *
                               as_double(op.head_dim + op.value_width());
  const double elements = direction == Direction::forward ? outputs : gradients;
  Operator sum;
  sum.name = op.name + " sum";
  sum.tokens = op.tokens;
  sum.reads = 2 * elements / as_double(op.tokens);
  sum.writes = elements / as_double(op.tokens);
  sum.operations = 2 * sum.writes;
  return sum;
}

}  // namespace

void ProgramBuilder::add_attention(Commands& out, const Operator& op, Direction direction,
                                   const std::string& suffix, Purpose purpose) const {
  if (op.context == 1) return run_attention(out, op, direction, suffix, purpose);
  switch (experiment_.plan.context_method) {
    case ContextMethod::ring: return add_ring(out, op, direction, suffix, purpose);
    case ContextMethod::all_gather: return add_gathered(out, op, direction, suffix, purpose);
    case ContextMethod::all_to_all: return add_by_heads(out, op, direction, suffix, purpose);
  }
}

void ProgramBuilder::run_attention(Commands& out, const Operator& op, Direction direction,
                                   const std::string& suffix, Purpose purpose) const {
  for (const Kernel& kernel : mapper_.attention(op, direction)) run(out, kernel, suffix, purpose);
}

// Blocks of keys and values go round; the next one is on its way while this one is worked on (Liu
// et al. 2023). In the backward pass their gradients go round too, one block behind, and once more
// to get home.
void ProgramBuilder::add_ring(Commands& out, const Operator& op, Direction direction,
                              const std::string& suffix, Purpose purpose) const {
  const bool forward = direction == Direction::forward;
  for (std::int64_t i = 0; i < op.context; ++i) {
    if (i + 1 < op.context) pass_on(out, op.name + " keys" + suffix, key_bytes(op));
    if (!forward && i > 0) pass_on(out, op.name + " keys' gradients", key_bytes(op));
    const Operator block = block_of(op, i == 0);
    run_attention(out, block, direction, suffix, purpose);
    if (i > 0)
      for (const Kernel& kernel :
           mapper_.elementwise(sum_of(block, op, direction), Direction::forward))
        run(out, kernel, suffix, purpose);
    if (i + 1 < op.context) out.push_back(wait_for(context_stream, 0, purpose));
  }
  if (forward) return;
  pass_on(out, op.name + " keys' gradients", key_bytes(op));
  out.push_back(wait_for(context_stream, 0, purpose));
}

// All keys and values first, for they are few beside the queries (Llama 3, section 3.3.2); gathered
// again for the backward pass, whose gradients of them are scattered.
void ProgramBuilder::add_gathered(Commands& out, const Operator& op, Direction direction,
                                  const std::string& suffix, Purpose purpose) const {
  const double all = key_bytes(op) * as_double(op.context);
  issue(
      out, context_stream, op.name + " keys" + suffix, Collective::all_gather, all, context_group_);
  out.push_back(wait_for(context_stream, 0, purpose));
  Operator own = op;
  own.queries = op.sequence / op.context;
  run_attention(out, own, direction, suffix, purpose);
  if (direction == Direction::forward) return;
  issue(out, context_stream, op.name + " keys' gradients", Collective::reduce_scatter, all,
        context_group_);
  out.push_back(wait_for(context_stream, 0, purpose));
}

// From parts of the sequence with all heads to the whole of it with some heads, and back (Jacobs et
// al. 2023). A rank without a key head of its own gets a copy.
void ProgramBuilder::add_by_heads(Commands& out, const Operator& op, Direction direction,
                                  const std::string& suffix, Purpose purpose) const {
  const double copies = as_double(std::max<std::int64_t>(1, op.context / op.kv_heads));
  const double inputs = query_bytes(op) + key_bytes(op) * copies;
  const bool forward = direction == Direction::forward;
  const auto exchange = [&](const char* what, double bytes) {
    issue(out, context_stream, op.name + what + suffix, Collective::all_to_all, bytes,
          context_group_);
    out.push_back(wait_for(context_stream, 0, purpose));
  };
  exchange(forward ? " to heads" : " gradients to heads", forward ? inputs : output_bytes(op));
  Operator whole = op;
  whole.tokens *= op.context;
  whole.heads /= op.context;
  whole.kv_heads = std::max<std::int64_t>(1, op.kv_heads / op.context);
  whole.pairs = 0;
  run_attention(out, whole, direction, suffix, purpose);
  exchange(
      forward ? " to sequence" : " gradients to sequence", forward ? output_bytes(op) : inputs);
}

// To the next rank of the ring, while every rank sends; where it leaves the node, if any does.
void ProgramBuilder::pass_on(Commands& out, const std::string& name, double bytes) const {
  const std::int64_t from = context_group_.members - 1;
  Command command;
  command.kind = Command::Kind::issue;
  command.stream = context_stream;
  command.collective = {
      name,
      network_->message(Bytes(bytes), context_group_, from, (from + 1) % context_group_.ranks)};
  out.push_back(std::move(command));
}

}  // namespace headroom
