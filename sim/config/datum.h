// The values of a file as its record declares them, each with what the file says of its origin: for
// commands that print sources beside numbers.
#pragma once

#include <string>
#include <vector>

#include "sim/config/record.h"

namespace headroom::config {

struct Datum {
  std::string key;        // path, "supply.nominal"
  std::string value;      // as written, with its unit; "" where the file does not state it
  std::string low, high;  // its range as written; "" where there is none
  std::string source;     // of the value, else of the mapping around it
  std::string meaning;
  bool derived = false;
  Json si;  // in SI; null where the file does not state it
};

// One for every parameter of `record`; `written` is Record::write of the object read from
// `document`.
[[nodiscard]] std::vector<Datum> data_of(
    const Node& document, const RecordFields& record, const Json& written);

}  // namespace headroom::config
