// headroom formats: the number formats, what they hold, and what a number becomes in one.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "models/numerics/codec.h"
#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/format_value.h"
#include "sim/cli/options.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

struct Options {
  std::string name, json;
  std::optional<double> value;
  bool all = false;
};

// What follows from the traits.
struct Properties {
  double largest, smallest;                 // finite; the smallest is negative
  std::optional<double> normal, subnormal;  // smallest positive ones
  double epsilon;                           // from 1 to the next number
  bool infinity, nan;
};

Properties properties(Format format) {
  const FormatTraits t = traits(format);
  constexpr double beyond = std::numeric_limits<double>::infinity();
  const auto end = [format](double value) {
    return decode(format, encode(format, value, Rounding::nearest_even, Overflow::saturate));
  };
  const double epsilon = std::ldexp(1, -t.fraction_bits);
  Properties p{end(beyond), end(-beyond), std::nullopt, std::nullopt, epsilon, false, false};
  if (t.specials == Specials::integer) return p;
  p.normal = std::ldexp(1, 1 - t.bias);
  p.subnormal = std::ldexp(1, 1 - t.bias - t.fraction_bits);
  p.infinity = t.specials == Specials::ieee;
  p.nan = t.specials != Specials::none;
  return p;
}

std::string scale_text(Format format) {
  switch (traits(format).scale) {
    case BlockScale::none: return "-";
    case BlockScale::e8m0: return "E8M0";
    case BlockScale::e4m3: return "E4M3, fp32 per tensor";
  }
  return "";
}

std::string short_number(const std::optional<double>& value) {
  return value ? fmt::format("{:.8g}", *value) : "-";
}

std::string table() {
  constexpr auto row =
      "{:<10}  {:>4}  {:>3}  {:>4}  {:>4}  {:>13}  {:>13}  {:>13}  {:>13}  {:>3}  {:>3}  {:>5}  "
      "{:>7}  {}\n";
  std::string text = fmt::format(
      row, "format", "bits", "exp", "frac", "bias", "largest", "min normal", "min subnormal",
      "epsilon", "inf", "nan", "block", "storage", "scale");
  for (std::size_t i = 0; i < format_names.size(); ++i) {
    const auto format = static_cast<Format>(i);
    const FormatTraits t = traits(format);
    const Properties p = properties(format);
    const bool integer = t.specials == Specials::integer;
    text += fmt::format(
        row, to_string(format), t.bits, integer ? "-" : std::to_string(t.exponent_bits),
        t.fraction_bits, integer ? "-" : std::to_string(t.bias), short_number(p.largest),
        short_number(p.normal), short_number(p.subnormal), short_number(p.epsilon),
        p.infinity ? "yes" : "no", p.nan ? "yes" : "no",
        t.block > 1 ? std::to_string(t.block) : "-", storage_bits(format), scale_text(format));
  }
  return text +
         "storage: bits per element in memory, its share of the block's scale included\n"
         "'headroom formats NAME --value 17' shows what 17 becomes; '--all' every code\n";
}

std::string power_of_two(double value) {
  return fmt::format("{} = 2^{}", number_text(value), std::ilogb(value));
}

std::string details(Format format) {
  const FormatTraits t = traits(format);
  const Properties p = properties(format);
  std::string text = fmt::format("{}\n", to_string(format));
  const auto row = [&text](const char* name, const std::string& value) {
    text += fmt::format("  {:<20}  {}\n", name, value);
  };
  const bool integer = t.specials == Specials::integer;
  row("bits",
      integer ? fmt::format("{}, two's complement in steps of {}", t.bits, number_text(p.epsilon))
              : fmt::format("{}: sign, {} of exponent, {} of fraction", t.bits, t.exponent_bits,
                            t.fraction_bits));
  if (!integer) row("bias", std::to_string(t.bias));
  row("largest", number_text(p.largest));
  row("smallest", number_text(p.smallest));
  if (p.normal) row("smallest normal", power_of_two(*p.normal));
  if (p.subnormal) row("smallest subnormal", power_of_two(*p.subnormal));
  row("epsilon", power_of_two(p.epsilon));
  row("infinity", p.infinity ? "yes" : "no");
  row("NaN",
      p.nan ? fmt::format("yes, canonical {}", code_text(format, encode(format, std::nan(""))))
            : "no");
  if (t.block > 1) row("block", fmt::format("{} elements, scale {}", t.block, scale_text(format)));
  row("bits in memory", fmt::format("{} per element", storage_bits(format)));
  return text;
}

