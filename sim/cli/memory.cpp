// headroom memory: traffic on one HBM alone, every burst simulated.
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/hbm/measure.h"
#include "models/hbm/traffic.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/config/load_memory.h"
#include "sim/report/numbers.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

using hbm::Measurement;

constexpr std::int64_t most_requests = 1'000'000'000'000;
constexpr int most_stacks = 64, outstanding_per_pseudo_channel = 64;

struct Options {
  std::string device, pattern, interleave = "64B", refresh, page = "open", json;
  std::optional<double> read_share;
  int stacks = 1;
  std::optional<int> stack_ids;
  std::int64_t requests = 1'000'000, outstanding = 0;
  std::int64_t stride = 256;
  std::uint64_t seed = 1;
  std::vector<std::string> config_paths;
};

// "64B", "1KiB"; 0 for anything else.
std::int64_t bytes_of(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string unit(end, text.data() + text.size());
  if (error != std::errc{} || value < 1 || value > 1 << 20) return 0;
  return unit == "B" ? value : unit == "KiB" ? value * 1024 : 0;
}

std::string complaint_about_interleave(const std::string& text) {
  if (bytes_of(text) > 0) return "";
  return fmt::format("found '{}'; expected bytes such as 32B, 64B or 1KiB", text);
}

struct Setup {
  hbm::Device device;
  hbm::Mapping mapping;
  hbm::Policy policy;
  hbm::TrafficSpec traffic;
  hbm::Injection injection;
};

Setup set_up(const Options& options) {
  Setup setup;
  setup.device = load_memory(
      options.device,
      config::ConfigPaths({options.config_paths.begin(), options.config_paths.end()}),
      options.stacks);
  hbm::Organisation& organisation = setup.device.organisation;
  if (options.stack_ids) organisation.stack_ids = *options.stack_ids;
  setup.mapping.interleave = bytes_of(options.interleave);
  const bool has_per_bank = setup.device.timing.trfcpb.has_value();
  setup.policy.refresh = options.refresh.empty()
                             ? has_per_bank ? hbm::Refresh::per_bank : hbm::Refresh::all_bank
                             : enumerator<hbm::Refresh>(hbm::refresh_names, options.refresh);
  if (setup.policy.refresh == hbm::Refresh::per_bank && !has_per_bank)
    throw CLI::ValidationError(
        "--refresh",
        fmt::format(
            "found 'per_bank', which {} does not have; expected all_bank", setup.device.name));
  setup.policy.page = enumerator<hbm::Page>(hbm::page_names, options.page);
  setup.traffic.pattern = enumerator<hbm::Pattern>(hbm::pattern_names, options.pattern);
  const bool mixed = setup.traffic.pattern == hbm::Pattern::mixed;
  setup.traffic.read_share = options.read_share.value_or(mixed ? 2.0 / 3 : 1.0);
  setup.traffic.stride = static_cast<std::uint64_t>(options.stride);
  setup.traffic.seed = options.seed;
  setup.injection.requests = static_cast<std::uint64_t>(options.requests);
  setup.injection.outstanding = static_cast<std::uint32_t>(
      options.outstanding > 0
          ? options.outstanding
          : std::int64_t{outstanding_per_pseudo_channel} * organisation.pseudo_channels *
                organisation.channels * organisation.stacks);
  return setup;
}

struct Result {
  Measurement measured;
  double seconds = 0;  // that the simulation took
};

// What a person asks, in their units.
struct Figures {
  Figures(const Setup& setup, const Measurement& m) {
    const hbm::Device& device = setup.device;
    const hbm::Organisation& o = device.organisation;
    const double cycles = static_cast<double>(m.cycles);
    ns_per_cycle = static_cast<double>(device.timing.tck_ps) * 1e-3;
    simulated_ns = cycles * ns_per_cycle;
    peak_gb_s = o.peak().si() * 1e-9;
    bandwidth_gb_s = m.bytes() / simulated_ns;
    const double parts = static_cast<double>(m.statistics.parts - m.statistics.forwarded);
    row_hit_rate = parts > 0 ? 1 - static_cast<double>(m.statistics.row_misses) / parts : 0;
    const double ranks = static_cast<double>(o.stack_ids) * o.pseudo_channels * o.channels *
                         o.stacks;
    const hbm::Ticks ticks(device);
    refresh_share = (static_cast<double>(m.statistics.refreshes_all) *
                         static_cast<double>(ticks.rfc) +
                     static_cast<double>(m.statistics.refreshes_bank) *
                         static_cast<double>(ticks.rfcpb) / o.banks()) /
                    (ranks * cycles);
    events = m.statistics.commands() + m.statistics.parts;
  }

