// Reads an experiment with everything that it names: model, chip, cluster, memories, links.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sim/config/experiment.h"
#include "sim/config/paths.h"
#include "sim/config/record.h"

namespace headroom {

// Reads and checks an experiment file; `assignments` are those of --set ("plan.tensor=8"), laid
// over it in order. Every mistake of an input is an InputError at its place.
[[nodiscard]] Experiment load_experiment(
    const std::filesystem::path& file, const config::ConfigPaths& paths,
    const std::vector<std::string>& assignments = {});

// Reads one experiment file again and again, each time with other assignments, as a sweep does:
// files are read once, and what no assignment touches since an earlier reading is not worked out
// again. What it returns is what load_experiment() would.
class ExperimentReader {
 public:
  ExperimentReader(const std::filesystem::path& file, config::ConfigPaths paths);
  ExperimentReader(const ExperimentReader&) = delete;
  ExperimentReader& operator=(const ExperimentReader&) = delete;
  ~ExperimentReader();

  [[nodiscard]] Experiment read(const std::vector<config::Assignment>& assignments);

  // Throws the InputError of a value that is wrong by itself: of another kind, out of its range, a
  // name of nothing. Whether values go together is not looked at, but for those of one chip or
  // cluster.
  void check_values(const std::vector<config::Assignment>& assignments) const;

  // The file as written, and with assignments.
  [[nodiscard]] const config::Node& document() const { return document_; }
  [[nodiscard]] config::Node document(const std::vector<config::Assignment>& assignments) const;
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const config::ConfigPaths& paths() const { return paths_; }

 private:
  struct Parts;

  config::ConfigPaths paths_;
  config::Node document_;
  std::string name_;
  std::unique_ptr<Parts> parts_;
};

// Reads and checks any one file of configs/ (an experiment with all that it names) and returns what
// it is: "experiment", "chip", "cluster", "link", "library", "memory", "model", "node", "table of
// published runs" or "table of streams".
std::string check_file(const std::filesystem::path& file, const config::ConfigPaths& paths);

// JSON Schema (draft 2020-12) of an experiment file.
[[nodiscard]] nlohmann::ordered_json experiment_schema();
// Every key of an experiment file with unit, default and meaning, in the order of the declaration.
[[nodiscard]] std::vector<config::Parameter> experiment_parameters();
// All that the outcome depends on, defaults filled in, quantities in SI; the digest is taken of
// this.
[[nodiscard]] nlohmann::ordered_json resolved(const Experiment& experiment);
// Its parts of the same name.
[[nodiscard]] nlohmann::ordered_json resolved_model(const ModelDescription& model);
[[nodiscard]] nlohmann::ordered_json resolved_chip(const ChipDescription& chip);

}  // namespace headroom
