// The result as a JSON document, schema headroom.result/1 (design.md section 7).
#pragma once

#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/report/result.h"

namespace headroom {

// Every key of the schema in its fixed order; what is not modelled is null, and each null path that
// `not_modelled` does not name yet ("power.chip_w: …", or a parent of it) is appended there.
[[nodiscard]] nlohmann::ordered_json to_json(const Result& result);

// The document as text: two spaces, numbers by shortest round trip, one final newline. Equal
// results give equal bytes, the "simulation" block aside.
void write_json(const Result& result, std::ostream& out);

}  // namespace headroom
