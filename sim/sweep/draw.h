// Samples of the unit cube.
#pragma once

#include <vector>

#include "sim/sweep/sweep_file.h"

namespace headroom::sweep {

// `sample.count` points of `dimensions` coordinates in [0, 1), point by point. Independent and
// uniform, or a Latin hypercube (McKay, Beckman and Conover, Technometrics 21, 1979, section 2.3):
// in each coordinate one point in every interval of length 1 / count. The same on every machine:
// only the generator is the standard library's, which defines its values.
[[nodiscard]] std::vector<double> draw_shares(const Sample& sample, std::size_t dimensions);

}  // namespace headroom::sweep
