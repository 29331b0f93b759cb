// Draws what docs/accuracy.md shows of a validation: its tables as Markdown, or predicted against
// published throughput and the histogram of errors as an SVG picture, on standard output. The
// numbers are those of the document that `headroom validate --json` writes.
//
//   validation_report tables REPORT.json        validation_report picture REPORT.json
//   (- reads standard input)
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "examples/picture_style.h"

namespace {

using Json = nlohmann::ordered_json;

constexpr double panel_width = 400, panel_height = 330, gap = 84, left = 64, top = 92, bottom = 76;
constexpr std::size_t worst_rows = 10;
constexpr double bin_width = 10, most_bins = 25;  // per cent of error, bins to either side

std::vector<Json> used_rows(const Json& report) {
  std::vector<Json> rows;
  for (const Json& row : report.at("rows"))
    if (row.at("status") == "used") rows.push_back(row);
  if (rows.empty()) throw std::invalid_argument("the report has no row that was used");
  return rows;
}

std::string cell(const Json& number, bool with_sign = false) {
  if (number.is_null()) return "";
  return with_sign ? fmt::format("{:+.1f}", number.get<double>())
                   : fmt::format("{:.1f}", number.get<double>());
}

std::string errors(const Json& row) {
  return fmt::format("{} | {} | {} | {}", cell(row.at("mape_pct")), cell(row.at("bias_pct"), true),
                     cell(row.at("median_ape_pct")), cell(row.at("p90_ape_pct")));
}

std::string group_table(const Json& groups, const char* name) {
  std::string text = fmt::format(
      "| {} | rows used | of | MAPE, % | bias, % | median, % | p90, % |\n"
      "|---|---|---|---|---|---|---|\n",
      name);
  for (const Json& row : groups)
    text += fmt::format(
        "| {} | {} | {} | {} |\n", row.at(name).get<std::string>(), row.at("rows_used").get<int>(),
        row.at("rows_total").get<int>(), errors(row));
  return text;
}

std::string overall_table(const Json& report) {
  const Json& baselines = report.at("baselines");
  std::string text =
      "| answered by | rows | MAPE, % | bias, % | median, % | p90, % "
      "|\n|---|---|---|---|---|---|\n";
  const auto line = [&](const char* name, std::size_t rows, const Json& row) {
    text += fmt::format("| {} | {} | {} |\n", name, rows, errors(row));
  };
  const auto rows_of = [](const Json& row) { return row.at("rows").get<std::size_t>(); };
  line("Headroom", report.at("rows_used").get<std::size_t>(), report);
  for (const auto& [name, key] :
       {std::pair{"Headroom, rows on a described network", "described_network"},
        std::pair{"Headroom, rows on the usual network of their chip", "default_network"}})
    line(name, rows_of(report.at(key)), report.at(key));
  for (const auto& [name, key] :
       {std::pair{"median of the other rows of the chip and format", "chip_and_format"},
        std::pair{
            "median of the other rows of the source, chip and model", "source_chip_and_model"},
        std::pair{"median of the other rows with the same settings (noise)", "noise_floor"}})
    line(name, rows_of(baselines.at(key)), baselines.at(key));
  text += fmt::format("\nAll sources alike: {} %.\n", cell(report.at("mape_source_weighted_pct")));
  if (report.contains("intervals")) {
    const Json& intervals = report.at("intervals");
    text += fmt::format(
        "\nIntervals of {:.0f} % from the ranges of inputs hold {} of {} published figures; {} are "
        "below theirs and {} above; median width {} %.\n",
        100 * intervals.at("level").get<double>(), intervals.at("rows_inside").get<int>(),
        intervals.at("rows").get<int>(), intervals.at("rows_below").get<int>(),
        intervals.at("rows_above").get<int>(), cell(intervals.at("median_width_pct")));
  }
  return text;
}

std::string worst_table(std::vector<Json> rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const Json& a, const Json& b) {
    return std::fabs(a.at("error_pct").get<double>()) > std::fabs(b.at("error_pct").get<double>());
  });
  if (rows.size() > worst_rows) rows.resize(worst_rows);
  std::string text =
      "| row | source | model, chip | plan | predicted, published TFLOP/s | error | bound by |\n"
      "|---|---|---|---|---|---|---|\n";
  for (const Json& row : rows)
    text += fmt::format(
        "| {} | {} | {}, {} | {} | {:.0f}, {:.0f} | {:+.0f} % | {} |\n",
        row.at("id").get<std::string>(), row.at("source").get<std::string>(),
        row.at("model").get<std::string>(), row.at("chip").get<std::string>(),
        row.at("plan").get<std::string>(), row.at("predicted_tflops_per_chip").get<double>(),
        row.at("published_tflops_per_chip").get<double>(), row.at("error_pct").get<double>(),
        row.at("bound_by").get<std::string>());
  return text;
}

std::string skipped_table(const Json& report) {
  std::map<std::string, int> reasons;
  for (const Json& row : report.at("skipped")) ++reasons[row.at("reason").get<std::string>()];
  std::vector<std::pair<std::string, int>> sorted(reasons.begin(), reasons.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second > b.second;
  });
  std::string text = "| rows skipped | because |\n|---|---|\n";
  for (const auto& [reason, rows] : sorted) text += fmt::format("| {} | {} |\n", rows, reason);
  if (const int unknown = report.at("rows_unknown_convention").get<int>(); unknown > 0)
    text += fmt::format(
        "| {} | predicted, but they state FLOP/s in a convention that they do not "
        "name |\n",
        unknown);
  return text;
}

