#include "sim/mapping/program.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "models/network/collective_model.h"
#include "sim/mapping/commands.h"
#include "sim/mapping/counting.h"
#include "sim/workload/precision.h"

namespace headroom {

std::vector<Command> unrolled(const Program& program) {
  std::vector<Command> all;
  for (const Section& section : program.sections)
    for (std::int64_t i = 0; i < section.repeat; ++i) append(all, section.commands);
  return all;
}

ProgramBuilder::ProgramBuilder(const Experiment& experiment, const KernelMapper& mapper)
    : ProgramBuilder(
          experiment, mapper,
          std::make_shared<network::CollectiveModel>(experiment.chip, experiment.cluster)) {}

ProgramBuilder::ProgramBuilder(const Experiment& experiment, const KernelMapper& mapper,
                               std::shared_ptr<network::CollectiveModel> network)
    : experiment_(experiment), mapper_(mapper), network_(std::move(network)) {
  const Plan& plan = experiment.plan;
  tensor_group_ = place_group(experiment.cluster, plan.tensor, plan.stride(PlanDimension::tensor));
  context_group_ = place_group(
      experiment.cluster, plan.context, plan.stride(PlanDimension::context));
  replica_groups_ = replica_groups(experiment);
  expert_group_ = expert_group(experiment);
  expert_replicas_ = expert_replica_group(experiment);
  // Ranks r and p - 1 - r: p / 2 apart on average.
  if (plan.schedule == Schedule::dualpipe)
    copy_group_ = place_group(
        experiment.cluster, 2, plan.stride(PlanDimension::pipeline) * plan.pipeline / 2);
  const GraphShape shape = graph_shape(experiment);
  const ModelDescription& model = experiment.model;
  make_layers(shape);
  embedding_ = make_part(
      "embedding", embedding_forward(model, shape), embedding_shard(experiment), false);
  // A tied head has its own copy of the embedding where the two are on different ranks; its
  // gradient is reduced there. On one rank they share it: full sharding lets go of it in between.
  const bool copy = plan.pipeline > 1;
  head_ = make_part("head", head_forward(model, shape),
                    head_shard(experiment, copy || plan.sharding == Sharding::zero3), false);
  head_.gradients = head_shard(experiment, copy);
}

ProgramBuilder::Part ProgramBuilder::make_part(
    const std::string& name, const std::vector<Operator>& ops, const Shard& weights,
    bool is_layer) const {
  Part part;
  part.name = name;
  part.weights = part.gradients = weights;
  add_forward(part.forward, ops, Purpose::model);
  part.tensors = tensors_of(ops);
  if (is_layer) add_forward(part.again, ops, Purpose::recompute);
  const Plan& plan = experiment_.plan;
  if (is_layer && plan.recompute == Recompute::full && plan.sharding == Sharding::zero3 &&
      !experiment_.stack.gathers.ahead)
    open(part.again, part, nullptr, 0);
  add_backward(part.backward, ops, Gradients::all);
  if (!splits_backward(experiment_.plan)) return part;
  add_backward(part.input_gradients, ops, Gradients::inputs);
  add_weight_gradients(part.weight_gradients, ops);
  return part;
}

Program ProgramBuilder::forward(const Chunk& chunk, bool gather) const {
  const std::vector<const Part*> layers = layers_of(chunk);
  Program program;
  program.name = "forward";
  Section first;
  if (chunk.embedding) {
    if (gather) {
      gather_weights(first.commands, embedding_);
      take_weights(first.commands, embedding_, 0);
    }
    if (gather && !layers.empty()) send_ahead(first.commands, *layers.front());
    append(first.commands, embedding_.forward);
  } else if (gather && !layers.empty()) {
    send_ahead(first.commands, *layers.front());
  }
  program.sections.push_back(first);

  // Each layer waits for its weights and sends for the next one's.
  std::vector<LayerStep> steps;
  for (std::size_t i = 0; i < layers.size(); ++i)
    steps.push_back(
        {layers[i],
         i + 1 < layers.size() ? layers[i + 1]
         : chunk.head          ? &head_
                               : nullptr});
  for (const LayerStep& step : merged(steps)) {
    Section section;
    section.repeat = step.repeat;
    if (gather) open(section.commands, *step.part, step.next, 0);
    append(section.commands, step.part->forward);
    program.sections.push_back(section);
  }
  if (chunk.head) {
    Section head;
    if (gather && layers.empty()) send_ahead(head.commands, head_);
    if (gather) open(head.commands, head_, nullptr, 0);
    append(head.commands, head_.forward);
    program.sections.push_back(head);
  }
  return program;
}

Program ProgramBuilder::backward(
    const Chunk& chunk, bool gather, bool reduce, Gradients gradients) const {
  std::vector<const Part*> layers = layers_of(chunk);
  std::reverse(layers.begin(), layers.end());
  Program program;
  program.name = gradients == Gradients::weights ? "weight gradients" : "backward";
  const bool synchronise = reduce && experiment_.stack.gradients.overlaps;
  if (chunk.head) {
    Section head;  // the head's weights are still there from its forward pass
    if (gather && !layers.empty()) send_ahead(head.commands, *layers.front());
    append(head.commands, head_.of(gradients));
    if (synchronise) reduce_gradients(head.commands, head_);
    program.sections.push_back(head);
  } else if (gather && !layers.empty()) {
    Section first;
    send_ahead(first.commands, *layers.front());
    program.sections.push_back(first);
  }
  std::vector<LayerStep> steps;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Part* before = i > 0 ? layers[i - 1] : chunk.head ? &head_ : nullptr;
    const std::size_t behind = synchronise && before != nullptr ? reductions(*before) : 0;
    const auto index = static_cast<std::int64_t>(layers.size() - 1 - i);
    steps.push_back({layers[i], i + 1 < layers.size() ? layers[i + 1] : nullptr, behind, i == 0,
                     gradients != Gradients::weights && experiment_.plan.recomputes_layer(index)});
  }
  for (const LayerStep& step : merged(steps)) {
    Section section;
    section.repeat = step.repeat;
    if (gather) open(section.commands, *step.part, step.next, step.behind);
    if (step.recomputes) append(section.commands, step.part->again);
    append(section.commands, step.part->of(gradients));
    if (synchronise) reduce_gradients(section.commands, *step.part);
    program.sections.push_back(section);
  }
  if (chunk.embedding) {
    Section embedding;
    append(embedding.commands, embedding_.of(gradients));
    if (synchronise) reduce_gradients(embedding.commands, embedding_);
    program.sections.push_back(embedding);
  }
  if (reduce && !synchronise) program.sections.push_back(reduce_all(chunk));
  return program;
}

