// Draws the waterfall of a result document as an SVG picture on standard output. The numbers are
// the document's; nothing is computed here but places.
//
//   waterfall_svg RESULT.json > waterfall.svg      (- reads standard input)
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using Json = nlohmann::json;

constexpr double row_height = 30, bar_height = 20, label_width = 236, bars_width = 470,
                 value_width = 150, share_width = 72, top = 74, margin = 16;
constexpr double width = margin + label_width + bars_width + value_width + margin;

// Colours of both themes; the reader's own theme decides.
constexpr const char* style = R"(  <style>
    text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 14px; fill: #1f2328; }
    .title { font-size: 16px; font-weight: 600; }
    .note { font-size: 12px; fill: #59636e; }
    .page { fill: #ffffff; stroke: #d1d9e0; }
    .whole { fill: #2f6fb0; }
    .lost { fill: #c4622d; }
    .gain { fill: #3a8a4d; }
    .link { stroke: #59636e; stroke-dasharray: 2 3; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .note { fill: #9198a1; }
      .page { fill: #0d1117; stroke: #3d444d; }
      .whole { fill: #5a9be0; }
      .lost { fill: #e08a55; }
      .gain { fill: #5fb573; }
      .link { stroke: #9198a1; }
    }
  </style>
)";

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else
      result += c;
  }
  return result;
}

// The steps that can be seen: both ends, and losses of at least 0.05 % of the peak.
Json visible(const Json& waterfall) {
  Json steps = Json::array();
  const double peak = waterfall.at(0).at("tflops_per_chip");
  for (std::size_t i = 0; i < waterfall.size(); ++i) {
    const bool end = i == 0 || i + 1 == waterfall.size();
    const double lost = waterfall[i].at("lost_to");
    if (end || std::fabs(lost) >= peak * 5e-4) steps.push_back(waterfall[i]);
  }
  return steps;
}

std::string row(const Json& step, bool end, bool linked, double peak, double y) {
  const double level = step.at("tflops_per_chip"), lost = step.at("lost_to");
  const double left = end ? 0 : std::min(level, level + lost);
  const double length = end ? level : std::fabs(lost);
  const auto x = [&](double tflops) { return margin + label_width + bars_width * tflops / peak; };
  const char* kind = end ? "whole" : lost >= 0 ? "lost" : "gain";
  std::string text = fmt::format(
      "  <text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", margin, y + 15,
      escaped(step.at("name").get<std::string>()));
  if (linked)
    text += fmt::format(
        "  <line class=\"link\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\"/>\n",
        x(level + (end ? 0 : lost)), y - (row_height - bar_height), y);
  text += fmt::format(
      "  <rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\" rx=\"2\"/>\n",
      kind, x(left), y, std::max(1.0, x(length) - x(0)), bar_height);
  const std::string sign = end ? "" : lost >= 0 ? "−" : "+";
  const double value = end ? level : std::fabs(lost);
  for (const auto& [right, words] :
       {std::pair(width - margin - share_width, sign + fmt::format("{:.1f}", value)),
        std::pair(width - margin, fmt::format("{:.1f} %", 100 * value / peak))})
    text += fmt::format(
        "  <text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", right, y + 15, words);
  return text;
}

std::string picture(const Json& result) {
  const Json steps = visible(result.at("waterfall"));
  const double peak = steps.at(0).at("tflops_per_chip");
  const double height = top + row_height * static_cast<double>(steps.size()) + margin;
  const Json& setup = result.at("setup");
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" role=\"img\">\n{2}  <rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"{3}\" "
      "height=\"{4}\" rx=\"8\"/>\n",
      width, height, style, width - 1, height - 1);
  const std::string title = fmt::format(
      "Where the peak goes: {} on {} × {}", setup.at("model").get<std::string>(),
      setup.at("chips").get<std::int64_t>(), setup.at("chip").get<std::string>());
  text += fmt::format("  <title>{}</title>\n", escaped(title));
  text += fmt::format(
      "  <text class=\"title\" x=\"{0}\" y=\"30\">{1}</text>\n"
      "  <text class=\"note\" x=\"{0}\" y=\"51\">TFLOP/s per chip and share of the nameplate peak; "
      "experiment {2}</text>\n",
      margin, escaped(title), escaped(result.at("experiment").get<std::string>()));
  for (std::size_t i = 0; i < steps.size(); ++i)
    text += row(steps[i], i == 0 || i + 1 == steps.size(), i > 0, peak,
                top + row_height * static_cast<double>(i));
  return text + "</svg>\n";
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw std::invalid_argument("usage: waterfall_svg RESULT.json > FILE.svg");
    const std::string name = argv[1];
    std::ifstream file;
    if (name != "-") {
      file.open(name);
      if (!file) throw std::invalid_argument("cannot read " + name);
    }
    std::cout << picture(Json::parse(name == "-" ? std::cin : file));
    return std::cout.flush() ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "waterfall_svg: " << error.what() << "\n";
    return 2;
  }
}
