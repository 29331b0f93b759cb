#include "sim/power/step.h"

#include <fmt/format.h>

#include <algorithm>

namespace headroom {
namespace {

void forget_power(Result& result, const std::string& reason) {
  auto& listed = result.not_modelled;
  const auto is_power = [](const std::string& text) { return text.rfind("power.", 0) == 0; };
  listed.erase(std::remove_if(listed.begin(), listed.end(), is_power), listed.end());
  if (!reason.empty())
    for (const char* path : {"chip_w", "clock_hz.average", "energy_per_token_j", "breakdown_w"})
      listed.push_back(std::string("power.") + path + ": " + reason);
}

}  // namespace

Watts cap_of(const Experiment& experiment) {
  return experiment.power.cap > Watts(0) ? experiment.power.cap : experiment.chip.power_cap;
}

StepPower::StepPower(const Experiment& experiment, const config::ConfigPaths& paths,
                     std::launch when)
    : experiment_(experiment),
      constants_(std::async(
          when, read, experiment.chip, experiment.plan.format, experiment.power.data, paths)) {}

std::shared_ptr<const StepPower::Constants> StepPower::read(
    const ChipDescription& chip, Format format, const std::string& data,
    const config::ConfigPaths& paths) {
  auto constants = std::make_shared<Constants>();
  if (!chip.power.is_known()) {
    constants->why = chip.id + " does not describe its power (docs/power.md)";
    return constants;
  }
  try {
    ChipPowerModel model = power_model(chip, paths, {format});
    const ActivityTable::Element element = model.element(chip, format);
    const auto toggles = model.activity.relative(element, data);
    if (model.coefficients.products.count(format) == 0)
      constants->why = fmt::format("no energy of {} is known", to_string(format));
    else if (!toggles)
      constants->why = fmt::format("no activity of {} in {} is known", data, to_string(format));
    if (!constants->why.empty()) return constants;
    constants->toggles = *toggles;
    constants->worst_toggles = model.activity.worst(element);
    constants->model = std::move(model);
  } catch (const InputError& error) {
    constants->why = error.what();
  }
  return constants;
}

StepWork StepPower::step_work() const {
  return {experiment_.chip, experiment_.plan.format, constants().toggles};
}

power::Breakdown StepPower::draw(
    const StepWork& kind, const ChipWork& work, Seconds time, Hertz clock) const {
  return power::power(constants().model->coefficients, kind(work, time, clock), clock);
}

void StepPower::fill(Result& result, Hertz clock) const {
  forget_power(result, why());
  auto& power = result.power;
  power.cap_w = cap_of(experiment_).si();
  if (!is_known()) return;
  const power::Breakdown parts = draw(step_work(), result.work, Seconds(result.step.time_s), clock);
  power.chip_w = parts.total().si();
  power.matrix_w = (parts.matrix + parts.clock).si();
  power.vector_w = parts.vector.si();
  power.sram_w = parts.sram.si();
  power.network_on_chip_w = parts.network_on_chip.si();
  power.hbm_w = parts.hbm.si();
  power.links_w = parts.links.si();
  power.leakage_w = parts.leakage.si();
  power.fixed_w = parts.fixed.si();
  power.clock_average_hz = clock.si();
  power.energy_per_token_j = parts.total().si() * static_cast<double>(experiment_.cluster.chips) *
                             result.step.time_s / result.step.tokens;
}

}  // namespace headroom
