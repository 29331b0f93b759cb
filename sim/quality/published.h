// What configs/quality/precision.yaml says: the precision scaling law, and how far losses of real
// trainings in narrow formats lie above wider ones.
#pragma once

#include <string>
#include <vector>

#include "models/numerics/format.h"
#include "sim/config/paths.h"
#include "sim/quality/law.h"

namespace headroom::quality {

// A published training. Gaps are relative: loss / that of the baseline - 1.
struct PublishedGap {
  Format format = Format::bf16;
  Format baseline = Format::bf16;
  double least = 0, most = 0;
  double parameters = 0, tokens = 0;
  std::string recipe;  // what the format was helped by, and what stayed wide
  std::string source;
};

struct PublishedQuality {
  PrecisionLaw law;
  std::vector<PublishedGap> gaps;  // in the file's order
};

[[nodiscard]] PublishedQuality load_published_quality(const config::ConfigPaths& paths);
[[nodiscard]] PublishedQuality read_published_quality(const config::Node& document);

}  // namespace headroom::quality
