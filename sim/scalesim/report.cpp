#include "sim/scalesim/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "sim/report/output.h"

namespace headroom::scalesim {
namespace {

// Python's repr of a float: the shortest text that reads back the same, never without a point or an
// exponent.
std::string real(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string real(std::int64_t value) { return fmt::format("{}.0", value); }

double per_cycle(std::int64_t words, std::int64_t cycles) {
  return static_cast<double>(words) / static_cast<double>(std::max<std::int64_t>(1, cycles));
}

// SCALE-Sim's average of a DRAM interface: over the cycles from its first to its last word.
double average(const Access& access) {
  return per_cycle(access.words, access.stop - access.start + 1);
}

template <class Row>
std::string report(const char* header, const std::vector<LayerResult>& layers, const Row& row) {
  std::string text = header;
  for (std::size_t i = 0; i < layers.size(); ++i)
    text += fmt::format("{}, {},\n", i, fmt::join(row(layers[i]), ", "));
  return text;
}

void add(std::vector<std::string>& fields, const Access& access) {
  fields.insert(
      fields.end(), {real(access.start), real(access.stop), fmt::format("{}", access.words)});
}

}  // namespace

std::string compute_report(const std::vector<LayerResult>& layers) {
  return report(
      "LayerID, Total Cycles (incl. prefetch), Total Cycles, Stall Cycles, Overall Util %, "
      "Mapping Efficiency %, Compute Util %,\n",
      layers, [](const LayerResult& layer) {
        return std::vector<std::string>{
            fmt::format("{}", layer.cycles_with_prefetch), fmt::format("{}", layer.total_cycles),
            fmt::format("{}", layer.stall_cycles),         real(100 * layer.overall_utilization),
            real(100 * layer.mapping_efficiency),          real(100 * layer.compute_utilization)};
      });
}

std::string bandwidth_report(const std::vector<LayerResult>& layers) {
  return report(
      "LayerID, Avg IFMAP SRAM BW, Avg FILTER SRAM BW, Avg OFMAP SRAM BW, Avg IFMAP DRAM BW, "
      "Avg FILTER DRAM BW, Avg OFMAP DRAM BW,\n",
      layers, [](const LayerResult& layer) {
        return std::vector<std::string>{
            real(per_cycle(layer.sram.ifmap.words, layer.total_cycles)),
            real(per_cycle(layer.sram.filter.words, layer.total_cycles)),
            real(per_cycle(layer.sram.ofmap.words, layer.total_cycles)),
            real(average(layer.dram.ifmap)),
            real(average(layer.dram.filter)),
            real(average(layer.dram.ofmap))};
      });
}

std::string detailed_access_report(const std::vector<LayerResult>& layers) {
  return report(
      "LayerID, "
      "SRAM IFMAP Start Cycle, SRAM IFMAP Stop Cycle, SRAM IFMAP Reads, "
      "SRAM Filter Start Cycle, SRAM Filter Stop Cycle, SRAM Filter Reads, "
      "SRAM OFMAP Start Cycle, SRAM OFMAP Stop Cycle, SRAM OFMAP Writes, "
      "DRAM IFMAP Start Cycle, DRAM IFMAP Stop Cycle, DRAM IFMAP Reads, "
      "DRAM Filter Start Cycle, DRAM Filter Stop Cycle, DRAM Filter Reads, "
      "DRAM OFMAP Start Cycle, DRAM OFMAP Stop Cycle, DRAM OFMAP Writes,\n",
      layers, [](const LayerResult& layer) {
        std::vector<std::string> fields;
        for (const PerMemory<Access>& level : {layer.sram, layer.dram}) {
          add(fields, level.ifmap);
          add(fields, level.filter);
          add(fields, level.ofmap);
        }
        return fields;
      });
}

void write_reports(const std::string& folder, const std::vector<LayerResult>& layers) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw std::runtime_error(fmt::format("cannot make {}: {}", folder, error.message()));
  const auto open = [&](const char* name) {
    return std::make_unique<Output>(
        (std::filesystem::path(folder) / name).string(), Durability::cached);
  };
  // All are opened before one is put in place.
  const auto compute = open("COMPUTE_REPORT.csv");
  const auto bandwidth = open("BANDWIDTH_REPORT.csv");
  const auto detailed = open("DETAILED_ACCESS_REPORT.csv");
  compute->stream() << compute_report(layers);
  bandwidth->stream() << bandwidth_report(layers);
  detailed->stream() << detailed_access_report(layers);
  compute->commit();
  bandwidth->commit();
  detailed->commit();
}

}  // namespace headroom::scalesim
