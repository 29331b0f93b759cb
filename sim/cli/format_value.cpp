#include "sim/cli/format_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/numerics/block.h"
#include "sim/report/numbers.h"

namespace headroom {
namespace {

bool is_block(Format format) { return traits(format).block > 1; }

CodedValue coded(Format format, std::uint32_t code) { return {code, decode(format, code)}; }

// The next number away from zero on the side of `value`, if there is one; infinity counts.
std::optional<CodedValue> next_away(Format format, std::uint32_t code, double value) {
  const FormatTraits t = traits(format);
  const bool integer = t.specials == Specials::integer;
  const std::uint32_t mask = static_cast<std::uint32_t>((std::uint64_t{1} << t.bits) - 1);
  const CodedValue next = coded(
      format, (integer && std::signbit(value) ? code - 1 : code + 1) & mask);
  if (format == Format::mxint8 && next.code == 0x80) return std::nullopt;  // blocks never hold -2
  const bool farther = std::fabs(next.value) > std::fabs(decode(format, code)) &&
                       std::signbit(next.value) == std::signbit(value);
  return farther ? std::optional(next) : std::nullopt;
}

void find_scale(FormatValue& v) {
  BlockOptions options;
  options.tensor_scale = 1;
  v.scale_code = quantise(v.format, {v.asked}, options).scales[0];
  v.scale = decode_scale(traits(v.format).scale, v.scale_code);
}

// The number of the element's value, or the next one on the way to zero.
CodedValue toward_zero(const FormatValue& v) {
  const CodedValue infinite = coded(v.format, encode(v.format, v.element));
  if (std::isinf(v.element) && std::isinf(infinite.value)) return infinite;
  return pick(v, Rounding::toward_zero, Overflow::saturate);
}

// How far `value` lies on the way from `inner` to the next number. Beyond the largest number the
// steps go on as before it.
double share_of_step(Format format, const CodedValue& inner, const std::optional<CodedValue>& outer,
                     double value) {
  const double step = outer && std::isfinite(outer->value)
                          ? outer->value - inner.value
                          : inner.value - decode(format, inner.code - 1);
  return std::min(1.0, (value - inner.value) / step);
}

nlohmann::ordered_json json_number(double value) {
  if (std::isfinite(value)) return value;
  return number_text(value);
}

nlohmann::ordered_json to_json(const FormatValue& v, const CodedValue& number) {
  nlohmann::ordered_json result{
      {"code", number.code}, {"value", json_number(number.value * v.scale)}};
  if (is_block(v.format)) result["element"] = json_number(number.value);
  return result;
}

// "16  0x58", with the element's own number in block formats.
std::string described(const FormatValue& v, const CodedValue& number) {
  std::string text = fmt::format(
      "{:<12}  {}", number_text(number.value * v.scale), code_text(v.format, number.code));
  if (is_block(v.format)) text += fmt::format("  (element {})", number_text(number.value));
  return text;
}

std::string choice(const FormatValue& v, Rounding rounding) {
  const auto text = [&](bool away) {
    const CodedValue saturated = pick(v, rounding, Overflow::saturate, away);
    const CodedValue overflown = pick(v, rounding, Overflow::overflow, away);
    std::string value = number_text(saturated.value * v.scale);
    if (saturated.code == overflown.code) return value;
    return fmt::format(
        "{} saturating, {} overflowing", value, number_text(overflown.value * v.scale));
  };
  std::string toward = text(false);
  if (rounding != Rounding::stochastic || text(true) == toward) return toward;
  return fmt::format("{}, or with probability {} {}", toward, percent(v.round_up), text(true));
}

std::string scale_line(const FormatValue& v) {
  const bool second_level = traits(v.format).scale == BlockScale::e4m3;
  return fmt::format(
      "Alone in its block{}, {} has the scale {} (code 0x{:02x}); its element has to hold {}\n",
      second_level ? ", with tensor scale 1" : "", number_text(v.asked), number_text(v.scale),
      v.scale_code, number_text(v.element));
}

}  // namespace

std::string number_text(double value) {
  return std::isnan(value) ? "nan" : fmt::format("{}", value);
}

std::string code_text(Format format, std::uint32_t code) {
  return fmt::format("0x{:0{}x}", code, (traits(format).bits + 3) / 4);
}

FormatValue look_up(Format format, double value) {
  FormatValue v{format, value, 1, 0, value, false, std::nullopt, std::nullopt, 0};
  if (is_block(format)) find_scale(v);
  if (std::isnan(value) || std::isnan(v.scale)) {
    const bool has_nan = std::isnan(v.scale) || std::isnan(decode(format, encode(format, value)));
    v.representable = std::isnan(value) && has_nan;
    return v;
  }
  v.element = v.scale == 0 ? 0 : value / v.scale;
  const CodedValue inner = toward_zero(v);
  v.representable = inner.value * v.scale == value;
  std::optional<CodedValue> outer;
  if (!v.representable && v.scale != 0 && std::isfinite(v.element))
    outer = next_away(format, inner.code, value);
  (value < 0 ? v.above : v.below) = inner;
  (value < 0 ? v.below : v.above) = outer;
  if (!v.representable) v.round_up = share_of_step(format, inner, outer, v.element);
  return v;
}

CodedValue pick(const FormatValue& v, Rounding rounding, Overflow overflow, bool away) {
  const std::uint64_t random = away ? 0 : ~std::uint64_t{0};
  return coded(
      v.format, is_block(v.format) ? encode_element(v.format, v.element, rounding, random)
                                   : encode(v.format, v.element, rounding, overflow, random));
}

std::string explain(const FormatValue& v) {
  const std::string_view name = to_string(v.format);
  if (std::isnan(v.scale))
    return fmt::format(
        "{} makes the scale of its block NaN (code 0x{:02x}): every value of the block is lost\n",
        number_text(v.asked), v.scale_code);
  const CodedValue nearest = pick(v, Rounding::nearest_even, Overflow::overflow);
  std::string text = is_block(v.format) ? scale_line(v) : "";
  if (v.representable)
    return text + fmt::format("{} is representable in {}: code {}\n", number_text(v.asked), name,
                              code_text(v.format, nearest.code));
  text += fmt::format("{} is not representable in {}\n", number_text(v.asked), name);
  const auto row = [&text](const char* label, const std::string& value) {
    text += fmt::format("  {:<13} {}\n", label, value);
  };
  if (!std::isnan(v.asked)) {
    row("below", v.below ? described(v, *v.below) : "nothing");
    row("above", v.above ? described(v, *v.above) : "nothing");
  }
  row("nearest_even", choice(v, Rounding::nearest_even));
  row("toward_zero", choice(v, Rounding::toward_zero));
  row("stochastic", choice(v, Rounding::stochastic));
  return text;
}

nlohmann::ordered_json to_json(const FormatValue& v) {
  nlohmann::ordered_json result{
      {"asked", json_number(v.asked)}, {"representable", v.representable}};
  if (is_block(v.format)) {
    result["scale"] = json_number(v.scale);
    result["scale_code"] = v.scale_code;
    result["element"] = json_number(v.element);
    if (std::isnan(v.scale)) return result;
  }
  const auto optional = [&v](const std::optional<CodedValue>& number) {
    return number ? to_json(v, *number) : nlohmann::ordered_json(nullptr);
  };
  if (!v.representable) {
    result["below"] = optional(v.below);
    result["above"] = optional(v.above);
    result["stochastic_round_up"] = v.round_up;
  }
  for (const auto& [overflow, name] :
       {std::pair(Overflow::saturate, "saturate"), std::pair(Overflow::overflow, "overflow")})
    result[name] = {
        {"nearest_even", to_json(v, pick(v, Rounding::nearest_even, overflow))},
        {"toward_zero", to_json(v, pick(v, Rounding::toward_zero, overflow))},
        {"stochastic",
         {to_json(v, pick(v, Rounding::stochastic, overflow, false)),
          to_json(v, pick(v, Rounding::stochastic, overflow, true))}}};
  return result;
}

}  // namespace headroom
