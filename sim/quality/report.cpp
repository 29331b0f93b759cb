#include "sim/quality/report.h"

#include <fmt/format.h>

#include <cmath>
#include <ostream>

namespace headroom::quality {
namespace {

using Json = nlohmann::ordered_json;

// What the law compares all formats with: that of today's training.
constexpr Format reference = Format::bf16;

double bits(Format format) { return traits(format).bits; }

Json number_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }
Json finite_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(); }

double gap(const QualityReport& report, const LossCurve& curve) {
  return curve.final_loss() / report.curves.front().final_loss() - 1;
}

std::string percent(double share) {
  return std::isfinite(share) ? fmt::format("{:+.2f} %", 100 * share) : "diverged";
}

std::string times(const std::optional<double>& factor) {
  return factor ? fmt::format("{:.2f} x", *factor) : "none";
}

std::string range(const PublishedGap& published) {
  if (published.least == published.most) return fmt::format("{:.3g} %", 100 * published.most);
  if (published.least == 0) return fmt::format("< {:.3g} %", 100 * published.most);
  return fmt::format("{:.3g} to {:.3g} %", 100 * published.least, 100 * published.most);
}

std::string trained_table(const QualityReport& report) {
  std::string text = fmt::format(
      "Trained here: {:.2f} M parameters, {} steps of {} tokens (bytes of {}), seed {}\n"
      "  {:<12}{:>12}{:>12}{:>12}\n",
      static_cast<double>(report.parameters) * 1e-6, report.steps,
      report.recipe.sequences * report.recipe.shape.context, report.corpus, report.seed, "products",
      "training", "validation", "gap");
  for (const LossCurve& curve : report.curves) {
    const bool first = &curve == &report.curves.front();
    text += fmt::format(
        "  {:<12}{:>12.4f}{:>12.4f}{:>12}{}\n", to_string(curve.format),
        curve.points.back().training, curve.final_loss(), first ? "" : percent(gap(report, curve)),
        curve.diverged ? fmt::format("  at step {}", curve.points.back().step) : "");
  }
  return text + fmt::format("  losses in nats a token; gap: of validation, over {}'s\n\n",
                            to_string(report.curves.front().format));
}

std::string published_table(const QualityReport& report) {
  const PrecisionLaw& law = report.published.law;
  std::string text = fmt::format(
      "Published losses\n  {:<12}{:<10}{:>15}{:>12}{:>9}{:>14}{:>14}\n", "format", "over", "gap",
      "parameters", "tokens", "worth, param.", "worth, tokens");
  const auto asked = [&](Format format) {
    for (const Format one : report.formats)
      if (one == format) return true;
    return false;
  };
  bool any = false;
  for (const PublishedGap& g : report.published.gaps) {
    if (!asked(g.format)) continue;
    any = true;
    text += fmt::format(
        "  {:<12}{:<10}{:>15}{:>10.3g} B{:>7.3g} T{:>14}{:>14}\n", to_string(g.format),
        to_string(g.baseline), range(g), g.parameters * 1e-9, g.tokens * 1e-12,
        times(law.parameters_for_gap(law.largest, g.most, bits(reference))),
        times(law.tokens_for_gap(law.largest, g.most, bits(reference))));
  }
  if (!any) return "Published losses: none of these formats\n\n";
  return text +
         fmt::format(
             "  worth: parameters or tokens that the upper end of the gap costs in the law below "
             "at {:.3g} B\n"
             "  parameters and {:.3g} B tokens, the largest that it was fitted on\n\n",
             law.largest.parameters * 1e-9, law.largest.tokens * 1e-9);
}

