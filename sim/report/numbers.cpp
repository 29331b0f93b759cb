#include "sim/report/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace headroom {

std::string grouped(double number) {
  std::string digits = fmt::format("{:.0f}", number);
  const std::size_t first = digits[0] == '-' ? 1 : 0;
  for (std::size_t end = digits.size(); end > first + 3; end -= 3) digits.insert(end - 3, ",");
  return digits;
}

std::string seconds_text(double seconds) {
  if (seconds == 0) return "0 s";
  if (std::fabs(seconds) >= 1) return fmt::format("{:.3f} s", seconds);
  if (std::fabs(seconds) >= 1e-3) return fmt::format("{:.2f} ms", seconds * 1e3);
  return fmt::format("{:.2f} us", seconds * 1e6);
}

std::string gigabytes(double bytes) { return fmt::format("{:.1f}", bytes / 1e9); }

std::string percent(double share) { return fmt::format("{:.1f} %", share * 100); }

std::string hertz_text(double hertz) { return fmt::format("{:.3f} GHz", hertz / 1e9); }

std::string waterfall_bar(double left, double lost, int cells, bool unicode) {
  // Both ends are rounded, so that a bar begins where the one above it ends.
  const auto cell = [cells](double share) {
    return std::lround(std::clamp(share, 0.0, 1.0) * cells);
  };
  std::string text;
  for (long i = 0; i < cell(left); ++i) text += unicode ? "█" : "#";
  for (long i = cell(left); i < cell(left + lost); ++i) text += unicode ? "░" : "-";
  return text;
}

std::size_t columns(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string wrapped(const std::string& lead, const std::string& text, std::size_t width) {
  const std::size_t indent = columns(lead);
  std::string lines = lead;
  std::size_t used = indent;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const bool first = used == indent;
    if (!first && used + 1 + columns(word) > width) {
      lines += "\n" + std::string(indent, ' ');
      used = indent;
    } else if (!first) {
      lines += ' ';
      ++used;
    }
    lines += word;
    used += columns(word);
  }
  return lines + "\n";
}

}  // namespace headroom
