// The backward pass of a part of the model: of all gradients, or of inputs and weights apart.
#include <utility>

#include "sim/mapping/commands.h"
#include "sim/mapping/program.h"

namespace headroom {

void ProgramBuilder::add_backward(
    Commands& out, const std::vector<Operator>& ops, Gradients gradients) const {
  for (std::size_t i = ops.size(); i-- > 0;) {
    const Operator& op = ops[i];
    switch (op.kind) {
      case OperatorKind::linear: {
        const Operator*
            gather = i > 0 && ops[i - 1].kind == OperatorKind::gather ? &ops[i - 1] : nullptr;
        add_linear_backward(out, op, gather, gradients);
        if (gather != nullptr) --i;
        break;
      }
      case OperatorKind::grouped: add_grouped_backward(out, op, gradients); break;
      case OperatorKind::attention:
        add_attention(out, op, Direction::backward, " backward", Purpose::model);
        break;
      case OperatorKind::scan:
        for (Kernel& kernel : mapper_.scan(op, Direction::backward))
          run(out, std::move(kernel), " backward", Purpose::model);
        break;
      case OperatorKind::elementwise:
        run_elementwise(out, op, Direction::backward, " backward", Purpose::model);
        break;
      case OperatorKind::gather:
      case OperatorKind::scatter:
      case OperatorKind::dispatch: exchange(out, op, true, Purpose::model); break;
    }
  }
}

// Data gradient, then weight gradient. Behind a gathered input the two exchanges hide behind them:
// the input shards are gathered again during the data gradient, whose own reduce-scatter (without
// shards: all-reduce) runs during the weight gradient (Korthikanti et al. 2022). Without the latter
// there is nothing that it could hide behind.
void ProgramBuilder::add_linear_backward(
    Commands& out, const Operator& op, const Operator* gather, Gradients gradients) const {
  const bool all = gradients == Gradients::all;
  const Kernel data = mapper_.product(
      op.name, {op.tokens, op.inputs, op.outputs}, forward_model_flops(op), width_of(op));
  add_cast(out, op, rows_of(op) * as_double(op.outputs), 0, " gradient", Purpose::model);
  const Stack& stack = experiment_.stack;
  const auto wait = [&] { out.push_back(wait_for(tensor_stream, 0)); };
  if (gather != nullptr && stack.sequence_parallel && all) {
    gather_again(out, *gather);
    if (!stack.tensor_overlap) wait();
  }
  run(out, data, " data gradient", Purpose::model);
  if (gather != nullptr) {
    if (all) wait();
    issue(out, tensor_stream, gather->name + " backward",
          stack.sequence_parallel ? Collective::reduce_scatter : Collective::all_reduce,
          gather->payload_bytes, tensor_group_);
    if (!stack.tensor_overlap || !all) wait();
  }
  if (!all) return;
  run(out, weight_gradient(op), " weight gradient", Purpose::model);
  if (gather != nullptr) wait();
}

// The data gradient is grouped as the product is.
void ProgramBuilder::add_grouped_backward(
    Commands& out, const Operator& op, Gradients gradients) const {
  ProductWork data = grouped_work(op);
  std::swap(data.n, data.k);
  add_cast(out, op, rows_of(op) * as_double(op.outputs), 0, " gradient", Purpose::model);
  run_grouped(out, mapper_.products(op.name, data, forward_model_flops(op), width_of(op)),
              op.groups, " data gradient", Purpose::model);
  if (gradients == Gradients::all)
    run_grouped(out, weight_gradient(op), op.groups, " weight gradient", Purpose::model);
}

// Of a grouped product's the rows are the reduction.
Kernel ProgramBuilder::weight_gradient(const Operator& op) const {
  const double flops = forward_model_flops(op);
  if (op.kind == OperatorKind::linear)
    return mapper_.product(op.name, {op.inputs, op.outputs, op.tokens}, flops, width_of(op));
  ProductWork weight = grouped_work(op);
  weight.rows = {{op.inputs, op.groups}};
  weight.k = op.tokens;
  return mapper_.products(op.name, weight, flops, width_of(op));
}

void ProgramBuilder::gather_again(Commands& out, const Operator& gather) const {
  issue(out, tensor_stream, gather.name + " again", Collective::all_gather, gather.payload_bytes,
        tensor_group_);
}

// The input shards are gathered again, one product ahead where the stack hides exchanges.
void ProgramBuilder::add_weight_gradients(Commands& out, const std::vector<Operator>& ops) const {
  struct Gradient {
    const Operator* product;
    const Operator* gather;
  };
  std::vector<Gradient> gradients;
  for (std::size_t i = ops.size(); i-- > 0;)
    if (ops[i].kind == OperatorKind::linear || ops[i].kind == OperatorKind::grouped) {
      const bool gathered = experiment_.stack.sequence_parallel && i > 0 &&
                            ops[i].kind == OperatorKind::linear &&
                            ops[i - 1].kind == OperatorKind::gather;
      gradients.push_back({&ops[i], gathered ? &ops[i - 1] : nullptr});
    }
  const bool ahead = experiment_.stack.tensor_overlap;
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    const Operator* gather = gradients[i].gather;
    if (gather != nullptr && (!ahead || i == 0)) gather_again(out, *gather);
    if (gather != nullptr) out.push_back(wait_for(tensor_stream, 0));
    if (ahead && i + 1 < gradients.size() && gradients[i + 1].gather != nullptr)
      gather_again(out, *gradients[i + 1].gather);
    run_grouped(out, weight_gradient(*gradients[i].product), gradients[i].product->groups,
                " weight gradient", Purpose::model);
  }
}

}  // namespace headroom