nlohmann::ordered_json to_json(Format format) {
  const FormatTraits t = traits(format);
  const Properties p = properties(format);
  const auto optional = [](const std::optional<double>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
  };
  const bool integer = t.specials == Specials::integer;
  nlohmann::ordered_json result{
      {"name", to_string(format)},
      {"bits", t.bits},
      {"exponent_bits", t.exponent_bits},
      {"fraction_bits", t.fraction_bits},
      {"bias", nullptr},
      {"largest", p.largest},
      {"smallest", p.smallest},
      {"smallest_normal", optional(p.normal)},
      {"smallest_subnormal", optional(p.subnormal)},
      {"epsilon", p.epsilon},
      {"infinity", p.infinity},
      {"nan", p.nan},
      {"block", t.block},
      {"scale", nullptr},
      {"storage_bits", storage_bits(format)}};
  if (!integer) result["bias"] = t.bias;
  if (t.scale != BlockScale::none) result["scale"] = t.scale == BlockScale::e8m0 ? "e8m0" : "e4m3";
  return result;
}

std::string all_codes(Format format) {
  const int bits = traits(format).bits;
  if (bits > 8)
    throw OptionError(fmt::format(
        "--all: {} has {} bits; expected a format of 8 bits or fewer", to_string(format), bits));
  std::string text = "code,value\n";
  for (std::uint32_t code = 0; code < 1U << bits; ++code)
    text += fmt::format("{},{}\n", code, number_text(decode(format, code)));
  return text;
}

nlohmann::ordered_json document(const std::vector<Format>& formats, const Options& options) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Format format : formats) list.push_back(to_json(format));
  nlohmann::ordered_json result{{"schema", "headroom.formats/1"}, {"formats", list}};
  if (options.value) result["value"] = to_json(look_up(formats.front(), *options.value));
  return result;
}

void print(const Options& options) {
  std::vector<Format> formats;
  for (std::size_t i = 0; i < format_names.size(); ++i)
    if (options.name.empty() || options.name == format_names[i])
      formats.push_back(static_cast<Format>(i));
  std::string text;
  if (!options.json.empty())
    text = document(formats, options).dump(2) + '\n';
  else if (options.name.empty())
    text = table();
  else if (options.all)
    text = all_codes(formats.front());
  else if (options.value)
    text = explain(look_up(formats.front(), *options.value));
  else
    text = details(formats.front());
  Output output(options.json.empty() ? "-" : options.json);
  output.stream() << text;
  output.commit();
}

}  // namespace

void add_formats_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "formats", "List the number formats; show what a number becomes in one");
  Option* name = command->add_option("FORMAT", options->name, "Only this one, in detail")
                     ->check(one_of(format_names));
  Option* value = command
                      ->add_option(
                          "--value", options->value,
                          "Show the code of this number, or its neighbours and what rounding picks")
                      ->needs(name)
                      ->type_name("NUMBER");
  Option* all = command
                    ->add_flag(
                        "--all", options->all,
                        "Print every code and its value as CSV (8 bits or fewer; of block formats, "
                        "the elements)")
                    ->needs(name)
                    ->excludes(value);
  add_json_option(*command, options->json)->excludes(all);
  command->footer("Example:\n  headroom formats fp8_e4m3 --value 17");
  command->callback([options] { print(*options); });
}

}  // namespace headroom
