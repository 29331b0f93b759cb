// The frame of the documentation's pictures of curves: size, colours for light and dark pages,
// title.
#pragma once

#include <fmt/format.h>

#include <string>

inline constexpr const char* picture_style = R"(  <style>
    text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 12px; fill: #1f2328; }
    .title { font-size: 16px; font-weight: 600; }
    .panel { font-weight: 600; font-size: 13px; }
    .note { fill: #59636e; }
    .page { fill: #ffffff; stroke: #d1d9e0; }
    .grid { stroke: #d1d9e0; }
    .curve { fill: none; stroke: #2f6fb0; stroke-width: 2; }
    .second { stroke: #c4622d; }
    .model { fill: #ffffff; stroke: #2f6fb0; stroke-width: 1.5; }
    .published { fill: #c4622d; }
    .link { stroke: #59636e; stroke-dasharray: 2 2; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .note { fill: #9198a1; }
      .page { fill: #0d1117; stroke: #3d444d; }
      .grid { stroke: #3d444d; }
      .curve { stroke: #5a9be0; }
      .second { stroke: #e08a55; }
      .model { fill: #0d1117; stroke: #5a9be0; }
      .published { fill: #e08a55; }
      .link { stroke: #9198a1; }
    }
  </style>
)";

// The start of the document; the caller closes it with </svg>.
[[nodiscard]] inline std::string picture_frame(
    const std::string& title, double width, double height) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" role=\"img\">\n{2}  <rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"{3}\" "
      "height=\"{4}\" rx=\"8\"/>\n  <title>{5}</title>\n"
      "  <text class=\"title\" x=\"16\" y=\"28\">{5}</text>\n",
      width, height, picture_style, width - 1, height - 1, title);
}
