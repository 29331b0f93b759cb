#include "sim/cli/gemm_chip.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

#include "sim/cli/command.h"
#include "sim/cli/options.h"
#include "sim/config/error.h"
#include "sim/config/load_chip.h"
#include "sim/config/units.h"
#include "sim/engine/product.h"
#include "sim/power/product.h"
#include "sim/report/numbers.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void wrong(const char* option, const std::string& text) {
  throw OptionError(option, text);
}

bool read_number(std::string_view digits, std::int64_t& number) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc{} && end == digits.data() + digits.size() && number >= 1;
}

// "128x256" or "128x256x64".
void read_tile(const std::string& text, MappingRequest& request) {
  const std::size_t first = text.find('x');
  const std::size_t second = first == std::string::npos ? first : text.find('x', first + 1);
  const std::string_view all = text;
  const bool
      two = first != std::string::npos && read_number(all.substr(0, first), request.tile_m) &&
            read_number(
                all.substr(first + 1, second == std::string::npos ? second : second - first - 1),
                request.tile_n);
  if (!two ||
      (second != std::string::npos && !read_number(all.substr(second + 1), request.slice_k)))
    wrong("--tile", fmt::format("found '{}'; expected MxN or MxNxK, such as 128x256x64", text));
}

MappingRequest request_of(const ChipGemmOptions& options) {
  MappingRequest request;
  if (!options.tile.empty()) read_tile(options.tile, request);
  if (options.split_k != "auto" &&
      (!read_number(options.split_k, request.split_k) || request.split_k > largest_split))
    wrong("--split-k", fmt::format("found '{}'; expected auto or a whole number from 1 to {}",
                                   options.split_k, largest_split));
  if (options.order == order_names[0]) request.order = Order::n_inner;
  if (options.order == order_names[1]) request.order = Order::m_inner;
  return request;
}

