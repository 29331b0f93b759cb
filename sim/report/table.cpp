#include "sim/report/table.h"

#include <fmt/color.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "sim/report/json.h"
#include "sim/report/numbers.h"

namespace headroom {
namespace {

constexpr std::size_t width = 100;
constexpr int bar_cells = 36;

class Table {
 public:
  Table(const Result& result, TableStyle style) : result_(result), style_(style) {}

  std::string text() {
    head();
    figures();
    waterfall();
    list("Assumed", result_.assumed);
    list("Not modelled", not_modelled());
    last_line();
    return text_;
  }

 private:
  std::string emphasised(const std::string& text) const {
    return style_.color ? fmt::format(fmt::emphasis::bold, "{}", text) : text;
  }

  void line(const std::string& text = "") { text_ += text + "\n"; }

  // "  name   value   note", the note wrapped below itself.
  void row(const char* name, const std::string& value, const std::string& note = "") {
    const std::string lead = fmt::format("  {:<14}", name);
    if (note.empty()) return line(lead + emphasised(value));
    std::string rest = wrapped(std::string(34, ' '), note, width).substr(34);
    const std::size_t used = columns(value);
    line(lead + emphasised(value) + std::string(used < 18 ? 18 - used : 1, ' ') +
         rest.substr(0, rest.size() - 1));
  }

  void head() {
    const Setup& setup = result_.setup;
    const Plan& plan = setup.plan;
    line(emphasised(fmt::format(
        "{}: {} on {} x {} ({})", result_.experiment, setup.model,
        grouped(static_cast<double>(setup.chips)), setup.chip, setup.cluster)));
    std::string text = fmt::format(
        "{}, data {}, tensor {}, pipeline {}", to_string(plan.format), plan.data, plan.tensor,
        plan.pipeline);
    if (plan.virtual_pipeline > 1)
      text += fmt::format(" ({} chunks a stage)", plan.virtual_pipeline);
    if (plan.schedule != Schedule::one_forward_one_backward)
      text += fmt::format(", schedule {}", to_string(plan.schedule));
    if (plan.context > 1) text += fmt::format(", context {}", plan.context);
    if (plan.expert > 1) text += fmt::format(", expert {}", plan.expert);
    text += fmt::format(
        ", sharding {}, recompute {}, batch {} in micro-batches of {}, sequence {}",
        to_string(plan.sharding), recompute_words(plan), plan.global_batch, plan.micro_batch,
        plan.sequence);
    text_ += wrapped("  ", text, width);
    line();
  }

  void figures() {
    const auto& rate = result_.throughput;
    const std::string_view format = to_string(result_.setup.plan.format);
    const double peak = result_.waterfall.empty() ? 0 : result_.waterfall.front().tflops_per_chip;
    row("step time", seconds_text(result_.step.time_s),
        fmt::format("{} tokens, one optimiser step", grouped(result_.step.tokens)));
    row("throughput", grouped(rate.tokens_per_s) + " tokens/s",
        fmt::format("{} tokens/s per chip", grouped(rate.tokens_per_s_per_chip)));
    row("model FLOP/s", fmt::format("{:.1f} TFLOP/s", rate.model_tflops_per_chip),
        fmt::format("per chip, of {:.1f} peak (dense {} at the nameplate clock)", peak, format));
    row("MFU", percent(rate.mfu),
        "model FLOPs (causal attention, no recomputation) over that peak");
    if (std::fabs(rate.mfu_bf16 - rate.mfu) > 1e-12)
      row("MFU of bf16", percent(rate.mfu_bf16), "the same over the bf16 peak");
    row("HFU", percent(rate.hfu), "hardware FLOPs, recomputation counted, over that peak");
    if (rate.goodput)
      row("goodput", percent(*rate.goodput), "of the throughput remains after failures");
    const MemoryUse& memory = result_.memory;
    row("memory",
        fmt::format("{} of {} GB", gigabytes(memory.peak_bytes), gigabytes(memory.capacity_bytes)),
        fmt::format("weights {}, gradients {}, optimiser {}, activations {} GB",
                    gigabytes(memory.weights_bytes), gigabytes(memory.gradients_bytes),
                    gigabytes(memory.optimizer_bytes), gigabytes(memory.activations_bytes)));
    clock();
    cost();
    row("bound by", result_.bound_by);
    line();
  }

