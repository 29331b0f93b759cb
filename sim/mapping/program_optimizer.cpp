// The optimiser's program.
#include <algorithm>
#include <map>

#include "sim/mapping/commands.h"
#include "sim/mapping/program.h"

namespace headroom {

// Muon works on whole matrices, which are dealt to the ranks that share them: those of the tensor
// group, and of the replicas where they share the optimiser. The parts of a matrix come together,
// and its update goes back, in two bytes (Liu et al. 2025, section 2.3).
Program ProgramBuilder::optimizer(
    const OwnedParameters& owned, const std::vector<Chunk>& chunks) const {
  const Plan& plan = experiment_.plan;
  const double passes = experiment_.stack.gradient_passes;
  Program program;
  program.name = "optimizer";
  if (plan.offload == Offload::optimizer) {
    program.sections.emplace_back();
    run(program.sections.back().commands, update_on_host(owned.all), "", Purpose::optimizer);
    return program;
  }
  const auto update = [&](Optimizer optimizer, double parameters) {
    program.sections.emplace_back();
    run(program.sections.back().commands,
        mapper_.update(optimizer, plan.optimizer_state, parameters, passes), "",
        Purpose::optimizer);
  };
  if (plan.optimizer != Optimizer::muon) {
    update(plan.optimizer, owned.all);
    return program;
  }
  const auto exchange = [&](const char* name) {
    program.sections.emplace_back();
    issue(program.sections.back().commands, tensor_stream, name, Collective::all_to_all,
          owned.layers * activation_bytes, tensor_group_);
    program.sections.back().commands.push_back(wait_for(tensor_stream, 0, Purpose::optimizer));
  };
  if (tensor_group_.ranks > 1) exchange("matrices");
  std::map<const Part*, std::int64_t> layers;
  for (const Chunk& chunk : chunks)
    for (const Part* part : layers_of(chunk)) ++layers[part];
  for (std::size_t kind = 0; kind < layers_.size(); ++kind) {
    const auto found = layers.find(&layers_[kind]);
    if (found == layers.end()) continue;
    for (const Matrices& matrices : matrices_of(experiment_.model, kinds_[kind]))
      add_newton_schulz(
          program, matrices,
          ceil_div(found->second * matrices.count, chips_of_matrices(plan, matrices.experts)));
  }
  if (tensor_group_.ranks > 1) exchange("updates of matrices");
  update(Optimizer::muon, owned.layers);
  if (owned.all > owned.layers) update(Optimizer::adamw, owned.all - owned.layers);
  return program;
}

// Gradients have come to the host behind the backward pass, in the two bytes that they are summed
// in. The update takes what the host's processors need, no less than what its memory needs for all
// that is read and written, and new weights go to the chip part by part behind it (Ren et al. 2021,
// sections 4 and 5).
Kernel ProgramBuilder::update_on_host(double parameters) const {
  const Plan& plan = experiment_.plan;
  const HostDescription& host = experiment_.cluster.host;
  const double state = update_cost(plan.optimizer, plan.optimizer_state).state_bytes,
               moved = 2 * state + weight_bytes +
                       (1 + experiment_.stack.gradient_passes) * weight_bytes;
  Kernel kernel;
  kernel.name = std::string(to_string(plan.optimizer)) + " on the host";
  kernel.host = Seconds(
      parameters * std::max({1 / host.optimizer_rate, moved / host.memory_bandwidth.si(),
                             weight_bytes / host.link.si()}));
  return kernel;
}

// X' = a X + (b A + c A A) X with A = X X', the shorter side first; the sums are part of the
// products' kernels.
void ProgramBuilder::add_newton_schulz(
    Program& program, const Matrices& matrices, std::int64_t count) const {
  const std::int64_t m = std::min(matrices.rows, matrices.columns),
                     n = std::max(matrices.rows, matrices.columns);
  Section section;
  section.repeat = count * newton_schulz_iterations;
  for (const Product& product : {Product{m, m, n}, Product{m, m, m}, Product{m, n, m}})
    run(section.commands, mapper_.product("newton-schulz", product, 0), "", Purpose::optimizer);
  program.sections.push_back(section);
}

}  // namespace headroom
