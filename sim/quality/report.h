// Losses by format as a table, as CSV and as JSON, beside what is published.
#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/quality/published.h"
#include "sim/quality/training.h"

namespace headroom::quality {

struct QualityReport {
  PublishedQuality published;
  std::vector<Format> formats;
  // What was trained; empty: nothing was.
  std::vector<LossCurve> curves;  // one a format, in their order; the first is the reference
  Recipe recipe;
  std::int64_t parameters = 0, steps = 0;
  std::uint64_t seed = 0;
  std::string corpus;
  std::size_t corpus_bytes = 0;
};

// format,seed,step,training_loss,validation_loss: nats a token, the last empty at most steps.
void write_csv(const QualityReport& report, std::ostream& out);

[[nodiscard]] nlohmann::ordered_json to_json(const QualityReport& report);

[[nodiscard]] std::string table(const QualityReport& report);

}  // namespace headroom::quality
