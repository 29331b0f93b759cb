#include "models/matrix_engine/rtl.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "models/matrix_engine/beats.h"

namespace headroom::matrix_engine {

namespace {

RtlPins::Variant variant_of(const ArrayParameters& array) {
  return {datapath_of(array.format), array.rows, array.columns, array.dot_length};
}

}  // namespace

void check_rtl_variant(const ArrayParameters& array) {
  check(array);
  refuse_chained_folds(array, "rtl");
  const RtlPins::Variant wanted = variant_of(array);
  const auto& built = RtlPins::built();
  bool found = std::find(built.begin(), built.end(), wanted) != built.end();
  std::string text = std::string(to_string(wanted.datapath)) + " " + to_string(wanted) + " (" +
                     std::string(to_string(array.format)) + ")";
  if (array.accumulator_rows > rtl_accumulator_rows) {
    found = false;
    text += " with " + std::to_string(array.accumulator_rows) + " accumulator rows (at most " +
            std::to_string(rtl_accumulator_rows) + ")";
  }
  if (!found)
    throw UnavailableFidelity("matrix_engine rtl is built for", RtlPins::built_text(), text);
  (void)golden::dot_parameters(array);
}

RtlRun run_rtl(const ArrayParameters& array, const golden::Operands& operands, const Edges& edges,
               std::uint64_t seed) {
  check_rtl_variant(array);
  check(operands.product);
  const auto pins = RtlPins::make(variant_of(array), seed);
  pins->reset({array.format, array.saturate, golden::dot_parameters(array).align_bits,
               array.dataflow == Dataflow::output_stationary, array.double_buffered});

  WeightBeats weights(array, operands);
  ActivationBeats activations(array, operands);
  OutputBeats outputs(array, operands);
  bool weight_offered = false, activation_offered = false, any_accepted = false;
  Cycles first_accepted = 0, last_moved = 0;
  Cycles now = 0;
  for (; outputs.any(); ++now) {
    weight_offered = weights.any() && (weight_offered || edges.weights.open_for(now) > 0);
    activation_offered = activations.any() &&
                         (activation_offered || edges.activations.open_for(now) > 0);
    RtlPins::Inputs inputs;
    inputs.weight_valid = weight_offered;
    inputs.weights = weights.words();
    inputs.activation_valid = activation_offered;
    inputs.activations = activations.words();
    inputs.first = activations.fold().first;
    inputs.last = activations.fold().last;
    inputs.end = activations.end();
    inputs.output_ready = edges.output.open_for(now) > 0;
    const RtlPins::Outputs pin = pins->settle(inputs);

    if (weight_offered && pin.weight_ready) {
      if (!any_accepted) first_accepted = now;
      any_accepted = true;
      weights.next();
      weight_offered = false;
      last_moved = now;
    }
    if (activation_offered && pin.activation_ready) {
      activations.next();
      activation_offered = false;
      last_moved = now;
    }
    if (pin.output_valid && inputs.output_ready) {
      pins->read_output(outputs.beat());
      outputs.taken();
      last_moved = now;
    }
    pins->clock();
    if (now - last_moved > 1'000'000)
      throw std::logic_error("matrix_engine rtl: no beat moved for 1000000 cycles");
  }
  return {now - first_accepted, now, Folds(array, operands.product).count(), outputs.values()};
}

RtlEngine::RtlEngine(const ArrayParameters& parameters) : MatrixEngine(parameters) {
  check_rtl_variant(parameters);
}

Cycles RtlEngine::cycles(const Product& product) {
  const auto key = std::make_tuple(product.m, product.n, product.k);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  const golden::Operands operands = golden::random_operands(
      parameters().format, product,
      mix(static_cast<std::uint64_t>(product.m)) ^
          mix(static_cast<std::uint64_t>(product.n) << 20) ^
          mix(static_cast<std::uint64_t>(product.k) << 40),
      golden::Values::moderate);
  const RtlRun run = run_rtl(parameters(), operands, open_edges());
  if (run.values != golden::multiply(parameters(), operands))
    throw std::logic_error(
        "matrix_engine rtl differs from golden at m=" + std::to_string(product.m) +
        " n=" + std::to_string(product.n) + " k=" + std::to_string(product.k));
  return known_[key] = run.cycles;
}

}  // namespace headroom::matrix_engine
