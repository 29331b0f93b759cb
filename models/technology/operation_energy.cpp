#include "models/technology/operation_energy.h"

#include <cmath>

namespace headroom::technology {
namespace {

// Logarithm of what an operation costs on `node` by scaling alone, up to a constant.
std::optional<double> level(
    const PublishedEnergy& figure, const Scaling& scaling, const std::string& node) {
  const std::optional<double>
      energy = figure.kind == "memory" ? scaling.memory_energy(node) : scaling.energy(node);
  return energy ? std::optional(std::log(*energy)) : std::nullopt;
}

struct Neighbour {
  const PublishedEnergy* figure = nullptr;
  double distance = 0;  // of its level, > 0
};

void take_nearer(Neighbour& best, const PublishedEnergy& figure, double distance) {
  if (best.figure == nullptr || distance < best.distance) best = {&figure, distance};
}

OperationEnergy scaled(const PublishedEnergy& figure, double scale, const std::string& between) {
  return {figure.energy * scale, figure.low * scale, figure.high * scale, figure, scale, between};
}

// Between an older, dearer node and a newer one.
OperationEnergy interpolated(const Neighbour& older, const Neighbour& newer) {
  const double step = std::log(newer.figure->energy / older.figure->energy);
  const double share = older.distance / (older.distance + newer.distance);
  const bool from_older = older.distance < newer.distance;
  return from_older ? scaled(*older.figure, std::exp(step * share), newer.figure->node)
                    : scaled(*newer.figure, std::exp(-step * (1 - share)), older.figure->node);
}

}  // namespace

std::optional<OperationEnergy> energy_of(
    const std::vector<PublishedEnergy>& published, const Scaling& scaling,
    const std::string& operation, const std::string& format, const std::string& node,
    const std::string& kind) {
  Neighbour older, newer;
  for (const PublishedEnergy& figure : published) {
    if (figure.operation != operation || figure.format != format) continue;
    if (!kind.empty() && figure.kind != kind) continue;
    if (figure.node == node) return scaled(figure, 1, "");
    const auto here = level(figure, scaling, node), there = level(figure, scaling, figure.node);
    if (!here || !there) continue;
    if (*there >= *here)
      take_nearer(older, figure, *there - *here);
    else
      take_nearer(newer, figure, *here - *there);
  }
  if (older.figure != nullptr && newer.figure != nullptr) return interpolated(older, newer);
  if (older.figure != nullptr) return scaled(*older.figure, std::exp(-older.distance), "");
  if (newer.figure != nullptr) return scaled(*newer.figure, std::exp(newer.distance), "");
  return std::nullopt;
}

}  // namespace headroom::technology