  double ns_per_cycle, simulated_ns, peak_gb_s, bandwidth_gb_s, row_hit_rate, refresh_share;
  std::uint64_t events;
};

// Of loads; of stores where there is no load.
const hbm::Histogram& latency_of(const Measurement& m) {
  return m.loads > 0 ? m.load_latency : m.store_latency;
}

nlohmann::ordered_json to_json(const Options& options, const Setup& setup, const Result& result) {
  const Measurement& m = result.measured;
  const Figures f(setup, m);
  const hbm::Histogram& latency = latency_of(m);
  return {
      {"schema", "headroom.memory/1"},
      {"device", setup.device.id},
      {"stacks", setup.device.organisation.stacks},
      {"pattern", options.pattern},
      {"read_share", static_cast<double>(m.loads) / static_cast<double>(m.requests)},
      {"interleave_bytes", setup.mapping.interleave},
      {"refresh", hbm::refresh_names[static_cast<std::size_t>(setup.policy.refresh)]},
      {"page", options.page},
      {"outstanding", setup.injection.outstanding},
      {"seed", options.seed},
      {"bandwidth_gb_s", f.bandwidth_gb_s},
      {"peak_gb_s", f.peak_gb_s},
      {"efficiency", f.bandwidth_gb_s / f.peak_gb_s},
      {"latency_ns",
       {{"mean", latency.mean() * f.ns_per_cycle},
        {"p50", latency.percentile(0.5) * f.ns_per_cycle},
        {"p99", latency.percentile(0.99) * f.ns_per_cycle},
        {"max", latency.max() * f.ns_per_cycle}}},
      {"row_hit_rate", f.row_hit_rate},
      {"refresh_share", f.refresh_share},
      {"requests", m.requests},
      {"simulated_ns", f.simulated_ns},
      {"events", f.events},
      {"seconds", result.seconds}};
}

std::string table(const Options& options, const Setup& setup, const Result& result) {
  const Measurement& m = result.measured;
  const Figures f(setup, m);
  const hbm::Histogram& latency = latency_of(m);
  const auto ns = [&](double cycles) { return cycles * f.ns_per_cycle; };
  std::string text = fmt::format(
      "{} requests of {} B, {}, {} loads, on {} x {}, {} outstanding\n",
      grouped(static_cast<double>(m.requests)), hbm::request_bytes, options.pattern,
      percent(static_cast<double>(m.loads) / static_cast<double>(m.requests)),
      setup.device.organisation.stacks, setup.device.name, setup.injection.outstanding);
  const auto row = [&text](const char* name, const std::string& value) {
    text += fmt::format("  {:<14}  {}\n", name, value);
  };
  row("bandwidth", fmt::format("{:.1f} GB/s, {} of {:.1f} GB/s", f.bandwidth_gb_s,
                               percent(f.bandwidth_gb_s / f.peak_gb_s), f.peak_gb_s));
  row(m.loads > 0 ? "load latency" : "store latency",
      fmt::format(
          "mean {:.1f} ns, median {:.1f}, 99 % below {:.1f}, longest {:.1f}", ns(latency.mean()),
          ns(latency.percentile(0.5)), ns(latency.percentile(0.99)), ns(latency.max())));
  row("row hits", percent(f.row_hit_rate) + " of requests");
  row("refresh",
      fmt::format(
          "{} of the banks' time, {}", percent(f.refresh_share),
          setup.policy.refresh == hbm::Refresh::per_bank ? "bank by bank" : "all banks at once"));
  const hbm::ChannelStatistics& s = m.statistics;
  row("commands",
      fmt::format(
          "{} ACT, {} RD, {} WR, {} PRE, {} REF", grouped(static_cast<double>(s.activates)),
          grouped(static_cast<double>(s.reads)), grouped(static_cast<double>(s.writes)),
          grouped(static_cast<double>(s.precharges)),
          grouped(static_cast<double>(s.refreshes_all + s.refreshes_bank))));
  return text +
         fmt::format("Simulated {} with {} events in {}\n", seconds_text(f.simulated_ns * 1e-9),
                     grouped(static_cast<double>(f.events)), seconds_text(result.seconds));
}

