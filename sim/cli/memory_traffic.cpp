#include "sim/cli/memory_traffic.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/hbm/measure.h"
#include "models/hbm/traffic.h"
#include "sim/cli/command.h"
#include "sim/cli/options.h"
#include "sim/memory/command_csv.h"
#include "sim/memory/trace.h"
#include "sim/report/numbers.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

using hbm::Measurement;

constexpr int outstanding_per_pseudo_channel = 64;

// "64B", "1KiB"; 0 for anything else.
std::int64_t bytes_of(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string unit(end, text.data() + text.size());
  if (error != std::errc{} || value < 1 || value > 1 << 20) return 0;
  return unit == "B" ? value : unit == "KiB" ? value * 1024 : 0;
}

struct Setup {
  hbm::Device device;
  hbm::Mapping mapping;
  hbm::Policy policy;
  hbm::TrafficSpec traffic;
  hbm::Injection injection;
};

Setup set_up(const hbm::Device& device, const MemoryTrafficOptions& options) {
  Setup setup;
  setup.device = device;
  const hbm::Organisation& organisation = device.organisation;
  setup.mapping.interleave = bytes_of(options.interleave);
  if (options.refresh == "none")
    throw OptionError(
        "--refresh",
        "found 'none', which only --check-commands takes; expected all_bank or per_bank");
  const bool has_per_bank = device.timing.trfcpb.has_value();
  setup.policy.refresh = options.refresh.empty()
                             ? has_per_bank ? hbm::Refresh::per_bank : hbm::Refresh::all_bank
                             : enumerator<hbm::Refresh>(hbm::refresh_names, options.refresh);
  if (setup.policy.refresh == hbm::Refresh::per_bank && !has_per_bank)
    throw OptionError(
        "--refresh",
        fmt::format(
            "found 'per_bank', which {} does not have; expected all_bank", setup.device.name));
  setup.policy.write_high = options.write_high, setup.policy.write_low = options.write_low;
  setup.policy.page = enumerator<hbm::Page>(hbm::page_names, options.page);
  if (!options.pattern.empty())
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

nlohmann::ordered_json to_json(
    const MemoryTrafficOptions& options, const Setup& setup, const Result& result) {
  const Measurement& m = result.measured;
  const Figures f(setup, m);
  const hbm::Histogram& latency = latency_of(m);
  return {
      {"schema", "headroom.memory/1"},
      {"device", setup.device.id},
      {"stacks", setup.device.organisation.stacks},
      {"pattern", options.pattern.empty() ? "trace" : options.pattern},
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

std::string table(const MemoryTrafficOptions& options, const Setup& setup, const Result& result) {
  const Measurement& m = result.measured;
  const Figures f(setup, m);
  const hbm::Histogram& latency = latency_of(m);
  const auto ns = [&](double cycles) { return cycles * f.ns_per_cycle; };
  std::string text = fmt::format(
      "{} requests of {} B, {}, {} loads, on {} x {}, {} outstanding\n",
      grouped(static_cast<double>(m.requests)), hbm::request_bytes,
      options.pattern.empty() ? options.trace : options.pattern,
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

std::vector<hbm::Traffic::Request> read_requests(
    const hbm::AddressMap& map, const std::string& path) {
  std::vector<hbm::Traffic::Request> requests;
  read_trace(
      path, Bytes(static_cast<double>(map.capacity())), [&](std::uint64_t address, bool write) {
        requests.push_back({address, write});
      });
  if (requests.empty())
    throw OptionError(
        "--trace", "found no request in '" + path + "'; expected lines such as LD 0x40");
  return requests;
}

Measurement measure(Setup& setup, const MemoryTrafficOptions& options) {
  hbm::MemorySystem memory(setup.device, setup.mapping, setup.policy);
  if (options.trace.empty()) {
    hbm::Traffic traffic(setup.traffic, memory.address_map().capacity());
    return hbm::measure(memory, traffic, setup.injection);
  }
  const auto requests = read_requests(memory.address_map(), options.trace);
  setup.injection.requests = requests.size();
  hbm::Replay replay(requests);
  return hbm::measure(memory, replay, setup.injection);
}

Result simulate(Setup& setup, const MemoryTrafficOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  std::optional<Output> file;
  std::optional<CommandCsvWriter> writer;
  if (!options.commands.empty()) {
    file.emplace(options.commands, Durability::cached);
    writer.emplace(file->stream());
    setup.injection.commands = [&writer](const std::vector<hbm::Command>& commands) {
      for (const hbm::Command& command : commands) writer->write(command);
    };
  }
  Result result;
  result.measured = measure(setup, options);
  if (writer) {
    writer->finish();
    file->commit();
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace

std::string complaint_about_interleave(const std::string& text) {
  if (bytes_of(text) > 0) return "";
  return fmt::format("found '{}'; expected bytes such as 32B, 64B or 1KiB", text);
}

std::string memory_traffic(
    const hbm::Device& device, const MemoryTrafficOptions& options, bool json) {
  Setup setup = set_up(device, options);
  Result result;
  try {
    result = simulate(setup, options);
  } catch (const std::invalid_argument& error) {
    throw OptionError(error.what());
  }
  return json ? to_json(options, setup, result).dump(2) + '\n' : table(options, setup, result);
}

}  // namespace headroom
