// The tables of configs/validation: what the words of published training runs mean here. Each row
// of a table has patterns for cells of a run; the first row whose patterns all match counts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include "sim/config/paths.h"
#include "sim/workload/graph.h"

namespace headroom {

// A regular expression (ECMAScript) that is searched for anywhere in a cell; case does not count,
// and an empty one matches every cell.
class Pattern {
 public:
  Pattern() = default;
  // Throws std::regex_error.
  explicit Pattern(const std::string& text);
  [[nodiscard]] bool matches(const std::string& cell) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::shared_ptr<const std::regex> regex_;
};

// The name of a chip as runs write it: a file of configs/chips and what is different about it.
struct ChipName {
  Pattern match, source_match;
  std::string chip;
  std::vector<std::string> changes;  // assignments, "hbm.bandwidth=2.4 TB/s"
  std::string cluster;               // a file of configs/clusters, where no table names the network
  std::int64_t slice = 0;            // most chips in one network; 0: all (resolve.h)
  std::string assumption;            // what is not known about it, in words; may be empty
  std::string source;
};

// The network that a source describes.
struct ClusterOf {
  Pattern source_match, chip_match;
  std::string cluster;  // a file of configs/clusters
  std::string source;
};

// The software that a source ran, and what it does where a cell is blank.
struct FrameworkOf {
  Pattern source_match, model_match, chip_match, sharding_match, notes_match;
  std::int64_t from_year = 0, to_year = 9999;
  std::string framework;
  bool dropout = false;  // what it does to models that are known by their sizes alone
  std::string stack;     // a file of configs/stacks; "" where none describes it
  std::string sharding;  // "" where the least that fits is taken
  std::string source;
};

// What a name says about a model beside the dimensions of the row.
struct ModelName {
  Pattern match;
  std::string config;   // a folder of configs/models; "" where the fields below say it
  std::string style;    // gpt or llama
  std::string missing;  // why this model cannot be predicted yet; "" where it can
  bool tied_embedding = false, bias = false;
  // 0: from the row.
  std::int64_t layers = 0, hidden = 0, heads = 0, kv_heads = 0, head_dim = 0, ffn = 0, vocab = 0;
  std::string source;
};

// The public recipe of a run: settings that its source does not repeat.
struct Recipe {
  Pattern source_match, model_match, chip_match, format_match;  // the last: of the cell precision
  // 0 or "": the recipe does not say.
  std::int64_t sequence = 0, sequences_per_chip = 0, tensor = 0;
  std::string recompute, sharding;
  std::vector<LayerPart> recompute_parts;
  std::string source;
};

// How a source counts FLOPs (docs/accuracy.md, section conventions).
struct FlopConvention {
  Pattern source_match, text_match;  // of the cells source, and flops_convention or derived_fields
  std::string name;
  std::string parameters;  // total (N of 6N) or matmul (those that are multiplied, with the head)
  std::string attention;   // full, causal or none
  bool recomputation = false;  // counted where layers are recomputed as a whole
  std::string source;
};

// A number that is not architecture and that a fit could turn.
struct ConstantKey {
  std::string folder;  // of configs/
  std::string key;     // "clock.sustained_matmul"
  std::string meaning;
};

struct RunTables {
  std::vector<ChipName> chips;
  std::vector<ClusterOf> clusters;
  std::vector<FrameworkOf> frameworks;
  std::vector<ModelName> models;
  std::vector<Recipe> recipes;
  std::vector<FlopConvention> conventions;
  std::vector<ConstantKey> constants;
};

namespace config {

// The keys of which a table file has at least one.
[[nodiscard]] const std::vector<std::string>& run_table_keys();

// Adds the rows of one file; what its entries name must exist.
void read_run_table(const Node& document, const ConfigPaths& paths, RunTables& tables);

// All files of configs/validation.
[[nodiscard]] RunTables read_run_tables(const ConfigPaths& paths);

}  // namespace config
}  // namespace headroom