  void clock() {
    const auto& power = result_.power;
    if (power.clock_nameplate_hz <= 0) return;
    row("matrix clock", hertz_text(power.clock_matrix_hz),
        fmt::format("nameplate {}", hertz_text(power.clock_nameplate_hz)));
  }

  void cost() {
    const auto& cost = result_.cost;
    if (!cost.usd_per_million_tokens || !cost.usd_per_million_tokens_maker) return;
    row("cost", fmt::format("{:.3g} USD", *cost.usd_per_million_tokens),
        fmt::format("per million tokens to a buyer, {:.3g} to the chip's maker (docs/die.md)",
                    *cost.usd_per_million_tokens_maker));
  }

  void waterfall() {
    if (result_.waterfall.empty()) return;
    const double peak = result_.waterfall.front().tflops_per_chip;
    line(emphasised(fmt::format(
        "{:<32}{:>9}{:>10}{:>9}", "Where the peak goes (TFLOP/s)", "left", "lost", "of peak")));
    for (std::size_t i = 0; i < result_.waterfall.size(); ++i) {
      const WaterfallStep& step = result_.waterfall[i];
      const bool end = i == 0 || step.name == "achieved" || i + 1 == result_.waterfall.size();
      // What would print as nothing is left out; the document has it.
      if (!end && std::fabs(step.lost_to) < std::min(0.05, peak * 5e-4)) continue;
      const std::string lost = end ? "" : fmt::format("{:.1f}", step.lost_to);
      const double share = (end ? step.tflops_per_chip : step.lost_to) / peak;
      std::string text = fmt::format(
          "  {:<30}{:>9.1f}{:>10}{:>9}  {}", step.name, step.tflops_per_chip, lost, percent(share),
          waterfall_bar(
              step.tflops_per_chip / peak, step.lost_to / peak, bar_cells, style_.unicode));
      text.erase(text.find_last_not_of(' ') + 1);
      line(end ? emphasised(text) : text);
    }
    line(fmt::format(
        "  hidden behind other work: communication {}, vector work {}",
        seconds_text(result_.overlapped.communication_s),
        seconds_text(result_.overlapped.vector_s)));
  }

  void list(const char* title, const std::vector<std::string>& entries) {
    if (entries.empty()) return;
    line();
    line(emphasised(title));
    for (const std::string& entry : entries) text_ += wrapped("  - ", entry, width);
  }

  // Paths that share a reason stand together, those without one last.
  std::vector<std::string> not_modelled() const {
    std::vector<std::pair<std::string, std::string>> paths_by_reason;  // in order of appearance
    for (const auto& entry : to_json(result_)["not_modelled"].get<std::vector<std::string>>()) {
      const auto colon = std::min(entry.find(':'), entry.size());
      const std::string reason = entry.substr(colon);
      const auto known = std::find_if(
          paths_by_reason.begin(), paths_by_reason.end(),
          [&reason](const auto& group) { return group.first == reason; });
      if (known == paths_by_reason.end())
        paths_by_reason.emplace_back(reason, entry.substr(0, colon));
      else
        known->second += ", " + entry.substr(0, colon);
    }
    std::stable_partition(paths_by_reason.begin(), paths_by_reason.end(), [](const auto& group) {
      return !group.first.empty();
    });
    std::vector<std::string> entries;
    for (const auto& [reason, paths] : paths_by_reason) entries.push_back(paths + reason);
    return entries;
  }

  void last_line() {
    const auto& run = result_.simulation;
    line();
    text_ += wrapped(
        "",
        fmt::format("Simulated one step ({}) with {} events in {}, {:.0f} MB; headroom {}",
                    seconds_text(result_.step.time_s), grouped(static_cast<double>(run.events)),
                    seconds_text(run.wall_s), run.peak_rss_bytes / 1e6, result_.version),
        width);
  }

  const Result& result_;
  TableStyle style_;
  std::string text_;
};

}  // namespace

std::string table(const Result& result, TableStyle style) { return Table(result, style).text(); }

}  // namespace headroom
