// Draws efficiency against the size of products as an SVG picture on standard output, one panel a
// chip. Nothing is computed here but places; scripts/accuracy feeds it from product_rates.
//
//   efficiency_svg < LINES > efficiency.svg
//
// Lines: "curve CHIP FLOP PERCENT" for a point of the model's line, "row CHIP FLOP MODEL PUBLISHED"
// for a published product and the model's answer to it in the same way of measuring.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "examples/picture_style.h"

namespace {

constexpr double panel_width = 300, panel_height = 220, gap = 56, left = 64, top = 92, bottom = 64;
constexpr double least_decade = 7, most_decade = 13;  // FLOP of a product, powers of ten

struct Point {
  double flop = 0, percent = 0;
};
struct Row {
  double flop = 0, model = 0, published = 0;
};
struct Panel {
  std::string chip;
  std::vector<Point> curve;
  std::vector<Row> rows;
};

Panel& panel_of(std::vector<Panel>& panels, const std::string& chip) {
  for (Panel& panel : panels)
    if (panel.chip == chip) return panel;
  panels.push_back({chip, {}, {}});
  return panels.back();
}

std::vector<Panel> read(std::istream& in) {
  std::vector<Panel> panels;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string kind, chip;
    Row row;
    words >> kind >> chip >> row.flop >> row.model;
    if (kind == "row") words >> row.published;
    if (!words || (kind != "row" && kind != "curve") || row.flop <= 0)
      throw std::invalid_argument("not a line of a curve or a row: " + line);
    Panel& panel = panel_of(panels, chip);
    if (kind == "row")
      panel.rows.push_back(row);
    else
      panel.curve.push_back({row.flop, row.model});
  }
  if (panels.empty()) throw std::invalid_argument("no lines");
  return panels;
}

double x_of(double flop) {
  const double decade = std::clamp(std::log10(flop), least_decade, most_decade);
  return panel_width * (decade - least_decade) / (most_decade - least_decade);
}

double y_of(double percent) { return panel_height * (1 - std::clamp(percent, 0.0, 100.0) / 100); }

std::string axes() {
  std::string text;
  for (int percent = 0; percent <= 100; percent += 20) {
    const double y = y_of(percent);
    text += fmt::format(
        "    <line class=\"grid\" x1=\"0\" y1=\"{0:.1f}\" x2=\"{1}\" y2=\"{0:.1f}\"/>\n"
        "    <text class=\"note\" x=\"-8\" y=\"{2:.1f}\" text-anchor=\"end\">{3} %</text>\n",
        y, panel_width, y + 4, percent);
  }
  for (double decade = least_decade; decade <= most_decade; decade += 2)
    text += fmt::format(
        "    <text class=\"note\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">10<tspan dy=\"-5\" "
        "font-size=\"9\">{}</tspan></text>\n",
        x_of(std::pow(10, decade)), panel_height + 20, decade);
  return text;
}

std::string draw(const Panel& panel, double x) {
  std::string text = fmt::format("  <g transform=\"translate({:.0f} {:.0f})\">\n", x, top);
  text += fmt::format("    <text class=\"panel\" x=\"0\" y=\"-12\">{}</text>\n", panel.chip);
  text += axes();
  std::string path;
  for (const Point& point : panel.curve)
    path += fmt::format(
        "{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x_of(point.flop), y_of(point.percent));
  if (!path.empty()) text += fmt::format("    <path class=\"curve\" d=\"{}\"/>\n", path);
  for (const Row& row : panel.rows) {
    const double at = x_of(row.flop);
    text += fmt::format(
        "    <line class=\"link\" x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\"/>\n"
        "    <circle class=\"model\" cx=\"{0:.1f}\" cy=\"{1:.1f}\" r=\"4\"/>\n"
        "    <circle class=\"published\" cx=\"{0:.1f}\" cy=\"{2:.1f}\" r=\"4\"/>\n",
        at, y_of(row.model), y_of(row.published));
  }
  return text + "  </g>\n";
}

std::string picture(const std::vector<Panel>& panels) {
  const double width = left + static_cast<double>(panels.size()) * (panel_width + gap);
  const double height = top + panel_height + bottom;
  std::string text = picture_frame("Efficiency against the size of products", width, height);
  text += fmt::format(
      "  <line class=\"curve\" x1=\"16\" y1=\"48\" x2=\"40\" y2=\"48\"/>\n"
      "  <text class=\"note\" x=\"46\" y=\"52\">model, m = n = k, one after another</text>\n"
      "  <circle class=\"published\" cx=\"290\" cy=\"48\" r=\"4\"/>\n"
      "  <text class=\"note\" x=\"300\" y=\"52\">published</text>\n"
      "  <circle class=\"model\" cx=\"380\" cy=\"48\" r=\"4\"/>\n"
      "  <text class=\"note\" x=\"390\" y=\"52\">model, same shape and way of measuring</text>\n");
  for (std::size_t i = 0; i < panels.size(); ++i)
    text += draw(panels[i], left + static_cast<double>(i) * (panel_width + gap));
  text += fmt::format(
      "  <text class=\"note\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">FLOP of the product; share "
      "of the nameplate peak</text>\n",
      width / 2, height - 18);
  return text + "</svg>\n";
}

}  // namespace

int main() {
  try {
    std::cout << picture(read(std::cin));
    return std::cout.flush() ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "efficiency_svg: " << error.what() << "\n";
    return 2;
  }
}
