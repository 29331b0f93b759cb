// Numbers as a person reads them in a table; files carry full precision instead.
#pragma once

#include <string>

namespace headroom {

[[nodiscard]] std::string grouped(double number);        // 326205.3 -> "326,205"
[[nodiscard]] std::string seconds_text(double seconds);  // 0.01234 -> "12.34 ms"
[[nodiscard]] std::string gigabytes(double bytes);       // 8e10 -> "80.0", decimal GB
[[nodiscard]] std::string percent(double share);         // 0.4172 -> "41.7 %"
[[nodiscard]] std::string hertz_text(double hertz);      // 1.83e9 -> "1.830 GHz"

// One row of a waterfall, `cells` for a share of 1: what is left of it solid, then what was lost
// before that shaded; in block elements where the terminal shows Unicode, else in '#' and '-'.
[[nodiscard]] std::string waterfall_bar(double left, double lost, int cells, bool unicode);

// Words of `text` in lines of at most `width` columns; the first begins with `lead`, the others
// with as many spaces.
[[nodiscard]] std::string wrapped(
    const std::string& lead, const std::string& text, std::size_t width);

// Columns that `text` takes on a terminal, one per code point (UTF-8).
[[nodiscard]] std::size_t columns(const std::string& text);

}  // namespace headroom
