// Draws losses by number format as an SVG picture on standard output: against the step, and over
// the first format, cut off above what a format that does not train reaches. Nothing is computed
// here but means over seeds and places; scripts/quality feeds it from `headroom quality --csv`.
//
//   losses_svg < LOSSES.csv > losses.svg
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "examples/picture_style.h"

namespace {

constexpr double panel_width = 330, panel_height = 240, gap = 70, left = 64, top = 76, bottom = 150;
constexpr double most_over = 20;  // percent
// Apart from one another for most colour-blind readers, on light and dark (Okabe and Ito 2008).
constexpr std::array<const char*, 8> colours{
    "#7f7f7f", "#56b4e9", "#009e73", "#0072b2", "#e69f00", "#d55e00", "#cc79a7", "#f0c000"};

struct Point {
  double step = 0, loss = 0, over = 0;  // over: the first format, in percent
};
struct Curve {
  std::string format;
  std::vector<Point> points;
};

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> result;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) result.push_back(cell);
  return result;
}

// Validations: format in order of appearance, then step, then the loss of each seed.
struct Losses {
  std::vector<std::string> formats;
  std::map<std::string, std::map<int, std::map<std::string, double>>> values;
};

Losses read(std::istream& in) {
  Losses losses;
  std::string line;
  if (!std::getline(in, line) || line != "format,seed,step,training_loss,validation_loss")
    throw std::invalid_argument("not the losses of headroom quality --csv: " + line);
  while (std::getline(in, line)) {
    const std::vector<std::string> row = cells(line);
    if (row.size() < 4 || row[0] == "format") continue;  // several files, one after another
    if (std::find(losses.formats.begin(), losses.formats.end(), row[0]) == losses.formats.end())
      losses.formats.push_back(row[0]);
    if (row.size() == 5) losses.values[row[0]][std::stoi(row[2])][row[1]] = std::stod(row[4]);
  }
  if (losses.formats.empty()) throw std::invalid_argument("no losses");
  return losses;
}

std::vector<Curve> curves_of(const Losses& losses) {
  std::vector<Curve> curves;
  const auto& first = losses.values.at(losses.formats.front());
  for (const std::string& format : losses.formats) {
    Curve curve{format, {}};
    for (const auto& [step, seeds] : losses.values.at(format)) {
      Point point{static_cast<double>(step), 0, 0};
      for (const auto& [seed, loss] : seeds) {
        point.loss += loss / static_cast<double>(seeds.size());
        point.over += 100 * (loss / first.at(step).at(seed) - 1) /
                      static_cast<double>(seeds.size());
      }
      curve.points.push_back(point);
    }
    curves.push_back(curve);
  }
  return curves;
}

// From a whole number of steps below the least value to one above the greatest.
struct Axis {
  double low = 1e300, high = -1e300;

  void include(double value) { low = std::min(low, value), high = std::max(high, value); }
  [[nodiscard]] double step() const {
    const double range = high - low;
    return range > 10 ? 5 : range > 4 ? 1 : range > 1.5 ? 0.5 : range > 0.6 ? 0.2 : 0.1;
  }
  void round() {
    const double by = step();
    low = by * std::floor(low / by), high = by * std::ceil(high / by);
  }
  [[nodiscard]] double share(double value) const { return (value - low) / (high - low); }
};

std::string panel(
    const std::vector<Curve>& curves, double at, const std::string& title, const std::string& unit,
    double most, const std::function<double(const Point&)>& value) {
  Axis x{0, 1}, y;
  for (const Curve& curve : curves)
    for (const Point& point : curve.points)
      x.include(point.step), y.include(std::min(value(point), most));
  y.round();
  std::string text = fmt::format(
      "  <g transform=\"translate({:.0f} {:.0f})\">\n    <text class=\"panel\" x=\"0\" "
      "y=\"-14\">{}</text>\n",
      at, top, title);
  for (double level = y.low; level <= y.high + 1e-9; level += y.step()) {
    const double place = panel_height * (1 - y.share(level));
    text += fmt::format(
        "    <line class=\"grid\" x1=\"0\" y1=\"{0:.1f}\" x2=\"{1}\" y2=\"{0:.1f}\"/>\n"
        "    <text class=\"note\" x=\"-8\" y=\"{2:.1f}\" text-anchor=\"end\">{3:.1f}{4}</text>\n",
        place, panel_width, place + 4, level, unit);
  }
  for (double step = 0; step <= x.high; step += 100)
    text += fmt::format(
        "    <text class=\"note\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{:.0f}</text>\n",
        panel_width * x.share(step), panel_height + 20, step);
  text += fmt::format(
      "    <text class=\"note\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">step</text>\n",
      panel_width / 2, panel_height + 40);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    std::string path;
    for (const Point& point : curves[i].points)
      path += fmt::format(
          "{}{:.1f} {:.1f}", path.empty() ? "M" : "L", panel_width * x.share(point.step),
          panel_height * (1 - y.share(value(point))));
    text += fmt::format(
        "    <path class=\"curve\" clip-path=\"url(#panel)\" style=\"stroke: {}\" d=\"{}\"/>\n",
        colours[i % colours.size()], path);
  }
  return text + "  </g>\n";
}

std::string legend(const std::vector<Curve>& curves) {
  std::string text;
  constexpr std::size_t a_row = 3;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    const std::size_t row = i / a_row;
    const double x = left + 250 * static_cast<double>(i % a_row);
    const double y = top + panel_height + 72 + 22 * static_cast<double>(row);
    const Point& last = curves[i].points.back();
    text += fmt::format(
        "  <line class=\"curve\" style=\"stroke: {0}\" x1=\"{1}\" y1=\"{2}\" x2=\"{3}\" "
        "y2=\"{2}\"/>\n  <text x=\"{4}\" y=\"{5}\">{6}: {7:.4f}{8}</text>\n",
        colours[i % colours.size()], x, y, x + 20, x + 28, y + 4, curves[i].format, last.loss,
        i == 0 ? "" : fmt::format(", {:+.2f} %", last.over));
  }
  return text;
}

std::string picture(const std::vector<Curve>& curves) {
  const double width = left + 2 * (panel_width + gap);
  const double height = top + panel_height + bottom;
  std::string text = picture_frame(
      "Losses of a small transformer by the number format of its products", width, height);
  text += fmt::format(
      "  <clipPath id=\"panel\"><rect width=\"{}\" height=\"{}\"/></clipPath>\n", panel_width,
      panel_height);
  text += panel(curves, left, "validation loss, nats a byte", "", 1e9, [](const Point& point) {
    return point.loss;
  });
  text += panel(
      curves, left + panel_width + gap, fmt::format("over {}, percent", curves.front().format),
      " %", most_over, [](const Point& point) { return point.over; });
  return text + legend(curves) + "</svg>\n";
}

}  // namespace

int main() {
  try {
    std::cout << picture(curves_of(read(std::cin)));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "losses_svg: " << error.what() << '\n';
    return 2;
  }
}
