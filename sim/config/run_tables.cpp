#include "sim/config/run_tables.h"

#include <algorithm>

#include "sim/config/record.h"

namespace headroom {

Pattern::Pattern(const std::string& text)
    : text_(text),
      regex_(text.empty() ? nullptr
                          : std::make_shared<const std::regex>(
                                text, std::regex::ECMAScript | std::regex::icase)) {}

bool Pattern::matches(const std::string& cell) const {
  return regex_ == nullptr || std::regex_search(cell, *regex_);
}

namespace config {
namespace {

constexpr std::int64_t most = std::int64_t{1} << 28;

Kind<Pattern> pattern() {
  const std::string expected = "a regular expression";
  const auto read = [expected](const Node& node) {
    try {
      return Pattern(node.text());
    } catch (const std::regex_error&) {
      node.expected(expected);
    }
  };
  return {read, expected, Json{{"type", "string"}},
          [](const Pattern& value) { return Json(value.text()); }};
}

Kind<std::string> one_word(const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const std::string& word : words) values.emplace_back(word, word);
  return word<std::string>(std::move(values));
}

const Record<ChipName>& chip_name_record() {
  using T = ChipName;
  static const auto record =
      Record<T>("a chip as published runs write it")
          .required("match", &T::match, pattern(), "of the cell chip")
          .optional("source_match", &T::source_match, pattern(), "\"\"", "of the cell source")
          .required("chip", &T::chip, text(), "a file of configs/chips")
          .optional("changes", &T::changes, list_of(text()), "[]", "assignments to the chip")
          .required("cluster", &T::cluster, text(), "where no other table names the network")
          .optional("slice", &T::slice, integer(0, most), "0",
                    "most chips in one network; runs on more are predicted on one slice")
          .optional("assumption", &T::assumption, text(), "\"\"", "what is not known about it")
          .required("source", &T::source, text(), "where that is published");
  return record;
}

const Record<ClusterOf>& cluster_record() {
  using T = ClusterOf;
  static const auto
      record = Record<T>("the network of a source")
                   .required("source_match", &T::source_match, pattern(), "of the cell source")
                   .optional("chip_match", &T::chip_match, pattern(), "\"\"", "of the cell chip")
                   .required("cluster", &T::cluster, text(), "a file of configs/clusters")
                   .required("source", &T::source, text(), "where that is published");
  return record;
}

const Record<FrameworkOf>& framework_record() {
  using T = FrameworkOf;
  static const auto record =
      Record<T>("the software of a source")
          .required("source_match", &T::source_match, pattern(), "of the cell source")
          .optional("model_match", &T::model_match, pattern(), "\"\"", "of the cell model")
          .optional("chip_match", &T::chip_match, pattern(), "\"\"", "of the cell chip")
          .optional("sharding_match", &T::sharding_match, pattern(), "\"\"", "of the cell sharding")
          .optional("notes_match", &T::notes_match, pattern(), "\"\"", "of the cell notes")
          .optional("from_year", &T::from_year, integer(0, 9999), "0", "of the cell year")
          .optional("to_year", &T::to_year, integer(0, 9999), "9999", "of the cell year")
          .required("framework", &T::framework, text(), "its name")
          .optional("dropout", &T::dropout, boolean(), "false",
                    "what it does to models that are known by their sizes alone")
          .optional("stack", &T::stack, text(), "\"\"", "a file of configs/stacks")
          .optional("sharding", &T::sharding, one_word({"none", "zero1", "zero2", "zero3", ""}),
                    "\"\"", "that a blank cell stands for")
          .required("source", &T::source, text(), "where that is published");
  return record;
}

const Record<ModelName>& model_record() {
  using T = ModelName;
  const auto dimension = integer(0, most);
  static const auto record =
      Record<T>("a model as published runs write it")
          .required("match", &T::match, pattern(), "of the cell model")
          .optional("config", &T::config, text(), "\"\"", "a folder of configs/models")
          .optional("style", &T::style, one_word({"gpt", "llama"}), "llama",
                    "gpt: layer norm, learned positions, no gate; llama: RMS norm, rotary, gated")
          .optional("missing", &T::missing, text(), "\"\"", "why it cannot be predicted yet")
          .optional("tied_embedding", &T::tied_embedding, boolean(), "false", "head and embedding")
          .optional("bias", &T::bias, boolean(), "false", "of the linear layers")
          .optional("layers", &T::layers, dimension, "0", "0: the row's")
          .optional("hidden", &T::hidden, dimension, "0", "0: the row's")
          .optional("heads", &T::heads, dimension, "0", "0: the row's")
          .optional("kv_heads", &T::kv_heads, dimension, "0", "0: as many as heads")
          .optional("head_dim", &T::head_dim, dimension, "0", "0: hidden / heads")
          .optional("ffn", &T::ffn, dimension, "0", "0: the row's")
          .optional("vocab", &T::vocab, dimension, "0", "0: the row's")
          .required("source", &T::source, text(), "where that is published");
  return record;
}

const Record<Recipe>& recipe_record() {
  using T = Recipe;
  static const auto record =
      Record<T>("settings out of a public recipe")
          .required("source_match", &T::source_match, pattern(), "of the cell source")
          .required("model_match", &T::model_match, pattern(), "of the cell model")
          .required("chip_match", &T::chip_match, pattern(), "of the cell chip")
          .optional("format_match", &T::format_match, pattern(), "\"\"", "of the cell precision")
          .optional("sequence", &T::sequence, integer(0, most), "0", "tokens")
          .optional("sequences_per_chip", &T::sequences_per_chip, integer(0, most), "0",
                    "of a step; the global batch is that times the chips")
          .optional("tensor", &T::tensor, integer(0, most), "0", "tensor-parallel chips")
          .optional("recompute", &T::recompute, one_word({"none", "selective", "full", ""}), "\"\"",
                    "as plan.recompute")
          .optional("recompute_parts", &T::recompute_parts,
                    list_of(word_of<LayerPart>(layer_part_names)), "[]", "as plan.recompute_parts")
          .optional("sharding", &T::sharding, one_word({"none", "zero1", "zero2", "zero3", ""}),
                    "\"\"", "as plan.sharding")
          .required("source", &T::source, text(), "the recipe");
  return record;
}

const Record<FlopConvention>& convention_record() {
  using T = FlopConvention;
  static const auto record =
      Record<T>("how a source counts FLOPs")
          .optional("source_match", &T::source_match, pattern(), "\"\"", "of the cell source")
          .required("text_match", &T::text_match, pattern(),
                    "of the cells flops_convention, derived_fields and notes, in that order")
          .required("name", &T::name, text(), "as reports show it")
          .required("parameters", &T::parameters, one_word({"total", "matmul"}),
                    "total: N of 6N; matmul: those multiplied by tokens, with the output head")
          .required("attention", &T::attention, one_word({"full", "causal", "none"}),
                    "keys per query: s, s / 2, not counted")
          .optional("recomputation", &T::recomputation, boolean(), "false", "counted")
          .required("source", &T::source, text(), "where that is published");
  return record;
}

const Record<ConstantKey>& constant_record() {
  using T = ConstantKey;
  static const auto
      record = Record<T>("a number that is not architecture")
                   .required("folder", &T::folder, text(), "of configs/")
                   .required("key", &T::key, text(), "its path in a file of that folder")
                   .required("meaning", &T::meaning, text(), "in words");
  return record;
}

template <class T>
void append(const Node& list, const Record<T>& record, std::vector<T>& rows) {
  if (!list.exists()) return;
  for (const Node& row : list.elements()) rows.push_back(record.read(row));
}

// Every file that a row names is there.
void check_names(const Node& document, const ConfigPaths& paths) {
  const auto check = [&](const Node& list, const char* key, const char* folder, const char* what) {
    if (!list.exists()) return;
    for (const Node& row : list.elements())
      if (const Node name = bare(row[key]); name.exists() && !name.text().empty())
        static_cast<void>(paths.resolve(name, folder, what));
  };
  check(document["chip_names"], "chip", "chips", "chip");
  check(document["chip_names"], "cluster", "clusters", "cluster");
  check(document["cluster_of"], "cluster", "clusters", "cluster");
  check(document["framework_of"], "stack", "stacks", "stack");
  check(document["model_names"], "config", "models", "model");
}

}  // namespace

const std::vector<std::string>& run_table_keys() {
  static const std::vector<std::string> keys{
      "chip_names", "cluster_of",       "framework_of", "model_names",
      "recipes",    "flop_conventions", "constants"};
  return keys;
}

void read_run_table(const Node& document, const ConfigPaths& paths, RunTables& tables) {
  document.refuse_unknown_keys(run_table_keys(), provenance_keys());
  append(document["chip_names"], chip_name_record(), tables.chips);
  append(document["cluster_of"], cluster_record(), tables.clusters);
  append(document["framework_of"], framework_record(), tables.frameworks);
  append(document["model_names"], model_record(), tables.models);
  append(document["recipes"], recipe_record(), tables.recipes);
  append(document["flop_conventions"], convention_record(), tables.conventions);
  append(document["constants"], constant_record(), tables.constants);
  check_names(document, paths);
}

RunTables read_run_tables(const ConfigPaths& paths) {
  RunTables tables;
  for (const std::string& name : paths.names("validation"))
    read_run_table(Node::load(*paths.find("validation", name)), paths, tables);
  return tables;
}

}  // namespace config
}  // namespace headroom
