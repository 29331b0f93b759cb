// Reads an experiment with everything that it names: model, chip, cluster, memories, links.
#pragma once

#include <filesystem>
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

}  // namespace headroom