std::string tables(const Json& report) {
  return fmt::format(
      "{} of {} rows are compared, at fidelity `{}`; {} of the predicted rows do not fit their "
      "chips by "
      "our count.\n\n{}\n{}\n{}\n{}\n{}",
      report.at("rows_used").get<int>(), report.at("rows_total").get<int>(),
      report.at("fidelity").get<std::string>(), report.at("rows_misfit").get<int>(),
      overall_table(report), group_table(report.at("by_chip"), "chip"),
      group_table(report.at("by_source"), "source"), worst_table(used_rows(report)),
      skipped_table(report));
}

// Both axes of the scatter plot, logarithmic between whole factors of two around all points.
struct Scale {
  double least = 0, most = 0;  // log2 of TFLOP/s

  [[nodiscard]] double share(double tflops) const {
    return (std::log2(tflops) - least) / (most - least);
  }
};

Scale scale_of(const std::vector<Json>& rows) {
  double least = 1e300, most = 0;
  for (const Json& row : rows)
    for (const char* key : {"predicted_tflops_per_chip", "published_tflops_per_chip"}) {
      least = std::min(least, row.at(key).get<double>());
      most = std::max(most, row.at(key).get<double>());
    }
  return {std::floor(std::log2(least)), std::ceil(std::log2(most) + 1e-9)};
}

std::string scatter(const std::vector<Json>& rows) {
  const Scale scale = scale_of(rows);
  const auto x = [&](double tflops) { return panel_width * scale.share(tflops); };
  const auto y = [&](double tflops) { return panel_height * (1 - scale.share(tflops)); };
  std::string text =
      "    <text class=\"panel\" x=\"0\" y=\"-12\">Predicted against published, "
      "TFLOP/s per chip</text>\n";
  for (double power = scale.least; power <= scale.most; ++power) {
    const double tflops = std::exp2(power);
    text += fmt::format(
        "    <line class=\"grid\" x1=\"0\" y1=\"{0:.1f}\" x2=\"{1}\" y2=\"{0:.1f}\"/>\n"
        "    <text class=\"note\" x=\"-8\" y=\"{2:.1f}\" text-anchor=\"end\">{3:g}</text>\n"
        "    <text class=\"note\" x=\"{4:.1f}\" y=\"{5}\" text-anchor=\"middle\">{3:g}</text>\n",
        y(tflops), panel_width, y(tflops) + 4, tflops, x(tflops), panel_height + 20);
  }
  text += fmt::format(
      "    <line class=\"curve\" x1=\"0\" y1=\"{1}\" x2=\"{0}\" y2=\"0\"/>\n", panel_width,
      panel_height);
  for (const Json& row : rows)
    text += fmt::format(
        "    <circle class=\"model\" cx=\"{:.1f}\" cy=\"{:.1f}\" "
        "r=\"3\"><title>{}</title></circle>\n",
        x(row.at("published_tflops_per_chip").get<double>()),
        y(row.at("predicted_tflops_per_chip").get<double>()), row.at("id").get<std::string>());
  return text +
         fmt::format(
             "    <text class=\"note\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">published; "
             "on the line predictions are right</text>\n",
             panel_width / 2, panel_height + 44);
}

std::string histogram(const std::vector<Json>& rows) {
  std::map<int, int> bins;
  for (const Json& row : rows) {
    const double error = row.at("error_pct").get<double>() / bin_width;
    ++bins[static_cast<int>(std::floor(std::clamp(error, -most_bins, most_bins - 1)))];
  }
  const int first = bins.begin()->first, last = bins.rbegin()->first;
  int most = 0;
  for (const auto& [bin, count] : bins) most = std::max(most, count);
  const double step = panel_width / (last - first + 1);
  std::string
      text = "    <text class=\"panel\" x=\"0\" y=\"-12\">Rows by error, steps of 10 %</text>\n";
  for (const auto& [bin, count] : bins) {
    const double height = panel_height * count / most, x = step * (bin - first);
    text += fmt::format(
        "    <rect class=\"model\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n"
        "    <text class=\"note\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
        x + 1, panel_height - height, step - 2, height, x + step / 2, panel_height - height - 5,
        count);
  }
  const int every = std::max(1, (last - first + 1) / 8);
  for (int edge = first; edge <= last + 1; edge += every)
    text += fmt::format(
        "    <text class=\"note\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{:+g}</text>\n",
        step * (edge - first), panel_height + 20, edge * bin_width);
  return text +
         fmt::format(
             "    <text class=\"note\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">(predicted − "
             "published) / published, %</text>\n",
             panel_width / 2, panel_height + 44);
}

std::string picture(const Json& report) {
  const std::vector<Json> rows = used_rows(report);
  std::string text = picture_frame(
      "Published training runs and their predictions", left + 2 * (panel_width + gap),
      top + panel_height + bottom);
  double x = left;
  for (const std::string& panel : {scatter(rows), histogram(rows)}) {
    text += fmt::format("  <g transform=\"translate({:.0f} {:.0f})\">\n{}  </g>\n", x, top, panel);
    x += panel_width + gap;
  }
  return text + "</svg>\n";
}

Json load(const std::string& file) {
  if (file == "-") return Json::parse(std::cin);
  std::ifstream in(file);
  if (!in) throw std::invalid_argument("cannot read " + file);
  return Json::parse(in);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc == 3 ? argv[1] : "";
  if (what != "tables" && what != "picture") {
    std::cerr << "usage: validation_report tables|picture REPORT.json\n";
    return 2;
  }
  try {
    const Json report = load(argv[2]);
    std::cout << (what == "tables" ? tables(report) : picture(report));
    return std::cout.flush() ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "validation_report: " << error.what() << "\n";
    return 2;
  }
}