Format format_of(const ChipGemmOptions& options, const ChipDescription& chip) {
  const auto* found = std::find(format_names.begin(), format_names.end(), options.format);
  const auto format = static_cast<Format>(found - format_names.begin());
  if (chip.matrix.rate.count(format) > 0) return format;
  std::vector<std::string> names;
  for (const auto& [has, rate] : chip.matrix.rate) names.emplace_back(to_string(has));
  const std::string near = nearest(options.format, names);
  wrong("--format",
        fmt::format(
            "found '{}', which {} has no rate for; expected one of {}{}", options.format, chip.id,
            fmt::join(names, ", "), near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

ProductWork work_of(const ChipGemmOptions& options, Format format) {
  ProductWork work;
  if (options.groups.empty()) work.rows = {{options.m, options.batch}};
  for (const std::int64_t m : options.groups)
    if (m > 0) work.rows.push_back({m, 1});
  if (work.rows.empty())
    wrong("--groups", "found no rows in any group; expected at least one group with rows");
  // Groups of equal size are products of one batch.
  std::sort(work.rows.begin(), work.rows.end(), [](const Rows& a, const Rows& b) {
    return a.m > b.m;
  });
  std::vector<Rows> merged;
  for (const Rows& r : work.rows)
    if (!merged.empty() && merged.back().m == r.m)
      merged.back().count += r.count;
    else
      merged.push_back(r);
  work.rows = merged;
  work.n = options.n, work.k = options.k;
  work.operand_bytes = operand_bytes(format), work.result_bytes = result_bytes(format);
  return work;
}

Json to_json(const ChipGemmOptions& options, const ChipDescription& chip, const ProductRun& run,
             const ProductFigures& f, double seconds) {
  const Tiling& t = run.tiling;
  Json inputs{
      {"chip", chip.id},
      {"format", options.format},
      {"m", options.groups.empty() ? Json(options.m) : Json(options.groups)},
      {"n", options.n},
      {"k", options.k},
      {"batch", options.batch},
      {"transpose_a", options.transpose_a},
      {"transpose_b", options.transpose_b},
      {"tile", options.tile.empty() ? "auto" : options.tile},
      {"split_k", options.split_k},
      {"order", options.order},
      {"fidelity", options.fidelity},
      {"set", options.assignments}};
  Json mapping{
      {"tile_m", t.tile_m},     {"tile_n", t.tile_n},
      {"tile_k", t.slice_k},    {"order", order_names[static_cast<std::size_t>(t.order)]},
      {"panel_tiles", t.panel}, {"split_k", t.split_k},
      {"waves", t.waves}};
  Json busy{
      {"matrix", f.matrix.si()},
      {"scratchpad", f.scratchpad.si()},
      {"shared_memory", f.shared_memory.si()},
      {"hbm", f.hbm_busy.si()},
      {"launch", f.launch.si()}};
  return {
      {"schema", "headroom.gemm/1"},
      {"inputs", inputs},
      {"time_s", f.time.si()},
      {"cycles", static_cast<std::int64_t>(std::llround(f.cycles))},
      {"tflops", f.flops / 1e12},
      {"utilization", f.utilization},
      {"bound_by", f.bound_by},
      {"busy_s", busy},
      {"tiles", t.tiles},
      {"mapping", mapping},
      {"hbm_bytes", f.hbm.si()},
      {"sram_bytes", f.sram.si()},
      {"events", run.events},
      {"seconds", seconds}};
}

std::string table(const ChipGemmOptions& options, const ChipDescription& chip,
                  const ProductRun& run, const ProductFigures& f, double seconds) {
  const Tiling& t = run.tiling;
  const std::string m = options.groups.empty()
                            ? fmt::format("{}", options.m)
                            : fmt::format("({})", fmt::join(options.groups, ", "));
  std::string text = fmt::format(
      "{}{} x {} x {} (m, n, k) in {} on {}, fidelity {}\n",
      options.batch > 1 ? fmt::format("{} of ", options.batch) : "", m, options.n, options.k,
      options.format, chip.name, options.fidelity);
  const auto row = [&text](const char* name, const std::string& value) {
    text += fmt::format("  {:<12}  {}\n", name, value);
  };
  row("time", fmt::format("{}, {} cycles", seconds_text(f.time.si()), grouped(f.cycles)));
  row("rate",
      fmt::format("{:.1f} TFLOP/s, {} of the peak", f.flops / 1e12, percent(f.utilization)));
  row("bound by", f.bound_by);
  row("tiles", fmt::format("{} of {} x {} x {} in {} waves", grouped(static_cast<double>(t.tiles)),
                           t.tile_m, t.tile_n, t.slice_k, t.waves));
  row("order",
      fmt::format(
          "{}, panels of {} tiles", order_names[static_cast<std::size_t>(t.order)], t.panel));
  row("split of k", fmt::format("{}", t.split_k));
  row("HBM", gigabytes(f.hbm.si()) + " GB");
  row("scratchpads", gigabytes(f.sram.si()) + " GB");
  return text + fmt::format("Simulated one product with {} events in {}\n",
                            grouped(static_cast<double>(run.events)), seconds_text(seconds));
}

std::optional<Watts> cap_of(const ChipGemmOptions& options) {
  if (options.power_cap.empty()) return std::nullopt;
  return Watts(config::read_quantity(
      config::Node::parse('"' + options.power_cap + '"', "--power-cap"), config::Dimension::power));
}

// Parts of the power by name, in the order of reports.
std::vector<std::pair<const char*, Watts>> parts_of(const power::Breakdown& parts) {
  return {
      {"clock", parts.clock},
      {"matrix", parts.matrix},
      {"vector", parts.vector},
      {"sram", parts.sram},
      {"network_on_chip", parts.network_on_chip},
      {"hbm", parts.hbm},
      {"links", parts.links},
      {"leakage", parts.leakage},
      {"fixed", parts.fixed}};
}

void add_power(const ChipGemmOptions& options, const PoweredProduct& product, Json& document) {
  document["inputs"]["data"] = options.data;
  document["inputs"]["power_cap"] = options.power_cap.empty() ? Json() : Json(options.power_cap);
  document["power_w"] = product.held.power.si();
  document["clock_hz"] = product.held.clock.si();
  document["energy_j"] = product.energy.si();
  document["energy_per_flop_j"] = product.energy.si() / product.run.work.flops();
  document["throttled"] = product.held.throttled;
  Json parts = Json::object();
  for (const auto& [name, watts] : parts_of(product.parts)) parts[name] = watts.si();
  document["power_breakdown_w"] = parts;
  document["supply_v"] = product.parts.volts;
  document["junction_k"] = product.parts.kelvin;
  document["relative_toggles"] = product.relative_toggles;
}

std::string power_table(const PoweredProduct& product) {
  constexpr double celsius = 273.15;
  std::string text = fmt::format(
      "Power {:.0f} W at {:.0f} MHz{}, {:.3f} V, {:.0f} degrees C; {:.3g} pJ/FLOP\n",
      product.held.power.si(), product.held.clock.si() * 1e-6,
      product.held.throttled ? " (throttled)" : "", product.parts.volts,
      product.parts.kelvin - celsius, product.energy.si() / product.run.work.flops() * 1e12);
  for (const auto& [name, watts] : parts_of(product.parts))
    text += fmt::format("  {:<15}  {:>6.1f} W\n", name, watts.si());
  return text;
}

}  // namespace

std::string chip_gemm(const ChipGemmOptions& options, bool json) {
  const auto start = std::chrono::steady_clock::now();
  const config::ConfigPaths paths({options.config_paths.begin(), options.config_paths.end()});
  ChipDescription chip = load_chip(options.chip, paths, options.assignments);
  const Format format = format_of(options, chip);
  const ProductWork work = work_of(options, format);
  const MappingRequest request = request_of(options);
  if (const std::string text = complaint(chip, work, request); !text.empty()) wrong("--tile", text);
  const auto fidelity = enumerator<Fidelity>(fidelity_names, options.fidelity);
  std::optional<PoweredProduct> powered;
  if (!options.data.empty()) {
    powered = powered_product(
        chip, power_model(chip, paths), format, work, request, fidelity, options.data,
        cap_of(options));
    chip.clock.sustained_matmul = powered->held.clock;
  }
  const ProductRun run = powered ? powered->run
                                 : run_product(chip, format, work, request, fidelity);
  const ProductFigures f = figures(chip, format, run);
  const double
      seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!json) return table(options, chip, run, f, seconds) + (powered ? power_table(*powered) : "");
  Json document = to_json(options, chip, run, f, seconds);
  if (powered) add_power(options, *powered, document);
  return document.dump(2) + "\n";
}

}  // namespace headroom
