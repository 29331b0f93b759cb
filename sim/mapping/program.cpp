#include "sim/mapping/program.h"

#include "models/network/collective_model.h"
#include "sim/workload/precision.h"

namespace headroom {

namespace {

Command wait_for(CollectiveStream stream, std::size_t outstanding,
                 Purpose purpose = Purpose::model) {
  Command command;
  command.kind = Command::Kind::wait;
  command.stream = stream;
  command.outstanding = outstanding;
  command.purpose = purpose;
  return command;
}

void append(std::vector<Command>& out, const std::vector<Command>& more) {
  out.insert(out.end(), more.begin(), more.end());
}

}  // namespace

ProgramBuilder::ProgramBuilder(const Experiment& experiment, const KernelMapper& mapper)
    : experiment_(experiment),
      mapper_(mapper),
      network_(std::make_shared<network::CollectiveModel>(experiment.chip, experiment.cluster)) {
  const Plan& plan = experiment.plan;
  tensor_group_ = place_group(experiment.cluster, plan.tensor, plan.stride(PlanDimension::tensor));
  data_group_ = place_group(experiment.cluster, plan.data, plan.stride(PlanDimension::data));
  const GraphShape shape{
      plan.micro_batch, plan.sequence, plan.tensor, experiment.stack.sequence_parallel};
  const ModelDescription& model = experiment.model;
  const auto share = [&](std::int64_t parameters) {
    return static_cast<double>(parameters) / static_cast<double>(plan.tensor);
  };
  layer_ = make_part(
      "layer", layer_forward(model, shape), share(model.layer_parameters()), plan.recompute);
  embedding_ = make_part(
      "embedding", embedding_forward(model, shape), share(model.embedding_parameters()),
      Recompute::none);
  // A tied head has its own copy of the embedding where the two are on different ranks; its
  // gradient is reduced there. On one rank they share it: full sharding lets go of it in between.
  const std::int64_t tied = model.tied_embedding ? model.vocab * model.hidden : 0;
  const bool copy = plan.pipeline > 1;
  head_ = make_part(
      "head", head_forward(model, shape),
      share(model.head_parameters() + (copy || plan.sharding == Sharding::zero3 ? tied : 0)),
      Recompute::none);
  head_.gradients = share(model.head_parameters() + (copy ? tied : 0));
}

ProgramBuilder::Part ProgramBuilder::make_part(
    const std::string& name, const std::vector<Operator>& ops, double parameters,
    Recompute recompute) const {
  Part part;
  part.name = name;
  part.parameters = part.gradients = parameters;
  add_forward(part.forward, ops, Purpose::model, false);
  if (recompute != Recompute::none)
    add_forward(part.backward, ops, Purpose::recompute, recompute == Recompute::selective);
  add_backward(part.backward, ops);
  return part;
}

Program ProgramBuilder::forward(const Chunk& chunk, bool gather) const {
  Program program;
  program.name = "forward";
  Section first;
  if (chunk.embedding) {
    if (gather)
      gather_weights(first.commands, embedding_),
          first.commands.push_back(wait_for(data_stream, 0));
    if (gather && chunk.layers > 0) gather_weights(first.commands, layer_);
    append(first.commands, embedding_.forward);
  } else if (gather && chunk.layers > 0) {
    gather_weights(first.commands, layer_);
  }
  program.sections.push_back(first);

  // Each layer waits for its weights and sends for the next one's.
  const auto layer = [&](const Part* next, std::int64_t repeat) {
    Section section;
    section.repeat = repeat;
    if (gather) section.commands.push_back(wait_for(data_stream, 0));
    if (gather && next != nullptr) gather_weights(section.commands, *next);
    append(section.commands, layer_.forward);
    program.sections.push_back(section);
  };
  if (chunk.layers > 1) layer(&layer_, chunk.layers - 1);
  if (chunk.layers > 0) layer(chunk.head ? &head_ : nullptr, 1);
  if (chunk.head) {
    Section head;
    if (gather && chunk.layers == 0) gather_weights(head.commands, head_);
    if (gather) head.commands.push_back(wait_for(data_stream, 0));
    append(head.commands, head_.forward);
    program.sections.push_back(head);
  }
  return program;
}

Program ProgramBuilder::backward(const Chunk& chunk, bool gather, bool reduce) const {
  Program program;
  program.name = "backward";
  const bool synchronise = reduce && experiment_.stack.gradients.overlaps;
  if (chunk.head) {
    Section head;  // the head's weights are still there from its forward pass
    if (gather && chunk.layers > 0) gather_weights(head.commands, layer_);
    append(head.commands, head_.backward);
    if (synchronise) reduce_gradients(head.commands, head_);
    program.sections.push_back(head);
  } else if (gather && chunk.layers > 0) {
    Section first;
    gather_weights(first.commands, layer_);
    program.sections.push_back(first);
  }
  // `behind`: gradient reductions that were issued after this layer's weights and may still be on
  // their way.
  const auto layer = [&](std::size_t behind, bool more, std::int64_t repeat) {
    if (repeat < 1) return;
    Section section;
    section.repeat = repeat;
    if (gather) section.commands.push_back(wait_for(data_stream, behind));
    if (gather && more) gather_weights(section.commands, layer_);
    append(section.commands, layer_.backward);
    if (synchronise) reduce_gradients(section.commands, layer_);
    program.sections.push_back(section);
  };
  const std::size_t reduced = synchronise ? 1 : 0;
  if (chunk.layers > 0) layer(chunk.head ? reduced : 0, chunk.layers > 1, 1);
  layer(reduced, true, chunk.layers - 2);
  if (chunk.layers > 1) layer(reduced, false, 1);
  if (chunk.embedding) {
    Section embedding;
    append(embedding.commands, embedding_.backward);
    if (synchronise) reduce_gradients(embedding.commands, embedding_);
    program.sections.push_back(embedding);
  }
  if (reduce && !synchronise) program.sections.push_back(reduce_all(chunk));
  return program;
}

Section ProgramBuilder::reduce_all(const Chunk& chunk) const {
  Section section;
  if (chunk.head) reduce_gradients(section.commands, head_);
  for (std::int64_t i = 0; i < chunk.layers; ++i) reduce_gradients(section.commands, layer_);
  if (chunk.embedding) reduce_gradients(section.commands, embedding_);
  return section;
}

Program ProgramBuilder::gather(const Chunk& unit) const {
  Program program;
  program.name = "gather";
  program.sections.emplace_back();
  Commands& commands = program.sections.back().commands;
  gather_weights(commands, unit.embedding ? embedding_ : unit.head ? head_ : layer_);
  commands.push_back(wait_for(data_stream, 0));
  return program;
}

Program ProgramBuilder::optimizer(double parameters) const {
  Program program;
  program.name = "optimizer";
  program.sections.emplace_back();
  run(program.sections.back().commands, mapper_.adam(parameters, experiment_.stack.gradient_passes),
      "", Purpose::optimizer);
  return program;
}

void ProgramBuilder::add_forward(
    Commands& out, const std::vector<Operator>& ops, Purpose purpose, bool cheap_only) const {
  const std::string suffix = purpose == Purpose::recompute ? " (recompute)" : "";
  for (const Operator& op : ops) {
    if (cheap_only && op.cheap_bytes <= 0) continue;
    switch (op.kind) {
      case OperatorKind::linear:
        run(out,
            mapper_.product(op.name, {op.tokens, op.outputs, op.inputs}, forward_model_flops(op)),
            suffix, purpose);
        break;
      case OperatorKind::attention:
        run(out, mapper_.attention(op, Direction::forward), suffix, purpose);
        break;
      case OperatorKind::elementwise:
        run(out, mapper_.elementwise(op, Direction::forward), suffix, purpose);
        break;
      case OperatorKind::gather:
      case OperatorKind::scatter: exchange(out, op, false, purpose); break;
    }
  }
}

void ProgramBuilder::add_backward(Commands& out, const std::vector<Operator>& ops) const {
  for (std::size_t i = ops.size(); i-- > 0;) {
    const Operator& op = ops[i];
    switch (op.kind) {
      case OperatorKind::linear: {
        const Operator*
            gather = i > 0 && ops[i - 1].kind == OperatorKind::gather ? &ops[i - 1] : nullptr;
        add_linear_backward(out, op, gather);
        if (gather != nullptr) --i;
        break;
      }
      case OperatorKind::attention:
        run(out, mapper_.attention(op, Direction::backward), " backward", Purpose::model);
        break;
      case OperatorKind::elementwise:
        run(out, mapper_.elementwise(op, Direction::backward), " backward", Purpose::model);
        break;
      case OperatorKind::gather:
      case OperatorKind::scatter: exchange(out, op, true, Purpose::model); break;
    }
  }
}

// Data gradient, then weight gradient. Behind a gathered input the two exchanges hide behind them:
// the input shards are gathered again during the data gradient, whose own reduce-scatter (without
// shards: all-reduce) runs during the weight gradient (Korthikanti et al. 2022).
void ProgramBuilder::add_linear_backward(
    Commands& out, const Operator& op, const Operator* gather) const {
  const double flops = forward_model_flops(op);
  const Kernel data = mapper_.product(op.name, {op.tokens, op.inputs, op.outputs}, flops);
  const Kernel weight = mapper_.product(op.name, {op.inputs, op.outputs, op.tokens}, flops);
  const Stack& stack = experiment_.stack;
  const auto wait = [&] { out.push_back(wait_for(tensor_stream, 0)); };
  if (gather != nullptr && stack.sequence_parallel) {
    issue(
        out, tensor_stream, gather->name + " again", Collective::all_gather, gather->payload_bytes);
    if (!stack.tensor_overlap) wait();
  }
  run(out, data, " data gradient", Purpose::model);
  if (gather != nullptr) {
    wait();
    issue(out, tensor_stream, gather->name + " backward",
          stack.sequence_parallel ? Collective::reduce_scatter : Collective::all_reduce,
          gather->payload_bytes);
    if (!stack.tensor_overlap) wait();
  }
  run(out, weight, " weight gradient", Purpose::model);
  if (gather != nullptr) wait();
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
                           Collective operation, double bytes) const {
  const Group& group = stream == tensor_stream ? tensor_group_ : data_group_;
  Command command;
  command.kind = Command::Kind::issue;
  command.stream = stream;
  command.collective = {name, network_->cost(operation, Bytes(bytes), group)};
  out.push_back(std::move(command));
}

void ProgramBuilder::exchange(
    Commands& out, const Operator& op, bool backward, Purpose purpose) const {
  const bool gathers = (op.kind == OperatorKind::gather) != backward;
  const bool split = experiment_.stack.sequence_parallel;
  if (gathers && !split) return;  // every rank has all tokens already
  issue(out, tensor_stream, op.name + (backward ? " backward" : ""),
        gathers ? Collective::all_gather
        : split ? Collective::reduce_scatter
                : Collective::all_reduce,
        op.payload_bytes);
  out.push_back(wait_for(tensor_stream, 0, purpose));
}

void ProgramBuilder::gather_weights(Commands& out, const Part& part) const {
  issue(out, data_stream, part.name + " weights", Collective::all_gather,
        part.parameters * weight_bytes);
}

void ProgramBuilder::reduce_gradients(Commands& out, const Part& part) const {
  const bool sharded = experiment_.plan.sharding != Sharding::none;
  issue(out, data_stream, part.name + " gradients",
        sharded ? Collective::reduce_scatter : Collective::all_reduce,
        part.gradients * experiment_.stack.gradients.bytes);
}

}  // namespace headroom