Result simulate(const Setup& setup) {
  const auto start = std::chrono::steady_clock::now();
  Result result;
  hbm::MemorySystem memory(setup.device, setup.mapping, setup.policy);
  hbm::Traffic traffic(setup.traffic, memory.address_map().capacity());
  result.measured = hbm::measure(memory, traffic, setup.injection);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

void run(const Options& options) {
  const Setup setup = set_up(options);
  Output output(options.json.empty() ? "-" : options.json);
  Result result;
  try {
    result = simulate(setup);
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError(error.what());
  }
  if (options.json.empty())
    output.stream() << table(options, setup, result);
  else
    output.stream() << to_json(options, setup, result).dump(2) << '\n';
  output.commit();
}

void add_traffic_options(CLI::App& command, Options& options) {
  command
      .add_option(
          "--pattern", options.pattern, "stream, random, strided, or mixed of the first two")
      ->check(one_of(hbm::pattern_names))
      ->required()
      ->type_name("PATTERN");
  command
      .add_option("--read-share", options.read_share,
                  "Share of loads among the requests; default 1, of mixed 2/3")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("SHARE");
  command.add_option("--requests", options.requests, "Requests of 64 bytes")
      ->check(CLI::Range(std::int64_t{1}, most_requests))
      ->type_name("INT")
      ->capture_default_str();
  command.add_option("--stride", options.stride, "Bytes from one request to the next, of strided")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40))
      ->type_name("BYTES")
      ->capture_default_str();
  command
      .add_option("--outstanding", options.outstanding,
                  "Requests that may be unanswered at once; default: 64 per pseudo-channel")
      ->check(CLI::Range(1, 1 << 24))
      ->type_name("INT");
  command.add_option("--seed", options.seed, "Of random addresses and of which requests are loads")
      ->type_name("INT")
      ->capture_default_str();
}

void add_controller_options(CLI::App& command, Options& options) {
  command.add_option("--interleave", options.interleave, "Bytes on one channel before the next")
      ->check(CLI::Validator(complaint_about_interleave, ""))
      ->type_name("BYTES")
      ->capture_default_str();
  command
      .add_option("--refresh", options.refresh,
                  "all_bank or per_bank; default: per_bank where the device has it")
      ->check(one_of(hbm::refresh_names))
      ->type_name("REFRESH");
  command.add_option("--page", options.page, "open or closed: whether rows stay open")
      ->check(one_of(hbm::page_names))
      ->type_name("PAGE")
      ->capture_default_str();
}

}  // namespace

void add_memory_command(CLI::App& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("memory", "Run traffic on one HBM, burst by burst");
  command->add_option("--device", options->device, "A memory of configs/memories, or a file's path")
      ->required()
      ->type_name("DEVICE");
  command->add_option("--stacks", options->stacks, "Stacks of it")
      ->check(CLI::Range(1, most_stacks))
      ->type_name("INT")
      ->capture_default_str();
  command
      ->add_option(
          "--stack-ids", options->stack_ids, "Stack ids of a stack (ranks); default: the device's")
      ->check(CLI::Range(1, 4))
      ->type_name("INT");
  add_traffic_options(*command, *options);
  add_controller_options(*command, *options);
  command
      ->add_option("--json", options->json,
                   "Write a JSON document instead of the table; - for standard output")
      ->expected(0, 1)
      ->default_str("-")
      ->type_name("FILE");
  add_config_path_option(*command, options->config_paths);
  command->footer(
      "Examples:\n  headroom memory --device hbm3 --pattern stream\n"
      "  headroom memory --device hbm3 --stacks 5 --pattern random --read-share 0.67 --json -");
  command->callback([options] { run(*options); });
}

}  // namespace headroom
