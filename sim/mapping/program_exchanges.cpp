// What a program exchanges with other chips on the way: shards of the sequence, tokens of experts,
// sharded weights.
#include <algorithm>
#include <utility>

#include "sim/mapping/commands.h"
#include "sim/mapping/counting.h"
#include "sim/mapping/program.h"
#include "sim/workload/precision.h"

namespace headroom {

void ProgramBuilder::exchange(
    Commands& out, const Operator& op, bool backward, Purpose purpose) const {
  const std::string name = op.name + (backward ? " backward" : "");
  const bool gathers = (op.kind == OperatorKind::gather) != backward;
  const bool split = experiment_.stack.sequence_parallel;
  if (op.kind == OperatorKind::dispatch)
    exchange_tokens(out, op, name, op.returns != backward);
  else if (gathers && !split)
    return;  // every rank has all tokens already
  else
    issue(out, tensor_stream, name,
          gathers ? Collective::all_gather
          : split ? Collective::reduce_scatter
                  : Collective::all_reduce,
          op.payload_bytes, tensor_group_);
  out.push_back(wait_for(tensor_stream, 0, purpose));
}

void ProgramBuilder::exchange_tokens(
    Commands& out, const Operator& op, const std::string& name, bool returns) const {
  const ExpertKernels& experts = experiment_.stack.experts;
  const double bytes = op.payload_bytes * (experts.one_copy ? copies_share() : 1);
  issue(out, tensor_stream, name, Collective::all_to_all, bytes, expert_group_);
  if (experts.exchange.empty()) return;
  const double ranks = as_double(expert_group_.ranks);
  CollectiveCost& cost = out.back().collective.cost;
  cost.transfer = std::max(
      cost.transfer,
      Bytes(bytes * (ranks - 1) / ranks) / experts.exchange.of(expert_group_.ranks, returns));
}

// Of n experts on E chips a token goes to k, no two alike: a chip has none of them with probability
// (n - n/E)! (n - k)! / ((n - n/E - k)! n!).
double ProgramBuilder::copies_share() const {
  const double chips = as_double(expert_group_.ranks),
               count = as_double(experiment_.model.experts.count);
  double none = 1;
  for (std::int64_t i = 0; i < experiment_.model.experts.per_token; ++i)
    none *= std::max(0.0, count - count / chips - as_double(i)) / (count - as_double(i));
  return chips * (1 - none) / as_double(experiment_.model.experts.per_token);
}

void ProgramBuilder::gather_weights(Commands& out, const Part& part) const {
  const bool own = own_expert_groups(experiment_.plan);
  const double dense = own ? part.weights.dense : part.weights.total();
  over_replicas(out, part.name + " weights", Collective::all_gather, dense * weight_bytes);
  if (own && part.weights.experts > 0 && expert_replicas_.ranks > 1)
    issue(out, data_stream, part.name + " expert weights", Collective::all_gather,
          part.weights.experts * weight_bytes, expert_replicas_);
}

void ProgramBuilder::send_ahead(Commands& out, const Part& part) const {
  if (experiment_.stack.gathers.ahead) gather_weights(out, part);
}

void ProgramBuilder::open(
    Commands& out, const Part& part, const Part* next, std::size_t behind) const {
  const bool ahead = experiment_.stack.gathers.ahead;
  if (!ahead) gather_weights(out, part);
  take_weights(out, part, ahead ? behind : 0);
  if (next != nullptr) send_ahead(out, *next);
}

void ProgramBuilder::take_weights(Commands& out, const Part& part, std::size_t behind) const {
  out.push_back(wait_for(data_stream, behind));
  place_shares(out, part, "weights", weight_bytes);
}

void ProgramBuilder::place_shares(
    Commands& out, const Part& part, const char* what, double element) const {
  const Seconds copy = experiment_.on_host(experiment_.stack.gathers.copy);
  if (copy <= Seconds(0)) return;
  Kernel placing = mapper_.move(part.name + " " + what + " placed", part.weights.total() * element);
  placing.host = copy * (part.tensors * as_double(experiment_.plan.sharers()));
  run(out, std::move(placing), "", Purpose::model);
}

double ProgramBuilder::tensors_of(const std::vector<Operator>& ops) const {
  const ModelDescription& model = experiment_.model;
  double tensors = 0;
  for (const Operator& op : ops) {
    if (op.kind == OperatorKind::linear) tensors += model.mlp_bias ? 2 : 1;
    if (op.kind == OperatorKind::grouped) tensors += as_double(op.groups);
    if (op.belongs_to({LayerPart::norm})) tensors += model.norm == Norm::layer ? 2 : 1;
  }
  return tensors;
}

}  // namespace headroom
