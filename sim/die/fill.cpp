#include "sim/die/fill.h"

#include <fmt/format.h>

#include <algorithm>

namespace headroom {
namespace {

using technology::Prices;
using technology::RunningCost;

void forget(Result& result, const std::string& reason) {
  auto& listed = result.not_modelled;
  const auto is_ours = [](const std::string& text) {
    return text.rfind("die", 0) == 0 || text.rfind("cost", 0) == 0;
  };
  listed.erase(std::remove_if(listed.begin(), listed.end(), is_ours), listed.end());
  if (reason.empty()) return;
  for (const char* path : {"die", "cost"}) listed.push_back(std::string(path) + ": " + reason);
}

std::string assumptions(const Prices& prices, Watts power, bool measured) {
  constexpr double hours_of_a_year = 8766, joules_of_a_kwh = 3.6e6;
  return fmt::format(
      "cost: amortisation {:.3g} years, utilisation {:.0f} %, electricity {:.3g} USD/kWh, PUE "
      "{:.3g}, host {:.0f} USD and {:.0f} W a chip, network {:.0f} USD, building {:.3g} USD/W, {} "
      "(configs/technology/cost.yaml; cost.KEY replaces them)",
      prices.amortisation.si() / 3600 / hours_of_a_year, prices.utilisation * 100,
      prices.electricity_usd_j * joules_of_a_kwh, prices.power_usage, prices.host.si(),
      prices.host_power.si(), prices.network.si(), prices.facility_usd_w,
      measured ? fmt::format("{:.0f} W a chip by the power model", power.si())
               : fmt::format("the cap of {:.0f} W a chip", power.si()));
}

void take(const DieReport& report, const Experiment& experiment, Result& result) {
  result.die.area_mm2 = report.area.si() * 1e6;
  result.die.yield = report.yield;
  result.die.cost_usd = report.die_cost.si();

  const Prices& prices = experiment.cost.prices;
  const Watts power(result.power.chip_w.value_or(experiment.chip.power_cap.si()));
  const double tokens = result.throughput.tokens_per_s_per_chip *
                        result.throughput.goodput.value_or(1);
  const RunningCost buyer = running_cost(prices, report.list_price, prices.host, power);
  const RunningCost maker = running_cost(prices, report.package.total(), prices.host_cost, power);
  auto& cost = result.cost;
  cost.usd_per_million_tokens = buyer.usd_s() / tokens * 1e6;
  cost.usd_per_million_tokens_maker = maker.usd_s() / tokens * 1e6;
  cost.energy_per_token_j = (power + prices.host_power).si() * prices.power_usage / tokens;
  cost.list_price_usd = report.list_price.si();
  cost.chip_cost_usd = report.package.total().si();
  cost.system_usd = buyer.system().si();
  result.assumed.push_back(assumptions(prices, power, result.power.chip_w.has_value()));
  if (!report.price_published)
    result.assumed.push_back(fmt::format(
        "cost: the chip sells for {:.0f} USD, what it costs and a margin of {:.0f} %",
        report.list_price.si(), 100 * (1 - report.package.total() / report.list_price)));
}

}  // namespace

DieAnswer die_of(const Experiment& experiment, const config::ConfigPaths& paths) {
  if (experiment.die.design.empty())
    return {std::nullopt, "the dies of " + experiment.chip.id + " are not published (docs/die.md)"};
  try {
    return {describe_die(experiment.chip, experiment.die, experiment.cost, paths), ""};
  } catch (const InputError& error) {
    return {std::nullopt, error.what()};
  }
}

void fill_die_and_cost(Result& result, const Experiment& experiment, const DieAnswer& die) {
  if (die.report) take(*die.report, experiment, result);
  forget(result, die.why);
}

}  // namespace headroom