std::string law_table(const QualityReport& report) {
  const PrecisionLaw& law = report.published.law;
  std::string text = fmt::format(
      "Scaling law for precision (Kumar et al. 2024), integers with coarse scales: a bound for "
      "blocks\n  {:<12}{:>6}{:>12}{:>13}{:>26}\n",
      "format", "bits", "N_eff / N", "parameters", "throughput that counts");
  for (const Format format : report.formats) {
    const double b = bits(format);
    text += fmt::format(
        "  {:<12}{:>6}{:>12.3f}{:>13}{:>24.1f} %{}\n", to_string(format), b, law.effective_share(b),
        times(law.parameters_for(b, bits(reference))), 100 / law.parameters_for(b, bits(reference)),
        b < law.least_bits ? "  below what it holds for" : "");
  }
  return text +
         fmt::format(
             "  parameters: for the loss of {} at equal tokens; throughput over that is "
             "what counts at equal loss\n",
             to_string(reference));
}

Json law_json(const PrecisionLaw& law, Format format) {
  const double b = bits(format), wide = bits(reference);
  return {
      {"format", to_string(format)},
      {"bits", b},
      {"effective_parameter_share", law.effective_share(b)},
      {"parameters_factor", law.parameters_for(b, wide)},
      {"tokens_factor", number_or_null(law.tokens_for(law.largest, b, wide))},
      {"in_range", b >= law.least_bits}};
}

Json gap_json(const PrecisionLaw& law, const PublishedGap& g) {
  return {
      {"format", to_string(g.format)},
      {"baseline", to_string(g.baseline)},
      {"gap", {g.least, g.most}},
      {"parameters", g.parameters},
      {"tokens", g.tokens},
      {"parameters_factor",
       number_or_null(law.parameters_for_gap(law.largest, g.most, bits(reference)))},
      {"tokens_factor", number_or_null(law.tokens_for_gap(law.largest, g.most, bits(reference)))},
      {"recipe", g.recipe},
      {"source", g.source}};
}

Json training_json(const QualityReport& report) {
  if (report.curves.empty()) return nullptr;
  Json runs = Json::array();
  for (const LossCurve& curve : report.curves) {
    Json points = Json::array();
    for (const LossPoint& p : curve.points)
      if (p.validation)
        points.push_back({{"step", p.step}, {"loss", finite_or_null(*p.validation)}});
    runs.push_back(
        {{"format", to_string(curve.format)},
         {"diverged", curve.diverged},
         {"steps", curve.points.size()},
         {"training_loss", finite_or_null(curve.points.back().training)},
         {"validation_loss", finite_or_null(curve.final_loss())},
         {"gap", finite_or_null(gap(report, curve))},
         {"validations", points}});
  }
  return {
      {"parameters", report.parameters},
      {"steps", report.steps},
      {"tokens_per_step", report.recipe.sequences * report.recipe.shape.context},
      {"seed", report.seed},
      {"corpus", report.corpus},
      {"corpus_bytes", report.corpus_bytes},
      {"runs", runs}};
}

}  // namespace

void write_csv(const QualityReport& report, std::ostream& out) {
  out << "format,seed,step,training_loss,validation_loss\n";
  for (const LossCurve& curve : report.curves)
    for (const LossPoint& p : curve.points)
      out << fmt::format("{},{},{},{:.6f},{}\n", to_string(curve.format), report.seed, p.step,
                         p.training, p.validation ? fmt::format("{:.6f}", *p.validation) : "");
}

Json to_json(const QualityReport& report) {
  const PrecisionLaw& law = report.published.law;
  Json laws = Json::array(), gaps = Json::array();
  for (const Format format : report.formats) {
    laws.push_back(law_json(law, format));
    for (const PublishedGap& g : report.published.gaps)
      if (g.format == format) gaps.push_back(gap_json(law, g));
  }
  return {
      {"schema", "headroom.quality/1"},
      {"training", training_json(report)},
      {"published", gaps},
      {"law",
       {{"reference", to_string(reference)},
        {"fitted_to", {{"parameters", law.largest.parameters}, {"tokens", law.largest.tokens}}},
        {"formats", laws}}}};
}

std::string table(const QualityReport& report) {
  return (report.curves.empty() ? "" : trained_table(report)) + published_table(report) +
         law_table(report);
}

}  // namespace headroom::quality
