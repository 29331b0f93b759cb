// Reads prices (configs/technology/cost.yaml) and `cost` of an experiment.
#pragma once

#include <map>
#include <string>

#include "models/technology/cost.h"
#include "models/technology/yield.h"
#include "sim/config/experiment.h"
#include "sim/config/paths.h"
#include "sim/config/record.h"

namespace headroom::config {

struct CostConstants {
  technology::Wafer wafer;
  double clustering = 0;      // alpha of the negative binomial
  double sram_repaired = 0;   // share of shared SRAM whose defects spare rows take
  technology::Prices prices;  // hbm_usd_byte is 0: it goes by generation
  std::map<std::string, double> hbm_usd_byte;
  std::map<std::string, Dollars> list_price;  // by chip
};

[[nodiscard]] const Record<technology::Prices>& prices_record();
[[nodiscard]] CostConstants read_cost_constants(const Node& file);
[[nodiscard]] CostConstants load_cost_constants(const ConfigPaths& paths);

// Prices for a chip, with those of `cost` of the experiment (may be absent) in their place.
// A generation of HBM without a price is an InputError.
[[nodiscard]] CostUse read_cost_use(const Node& given, const CostConstants& constants,
                                    const std::string& chip, const std::string& memory);
// Every price that the use depends on, for the digest of a run.
[[nodiscard]] Json write_cost_use(const CostUse& use);
// The schema of `cost` of an experiment.
[[nodiscard]] Json cost_use_schema();

}  // namespace headroom::config
