// The explanation of formats as a table: one row an effect, one column a format.
#include <fmt/format.h>

#include <functional>

#include "sim/quality/format_effects.h"
#include "sim/report/numbers.h"
#include "sim/workload/precision.h"

namespace headroom::quality {
namespace {

using Cell = std::function<std::string(const FormatEffects&)>;

constexpr int name_width = 46, cell_width = 12;

std::string maybe(const std::optional<double>& value, double unit = 1) {
  return value ? fmt::format("{:.3g}", *value / unit) : "-";
}

class Table {
 public:
  explicit Table(const FormatExplanation& explanation) : explanation_(explanation) {}

  void title(const std::string& name) { text_ += "  " + name + '\n'; }

  // A row of what holds for a format whatever the chip is.
  void row(const std::string& name, const Cell& cell) {
    text_ += fmt::format("    {:<{}}", name, name_width);
    for (const FormatEffects& effects : explanation_.formats)
      text_ += fmt::format("{:>{}}", cell(effects), cell_width);
    text_ += '\n';
  }

  // A row of what only a chip with the format has.
  void chip_row(const std::string& name, const Cell& cell) {
    row(name, [&](const FormatEffects& effects) {
      return effects.supported ? cell(effects) : "-";
    });
  }

  void add(const std::string& text) { text_ += text; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  const FormatExplanation& explanation_;
  std::string text_;
};

Cell number(double FormatEffects::*member, double unit, const char* form = "{:.4g}") {
  return [=](const FormatEffects& effects) {
    return fmt::format(fmt::runtime(form), effects.*member / unit);
  };
}

void engine_rows(Table& table) {
  table.title("engines");
  table.row("gates of a multiply-add, over bf16", [](const FormatEffects& e) {
    return maybe(e.area);
  });
  table.row("multiply-adds in the gates of one in bf16", [](const FormatEffects& e) {
    return e.area ? fmt::format("{:.3g}", 1 / *e.area) : "-";
  });
  table.chip_row("multiply-adds that the chip has in its place", number(&FormatEffects::rate, 1));
  table.chip_row("peak, TFLOP/s", number(&FormatEffects::peak, 1e12));
  table.chip_row("energy of a FLOP in them, pJ", [](const FormatEffects& e) {
    return maybe(e.energy_j, 1e-12);
  });
}

void data_rows(Table& table) {
  table.title("data");
  table.row("operand of a linear layer, bytes", number(&FormatEffects::operand_bytes, 1, "{:.5g}"));
  table.chip_row("through scratchpads, bytes a kFLOP of products",
                 number(&FormatEffects::scratchpad_bytes, 1e-3));
  table.chip_row("held in HBM, GB", number(&FormatEffects::memory_bytes, 1e9));
  table.chip_row("through HBM in a step, GB a chip", number(&FormatEffects::hbm_bytes, 1e9));
  table.chip_row("links busy in a step, s", number(&FormatEffects::links_s, 1));
}

void step_rows(Table& table, const FormatExplanation& explanation) {
  const FormatEffects& wide = explanation.formats.front();
  const auto over = [&](double FormatEffects::*member) {
    return [&wide, member](const FormatEffects& e) {
      return wide.*member > 0 ? fmt::format("{:.2f}", e.*member / (wide.*member)) : "-";
    };
  };
  table.title("what stays wide");
  table.chip_row(
      "model FLOPs on two-byte operands, %", number(&FormatEffects::wide_share, 1e-2, "{:.1f}"));
  table.chip_row("vector work, casts among it, s", number(&FormatEffects::vector_s, 1));
  table.title("step");
  table.chip_row("time, s", number(&FormatEffects::time_s, 1));
  table.chip_row("tokens/s of a chip", number(&FormatEffects::tokens_per_s, 1, "{:.0f}"));
  table.chip_row("over bf16", over(&FormatEffects::tokens_per_s));
  table.chip_row("peak over bf16, for comparison", over(&FormatEffects::peak));
  table.chip_row("energy of a token, J", [](const FormatEffects& e) {
    return maybe(e.energy_per_token_j);
  });
}

void quality_rows(Table& table, const FormatExplanation& explanation) {
  const double wide = explanation.formats.front().tokens_per_s;
  const auto counting = [wide](double share, const FormatEffects& e) {
    return fmt::format("{:.2f}", share * e.tokens_per_s / wide);
  };
  table.title("at the loss of bf16");
  table.row("share that counts, precision scaling law, %",
            number(&FormatEffects::by_law, 1e-2, "{:.1f}"));
  table.row("the same by the published gap, %", [](const FormatEffects& e) {
    return e.format == Format::bf16 ? "100.0"
           : e.by_gap               ? fmt::format("{:.1f}", 100 * *e.by_gap)
                                    : "-";
  });
  table.chip_row("throughput over bf16, law", [=](const FormatEffects& e) {
    return counting(e.by_law, e);
  });
  table.chip_row("throughput over bf16, published gap", [=](const FormatEffects& e) {
    if (e.format == Format::bf16) return counting(1, e);
    return e.by_gap ? counting(*e.by_gap, e) : std::string("-");
  });
}

std::string notes(const FormatExplanation& explanation, const Experiment& experiment) {
  std::string text;
  for (const FormatEffects& effects : explanation.formats)
    if (!effects.supported)
      text += wrapped(
          "  ",
          fmt::format("{}: the matrix engines of {} do not have it", to_string(effects.format),
                      experiment.chip.id),
          96);
  text += wrapped(
      "  ",
      fmt::format(
          "Gates are those of this project's RTL. Memory and links hold {} bytes a weight or "
          "activation and {} a gradient in every format. Narrow operands are cast and kept "
          "beside the wide ones. The share that counts takes {:.3g} B parameters, the most "
          "that the law was fitted to: docs/quality.md.",
          weight_bytes, gradient_bytes, explanation.law_parameters * 1e-9),
      96);
  return text;
}

}  // namespace

std::string text(const FormatExplanation& explanation, const Experiment& experiment) {
  Table table(explanation);
  table.add(fmt::format(
      "What a narrower format changes: {} on {} x {}, closed form\n", experiment.model.id,
      grouped(static_cast<double>(experiment.cluster.chips)), experiment.chip.id));
  table.add(std::string(4 + name_width, ' '));
  for (const FormatEffects& effects : explanation.formats)
    table.add(fmt::format("{:>{}}", to_string(effects.format), cell_width));
  table.add("\n");
  engine_rows(table);
  data_rows(table);
  step_rows(table, explanation);
  quality_rows(table, explanation);
  table.add(notes(explanation, experiment) + '\n');
  return table.text();
}

}  // namespace headroom::quality
