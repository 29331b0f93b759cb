// How much of a multiply-add toggles by the data it gets, which the netlists of our RTL give:
// configs/technology/activity.csv, and activity_dot4.csv of elements that sum four products.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/numerics/format.h"
#include "sim/config/paths.h"
#include "sim/power/rtl_table.h"

namespace headroom {

// The distributions of operands that `headroom gemm --data` takes.
[[nodiscard]] const std::vector<std::string>& data_names();

class ActivityTable {
 public:
  // Reads configs/technology/activity.csv and activity_dot4.csv, of all formats or of some; an
  // empty table without them. A cell that is no number, and a table without the columns, is an
  // InputError.
  [[nodiscard]] static ActivityTable load(
      const config::ConfigPaths& paths, const std::vector<Format>& formats = {});
  // The same from text; lines that begin with # are left out.
  [[nodiscard]] static ActivityTable parse(const std::string& text, const std::string& origin);

  // Which processing element: rows of its dataflow with the longest dot product of at most
  // `dot_length`.
  struct Element {
    Format format = Format::bf16;
    std::string dataflow;
    int dot_length = 1;
  };

  // What a multiply-add switches on `data` over that on normal data, glitches included, both less
  // the clock of its registers. On normal data 1 by definition; none where the table has no such
  // row.
  [[nodiscard]] std::optional<double> relative(
      const Element& element, const std::string& data) const;
  // The largest of them, at least 1.
  [[nodiscard]] double worst(const Element& element) const;
  // What a multiply-add switches on normal data, less the clock, over that of bf16.
  [[nodiscard]] std::optional<double> over_bf16(const Element& element) const;

 private:
  void take(const rtl::CsvTable& table);

  using ByData = std::map<std::string, double>;  // weighted_with_glitches less the clock
  [[nodiscard]] const ByData* find(const Element& element) const;

  // By format, dataflow, dot length.
  using Rows = std::map<std::string, std::map<std::string, std::map<int, ByData>>>;
  std::shared_ptr<Rows> rows_ = std::make_shared<Rows>();  // copies of a table share them
};

}  // namespace headroom
