// The three reports of SCALE-Sim v3, with its column names and its way of writing rows: fields
// behind ", ", a comma at the end. Cycles of the detailed report are written as floating-point
// numbers, as SCALE-Sim writes them.
#pragma once

#include <string>
#include <vector>

#include "sim/scalesim/evaluate.h"

namespace headroom::scalesim {

[[nodiscard]] std::string compute_report(const std::vector<LayerResult>& layers);
[[nodiscard]] std::string bandwidth_report(const std::vector<LayerResult>& layers);
[[nodiscard]] std::string detailed_access_report(const std::vector<LayerResult>& layers);

// Writes COMPUTE_REPORT.csv, BANDWIDTH_REPORT.csv and DETAILED_ACCESS_REPORT.csv into `folder`,
// which is made with its parents where it is missing; reports that stand there are replaced, each
// as a whole. Throws std::runtime_error with the path and the reason.
void write_reports(const std::string& folder, const std::vector<LayerResult>& layers);

}  // namespace headroom::scalesim
