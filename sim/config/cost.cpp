#include "sim/config/cost.h"

namespace headroom::config {
namespace {

using technology::Prices;

constexpr const char* cost_file = "configs/technology/cost.yaml";
constexpr double most_margin = 0.99;

const Record<CostConstants>& wafer_record() {
  using C = CostConstants;
  using W = technology::Wafer;
  const auto wafer = [](auto m) {
    return [m](auto& all) -> auto& { return all.wafer.*m; };
  };
  static const auto
      record = Record<C>("wafers and their defects")
                   .required("diameter", wafer(&W::diameter), quantity<Metres>(), "of a wafer")
                   .required("edge_exclusion", wafer(&W::edge_exclusion),
                             quantity<Metres>(not_negative), "rim without good dies")
                   .required(
                       "scribe", wafer(&W::scribe), quantity<Metres>(not_negative), "between dies")
                   .required("clustering", &C::clustering, number(positive),
                             "alpha of the negative binomial")
                   .required("sram_repaired", &C::sram_repaired, measure(Dimension::share, {0, 1}),
                             "share of shared SRAM whose defects spare rows take");
  return record;
}

// The entries of a mapping but for what says where they come from.
template <class Take>
void each_price(const Node& mapping, Take take) {
  for (const auto& [key, value] : mapping.entries())
    if (key != "source" && key != "sources" && key != "note") take(key, value);
}

}  // namespace

const Record<Prices>& prices_record() {
  using P = Prices;
  static const auto record =
      Record<P>("prices; amortisation counts hours of the calendar")
          .required("margin", &P::margin, measure(Dimension::share, {0, most_margin}),
                    "of the seller, (price - cost) / price")
          .required("package", &P::package_usd_m2, measure(Dimension::area_price),
                    "interposer and assembly over the area of dies and stacks")
          .required(
              "stack_footprint", &P::stack_footprint, quantity<SquareMetres>(), "of an HBM stack")
          .required("test", &P::test, quantity<Dollars>(not_negative),
                    "of a package, with final assembly")
          .required("host", &P::host, quantity<Dollars>(not_negative),
                    "server but for chips, per chip, to its buyer")
          .required(
              "host_cost", &P::host_cost, quantity<Dollars>(not_negative), "the same to its maker")
          .required("network", &P::network, quantity<Dollars>(not_negative), "per chip")
          .required("facility", &P::facility_usd_w, measure(Dimension::power_price, not_negative),
                    "building, power delivery and cooling")
          .required("host_power", &P::host_power, quantity<Watts>(not_negative),
                    "of hosts and network, per chip")
          .required("electricity", &P::electricity_usd_j,
                    measure(Dimension::energy_price, not_negative), "price")
          .required("power_usage", &P::power_usage, number({1, 10}), "PUE: building over computers")
          .required("amortisation", &P::amortisation, quantity<Seconds>(),
                    "after which nothing is left of the price")
          .required("utilisation", &P::utilisation, measure(Dimension::share, {0, 1, true}),
                    "share of that time in which the chip computes");
  return record;
}

CostConstants read_cost_constants(const Node& file) {
  file.refuse_unknown_keys({"wafer", "prices", "hbm", "list_price"}, provenance_keys());
  CostConstants constants = wafer_record().read(file.at("wafer"));
  constants.prices = prices_record().read(file.at("prices"));
  each_price(file.at("hbm"), [&](const std::string& id, const Node& value) {
    constants.hbm_usd_byte[id] = measure(Dimension::data_price).read(value);
  });
  each_price(file.at("list_price"), [&](const std::string& id, const Node& value) {
    constants.list_price[id] = quantity<Dollars>().read(value);
  });
  return constants;
}

CostConstants load_cost_constants(const ConfigPaths& paths) {
  const auto file = paths.find("technology", "cost");
  if (!file) throw InputError({cost_file, 1, 1}, "", "no such file", "prices");
  return read_cost_constants(Node::load(*file));
}

namespace {

// What an experiment may say under `cost`: each key replaces a price of the file.
const Record<CostUse>& cost_use_record() {
  const auto price = [](auto m) {
    return [m](auto& use) -> auto& { return use.prices.*m; };
  };
  using P = Prices;
  static const auto record = [&] {
    Record<CostUse> r("what replaces prices of configs/technology/cost.yaml");
    const auto share = [](double low, bool above) {
      return measure(Dimension::share, {low, above ? 1 : most_margin, above});
    };
    r.overriding("margin", price(&P::margin), share(0, false), cost_file, "of the seller")
        .overriding("host", price(&P::host), quantity<Dollars>(not_negative), cost_file,
                    "server but for chips, per chip")
        .overriding("host_cost", price(&P::host_cost), quantity<Dollars>(not_negative), cost_file,
                    "the same to its maker")
        .overriding(
            "network", price(&P::network), quantity<Dollars>(not_negative), cost_file, "per chip")
        .overriding("facility", price(&P::facility_usd_w),
                    measure(Dimension::power_price, not_negative), cost_file, "building")
        .overriding("host_power", price(&P::host_power), quantity<Watts>(not_negative), cost_file,
                    "of hosts, per chip")
        .overriding("electricity", price(&P::electricity_usd_j),
                    measure(Dimension::energy_price, not_negative), cost_file, "price")
        .overriding("power_usage", price(&P::power_usage), number({1, 10}), cost_file, "PUE")
        .overriding("amortisation", price(&P::amortisation), quantity<Seconds>(), cost_file,
                    "after which nothing is left of the price")
        .overriding("utilisation", price(&P::utilisation), share(0, true), cost_file,
                    "share of that time in which the chip computes")
        .overriding("list_price", &CostUse::list_price, quantity<Dollars>(not_negative), cost_file,
                    "of the chip; 0 USD: its cost with the margin on it");
    return r;
  }();
  return record;
}

}  // namespace

CostUse read_cost_use(const Node& given, const CostConstants& constants, const std::string& chip,
                      const std::string& memory) {
  CostUse use;
  use.prices = constants.prices;
  if (const auto price = constants.hbm_usd_byte.find(memory); price != constants.hbm_usd_byte.end())
    use.prices.hbm_usd_byte = price->second;
  if (const auto price = constants.list_price.find(chip); price != constants.list_price.end())
    use.list_price = price->second;
  if (given["margin"].exists()) use.list_price = Dollars(0);  // the margin asked for gives it
  if (given.exists()) cost_use_record().read_into(given, use);
  return use;
}

Json write_cost_use(const CostUse& use) {
  Json prices = prices_record().write(use.prices);
  prices["hbm"] = use.prices.hbm_usd_byte;
  prices["list_price"] = use.list_price.si();
  return prices;
}

Json cost_use_schema() { return cost_use_record().schema(true); }

}  // namespace headroom::config
