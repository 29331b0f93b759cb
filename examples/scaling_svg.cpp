// Draws how the time of the simulator grows as an SVG picture on standard output: panels of curves,
// both axes logarithmic. Nothing is computed here but places; scripts/bench feeds it.
//
//   scaling_svg TITLE < LINES > scaling.svg
//
// Lines: "PANEL;CURVE;X;SECONDS", in the order in which they are drawn. PANEL says what X counts.
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

constexpr double panel_width = 240, panel_height = 200, gap = 72, left = 72, top = 84, bottom = 64;

struct Point {
  double x = 0, seconds = 0;
};
struct Curve {
  std::string name;
  std::vector<Point> points;
};
struct Panel {
  std::string name;
  std::vector<Curve> curves;
};

template <class Named>
Named& named(std::vector<Named>& all, const std::string& name) {
  for (Named& one : all)
    if (one.name == name) return one;
  all.push_back({name, {}});
  return all.back();
}

std::vector<Panel> read(std::istream& in) {
  std::vector<Panel> panels;
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::string panel, curve;
    Point point;
    char semicolon = 0;
    std::getline(fields, panel, ';');
    std::getline(fields, curve, ';');
    fields >> point.x >> semicolon >> point.seconds;
    if (!fields || semicolon != ';' || point.x <= 0 || point.seconds <= 0)
      throw std::invalid_argument("not PANEL;CURVE;X;SECONDS: " + line);
    named(named(panels, panel).curves, curve).points.push_back(point);
  }
  if (panels.empty()) throw std::invalid_argument("no lines");
  return panels;
}

// Decades from the one below the least value to the one above the greatest.
struct Axis {
  double low = 1e300, high = -1e300, length = 0;

  void include(double value) {
    low = std::min(low, std::floor(std::log10(value)));
    high = std::max(high, std::ceil(std::log10(value)));
    if (high == low) high = low + 1;
  }
  [[nodiscard]] double place(double value) const {
    return length * (std::log10(value) - low) / (high - low);
  }
};

std::string power(double decade) {
  return fmt::format("10<tspan dy=\"-5\" font-size=\"9\">{}</tspan>", decade);
}

std::string axes(const Axis& x, const Axis& y) {
  std::string text;
  for (double decade = y.low; decade <= y.high; ++decade) {
    const double at = panel_height - y.place(std::pow(10, decade));
    text += fmt::format(
        "    <line class=\"grid\" x1=\"0\" y1=\"{0:.1f}\" x2=\"{1}\" y2=\"{0:.1f}\"/>\n"
        "    <text class=\"note\" x=\"-8\" y=\"{2:.1f}\" text-anchor=\"end\">{3} s</text>\n",
        at, panel_width, at + 4, fmt::format("{:g}", std::pow(10, decade)));
  }
  for (double decade = x.low; decade <= x.high; ++decade)
    text += fmt::format(
        "    <text class=\"note\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
        x.place(std::pow(10, decade)), panel_height + 20, power(decade));
  return text;
}

std::string draw(const Panel& panel, double at) {
  Axis x, y;
  x.length = panel_width;
  y.length = panel_height;
  for (const Curve& curve : panel.curves)
    for (const Point& point : curve.points) {
      x.include(point.x);
      y.include(point.seconds);
    }
  std::string text = fmt::format("  <g transform=\"translate({:.0f} {:.0f})\">\n", at, top);
  text += axes(x, y);
  for (std::size_t i = 0; i < panel.curves.size(); ++i) {
    const Curve& curve = panel.curves[i];
    const char* style = i % 2 == 0 ? "" : " second";
    std::string path;
    for (const Point& point : curve.points)
      path += fmt::format(
          "{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x.place(point.x),
          panel_height - y.place(point.seconds));
    const double label = -10 - 16 * static_cast<double>(panel.curves.size() - 1 - i);
    text += fmt::format(
        "    <path class=\"curve{}\" d=\"{}\"/>\n"
        "    <line class=\"curve{}\" x1=\"0\" y1=\"{:.0f}\" x2=\"20\" y2=\"{:.0f}\"/>\n"
        "    <text x=\"26\" y=\"{:.0f}\">{}</text>\n",
        style, path, style, label - 4, label - 4, label, curve.name);
  }
  text += fmt::format(
      "    <text class=\"note\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
      panel_width / 2, panel_height + 44, panel.name);
  return text + "  </g>\n";
}

std::string picture(const std::string& title, const std::vector<Panel>& panels) {
  const double width = left + static_cast<double>(panels.size()) * (panel_width + gap);
  const double height = top + panel_height + bottom;
  std::string text = picture_frame(title, width, height);
  for (std::size_t i = 0; i < panels.size(); ++i)
    text += draw(panels[i], left + static_cast<double>(i) * (panel_width + gap));
  return text + "</svg>\n";
}

}  // namespace

int main(int count, char** arguments) {
  try {
    if (count != 2) throw std::invalid_argument("expected a title");
    std::cout << picture(arguments[1], read(std::cin));
    return std::cout.flush() ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "scaling_svg: " << error.what() << "\n";
    return 2;
  }
}
