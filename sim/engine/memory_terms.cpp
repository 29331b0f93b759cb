#include "sim/engine/memory_terms.h"

#include <fmt/format.h>

#include "sim/mapping/schedule.h"
#include "sim/report/numbers.h"
#include "sim/workload/precision.h"

namespace headroom {

namespace {

constexpr double giga = 1e9;

// Collects terms and, once each, the symbols that they use.
class Explainer {
 public:
  explicit Explainer(const Experiment& experiment)
      : plan_(experiment.plan), need_(peak_memory(experiment)), parts_(need_.parts) {}

  MemoryExplanation explain() {
    symbol("P", parts_.all, "parameters of the chip's layers, embedding and head, unsharded");
    if (plan_.sharding >= Sharding::zero1)
      symbol("O", parts_.owned,
             "of them that this chip owns: dense ones over the replicas, experts over those that "
             "have the same");
    if (plan_.sharding >= Sharding::zero2)
      symbol("U", parts_.unit, "parameters of the largest layer, embedding or head");
    parameters();
    activations();
    explanation_.need = need_;
    return std::move(explanation_);
  }

 private:
  void symbol(const char* name, double value, const std::string& meaning) {
    explanation_.symbols.push_back({name, fmt::format("{} {}", grouped(value), meaning)});
  }

  void term(const std::string& name, const std::string& formula, const std::string& numbers,
            double bytes) {
    explanation_.terms.push_back({name, formula, numbers, bytes});
  }

  // `each` bytes of every parameter of the chip or, from a stage of sharding on, of its own share
  // and as many of the largest units as are gathered at once.
  void per_parameter(const std::string& name, double each, Sharding from, int units, double bytes) {
    if (plan_.sharding < from) {
      term(name, fmt::format("{:g} B x P", each),
           fmt::format("{:g} B x {}", each, grouped(parts_.all)), bytes);
      return;
    }
    const auto product = [&](const std::string& owned, const std::string& gathered) {
      return units == 0 ? fmt::format("{:g} B x {}", each, owned)
                        : fmt::format("{:g} B x ({} + {})", each, owned, gathered);
    };
    term(name, product("O", units == 1 ? "U" : fmt::format("{} U", units)),
         product(grouped(parts_.owned),
                 units == 1 ? grouped(parts_.unit)
                            : fmt::format("{} x {}", units, grouped(parts_.unit))),
         bytes);
  }

  void parameters() {
    per_parameter("weights", weight_bytes, Sharding::zero3, 2, need_.weights_bytes);
    per_parameter("gradients", gradient_bytes, Sharding::zero2, 1, need_.gradients_bytes);
    const double of = plan_.sharding >= Sharding::zero1 ? parts_.owned : parts_.all;
    per_parameter(
        "optimiser", need_.optimizer_bytes / of, Sharding::zero1, 0, need_.optimizer_bytes);
  }

  void activations() {
    const double chunks = static_cast<double>(chunks_of_rank(plan_));
    symbol("K", parts_.kept,
           fmt::format("B that the rank's layers keep of one micro-batch (recompute {})",
                       to_string(plan_.recompute)));
    if (splits_backward(plan_)) {
      term("activations", fmt::format("most held at once under {}", to_string(plan_.schedule)),
           fmt::format("{} B", grouped(parts_.held)), parts_.held);
    } else {
      symbol("n", parts_.held / parts_.kept * chunks,
             fmt::format("chunks' activations in flight at most, of {} chunks a rank", chunks));
      term("activations", chunks > 1 ? "n / chunks x K" : "n x K",
           chunks > 1 ? fmt::format("{} / {} x {} B", grouped(parts_.held / parts_.kept * chunks),
                                    chunks, grouped(parts_.kept))
                      : fmt::format("{:g} x {} B", parts_.held / parts_.kept, grouped(parts_.kept)),
           parts_.held);
    }
    if (parts_.working > 0) {
      symbol("W", parts_.working, "B more that the layer at work keeps while it is recomputed");
      term("layer at work", "W", fmt::format("{} B", grouped(parts_.working)), parts_.working);
    }
    if (parts_.head > 0) {
      symbol("H", parts_.head, "B that the output head keeps of one micro-batch");
      term("output head", "H", fmt::format("{} B", grouped(parts_.head)), parts_.head);
    }
  }

  const Plan& plan_;
  MemoryNeed need_;
  const MemoryParts& parts_;
  MemoryExplanation explanation_;
};

}  // namespace

MemoryExplanation explain_memory(const Experiment& experiment) {
  return Explainer(experiment).explain();
}

std::string text(const MemoryExplanation& explanation, const Experiment& experiment) {
  std::string text = fmt::format(
      "Memory of a chip of pipeline rank {}, the busiest\n", explanation.need.rank);
  for (const MemoryTerm& term : explanation.terms)
    text += fmt::format(
        "  {:<14} {:>8.3f} GB   {} = {}\n", term.name, term.bytes / giga, term.formula,
        term.numbers);
  text += fmt::format(
      "  {:<14} {:>8.3f} GB   of {:.3f} GB of HBM\n", "sum", explanation.need.total() / giga,
      experiment.chip.hbm.capacity.si() / giga);
  for (const MemorySymbol& symbol : explanation.symbols)
    text += fmt::format("  {:>2}: {}\n", symbol.symbol, symbol.meaning);
  return text + "\n";
}

}  // namespace headroom
