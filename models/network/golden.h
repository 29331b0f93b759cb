// Runs an algorithm's schedule on real numbers, without time: what every rank holds at the end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/network/algorithm.h"

namespace headroom::network {

// data[rank][unit]: what the rank holds of each unit before (all units; what it does not hold yet
// is ignored). Returns it after the operation. All messages of a step carry what their senders held
// when it began. Throws std::logic_error where a rank sends a unit that it does not hold.
[[nodiscard]] std::vector<std::vector<std::int64_t>> move_data(
    const Algorithm& algorithm, Collective operation, const Team& team,
    std::vector<std::vector<std::int64_t>> data);

}  // namespace headroom::network
