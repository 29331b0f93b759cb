#include "sim/power/product.h"

#include <gtest/gtest.h>

#include "sim/config/load_chip.h"

namespace headroom {
namespace {

const config::ConfigPaths& paths() {
  static const config::ConfigPaths paths;
  return paths;
}

PoweredProduct product(const std::string& data, std::optional<Watts> cap = std::nullopt,
                       const std::vector<std::string>& changes = {}) {
  const ChipDescription chip = load_chip("h100-sxm", paths(), changes);
  ProductWork work;
  work.rows = {{4096, 1}};
  work.n = 4096, work.k = 4096;
  work.operand_bytes = operand_bytes(Format::bf16), work.result_bytes = result_bytes(Format::bf16);
  return powered_product(
      chip, power_model(chip, paths()), Format::bf16, work, {}, Fidelity::analytic, data, cap);
}

TEST(PoweredProduct, EnergyIsTheSumOfThePartsTimesTheTime) {
  const PoweredProduct run = product("normal");
  EXPECT_NEAR(
      run.energy.si(), run.parts.total().si() * run.figures.time.si(), 1e-3 * run.energy.si());
  EXPECT_LE(run.held.power.si(), 700);
  EXPECT_TRUE(run.held.throttled);
  EXPECT_LE(run.held.evaluations, 10);
}

TEST(PoweredProduct, ZerosNeverCostMoreThanNormalData) {
  for (const std::string& data : data_names()) {
    const PoweredProduct zeros = product("zeros", Watts(5000)), other = product(data, Watts(5000));
    EXPECT_LE(zeros.held.power.si(), other.held.power.si() * (1 + 1e-9)) << data;
  }
}

TEST(PoweredProduct, ALowerCapNeverRunsFaster) {
  double before = 0;
  for (const double cap : {250.0, 350.0, 450.0, 550.0, 700.0}) {
    const double rate = product("normal", Watts(cap)).figures.flops;
    EXPECT_GT(rate, before) << cap;
    before = rate;
  }
}

std::string complaint(const std::vector<std::string>& changes,
                      std::optional<Watts> cap = std::nullopt, const std::string& data = "normal") {
  try {
    static_cast<void>(product(data, cap, changes));
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(PoweredProduct, NumbersThatClashAreWrongInput) {
  EXPECT_NE(complaint({}, Watts(60)).find("found 60 W; expected at least the"), std::string::npos);
  EXPECT_NE(complaint({"node=intel-18a"}).find("the node intel-18a has no energy of operations"),
            std::string::npos)
      << complaint({"node=intel-18a"});
  EXPECT_NE(complaint({"node=N8"}).find("a file of configs/nodes"), std::string::npos);
  EXPECT_NE(complaint({"power.nominal_clock=1 GHz"}).find("which supply.maximum of node 4n gives"),
            std::string::npos);
  EXPECT_NE(complaint({"power.fast_limit=0.5"}).find("a number from 1 to 10"), std::string::npos);
}

}  // namespace
}  // namespace headroom