Section ProgramBuilder::reduce_all(const Chunk& chunk) const {
  Section section;
  if (chunk.head) reduce_gradients(section.commands, head_);
  for (const Part* layer : layers_of(chunk)) reduce_gradients(section.commands, *layer);
  if (chunk.embedding) reduce_gradients(section.commands, embedding_);
  return section;
}

Program ProgramBuilder::gather(const Chunk& unit) const {
  Program program;
  program.name = "gather";
  program.sections.emplace_back();
  Commands& commands = program.sections.back().commands;
  gather_weights(commands, unit.embedding ? embedding_ : unit.head ? head_ : average_layer_);
  commands.push_back(wait_for(data_stream, 0));
  return program;
}

void ProgramBuilder::add_forward(
    Commands& out, const std::vector<Operator>& ops, Purpose purpose) const {
  const bool again = purpose == Purpose::recompute;
  const std::string suffix = again ? " (recompute)" : "";
  for (const Operator& whole : ops) {
    if (again && !experiment_.plan.recomputes(whole)) continue;
    std::optional<Operator> part;  // of a product, where not all of it is computed again
    if (again && whole.alternate_outputs > 0) {
      part = whole;
      part->outputs = experiment_.plan.outputs_again(whole);
      part->true_outputs *= as_double(part->outputs) / as_double(whole.outputs);
    }
    const Operator& op = part ? *part : whole;
    switch (op.kind) {
      case OperatorKind::linear:
        add_cast(out, op, rows_of(op) * as_double(op.inputs), weights_of(op), suffix, purpose);
        run(out,
            mapper_.product(
                op.name, {op.tokens, op.outputs, op.inputs}, forward_model_flops(op), width_of(op)),
            suffix, purpose);
        break;
      case OperatorKind::grouped:
        add_cast(out, op, rows_of(op) * as_double(op.inputs), weights_of(op), suffix, purpose);
        run_grouped(
            out, mapper_.products(op.name, grouped_work(op), forward_model_flops(op), width_of(op)),
            op.groups, suffix, purpose);
        break;
      case OperatorKind::attention:
        add_attention(out, op, Direction::forward, suffix, purpose);
        break;
      case OperatorKind::scan:
        for (Kernel& kernel : mapper_.scan(op, Direction::forward))
          run(out, std::move(kernel), suffix, purpose);
        break;
      case OperatorKind::elementwise:
        run_elementwise(out, op, Direction::forward, suffix, purpose);
        break;
      case OperatorKind::gather:
      case OperatorKind::scatter:
      case OperatorKind::dispatch: exchange(out, op, false, purpose); break;
    }
  }
}

Width ProgramBuilder::width_of(const Operator& op) const {
  return op.stays_wide || !mapper_.narrows() ? Width::wide : Width::narrow;
}

void ProgramBuilder::add_cast(Commands& out, const Operator& op, double elements, double weights,
                              const std::string& suffix, Purpose purpose) const {
  if (width_of(op) == Width::wide) return;
  const bool every_time = experiment_.plan.sharding == Sharding::zero3;
  const double times = every_time ? 1 : as_double(experiment_.plan.micro_batches());
  run_grouped(out, mapper_.cast(op.name, elements + weights / times),
              op.kind == OperatorKind::grouped ? op.groups : 1, suffix, purpose);
}

void ProgramBuilder::run_grouped(Commands& out, Kernel kernel, std::int64_t groups,
                                 const std::string& suffix, Purpose purpose) const {
  const ExpertKernels& experts = experiment_.stack.experts;
  if (experts.each_expert && groups > 1)
    kernel.host = experiment_.on_host(experts.launch) * as_double(groups);
  run(out, std::move(kernel), suffix, purpose);
}

void ProgramBuilder::run_elementwise(Commands& out, const Operator& op, Direction direction,
                                     const std::string& suffix, Purpose purpose) const {
  const ExpertKernels& experts = experiment_.stack.experts;
  std::vector<Kernel> kernels = mapper_.elementwise(op, direction);
  if (op.routes) kernels.front().host = experiment_.on_host(experts.launch) * experts.routing;
  const bool forward = direction == Direction::forward;
  if (forward && op.copies_host && kernels.size() > 1) meet(out, purpose);
  for (Kernel& kernel : kernels) run(out, std::move(kernel), suffix, purpose);
  if (forward && op.routes && experts.host_waits) meet(out, purpose);
}

void ProgramBuilder::meet(Commands& out, Purpose purpose) {
  Command command;
  command.kind = Command::Kind::meet;
  command.purpose = purpose;
  out.push_back(std::move(command));
}

void ProgramBuilder::run(
    Commands& out, Kernel kernel, const std::string& suffix, Purpose purpose) const {
  kernel.name += suffix;
  kernel.purpose = purpose;
  if (purpose == Purpose::recompute) {
    kernel.recompute_flops += kernel.model_flops;
    kernel.model_flops = 0;
  }
  Command command;
  command.kernel = std::make_shared<const Kernel>(std::move(kernel));
  command.purpose = purpose;
  out.push_back(std::move(command));
}

void ProgramBuilder::issue(Commands& out, CollectiveStream stream, const std::string& name,
                           Collective operation, double bytes, const Group& group) const {
  Command command;
  command.kind = Command::Kind::issue;
  command.stream = stream;
  command.collective = {name, network_->cost(operation, Bytes(bytes), group)};
  out.push_back(std::move(command));
}

void ProgramBuilder::reduce_gradients(Commands& out, const Part& part) const {
  const bool sharded = experiment_.plan.sharding != Sharding::none;
  const Collective operation = sharded ? Collective::reduce_scatter : Collective::all_reduce;
  const double element = experiment_.stack.gradients.bytes;
  const bool own = own_expert_groups(experiment_.plan);
  const Shard& gradients = part.gradients;
  const double dense = own ? gradients.dense : gradients.total();
  if (experiment_.plan.sharding >= Sharding::zero2) place_shares(out, part, "gradients", element);
  over_replicas(out, part.name + " gradients", operation, dense * element);
  if (own && gradients.experts > 0 && expert_replicas_.ranks > 1)
    issue(out, data_stream, part.name + " expert gradients", operation, gradients.experts * element,
          expert_replicas_);
  if (copy_group_.ranks == 1) return;
  // Each copy's share of the sum.
  const double experts = own ? gradients.experts : 0;
  const double share = sharded ? dense / as_double(experiment_.plan.sharers()) +
                                     experts / as_double(expert_replicas_.ranks)
                               : dense + experts;
  issue(out, data_stream, part.name + " gradients of both copies", Collective::all_reduce,
        share * element, copy_group_);
}

std::size_t ProgramBuilder::reductions(const Part& part) const {
  const bool experts = own_expert_groups(experiment_.plan) && part.gradients.experts > 0 &&
                       expert_replicas_.ranks > 1;
  return replica_groups_.size() + (experts ? 1 : 0) + (copy_group_.ranks > 1 ? 1 : 0);
}

// Reductions begin in the closest group, of whose shards the next one has its part; gathering goes
// the other way. Copies of a hybrid sharding sum what each of them has scattered.
void ProgramBuilder::over_replicas(
    Commands& out, const std::string& name, Collective operation, double bytes) const {
  std::vector<Command> issues;
  double share = bytes;
  const bool copies = experiment_.plan.sharers() < experiment_.plan.replicas();
  for (const Group& group : replica_groups_) {
    const bool between = copies && !issues.empty();  // copies, which have the same shards
    if (between && operation == Collective::all_gather) break;
    issue(issues, data_stream, name, between ? Collective::all_reduce : operation, share, group);
    if (operation != Collective::all_reduce) share /= as_double(group.ranks);
  }
  if (operation == Collective::all_gather) std::reverse(issues.begin(), issues.end());
  append(out, issues);
}

}  // namespace headroom
