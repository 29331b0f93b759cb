// Reads a model from the config.json that Hugging Face publishes with it, or from the terse form
// (terse.h).
//
// A family of models is a file of families/, found by its `model_type`. Sizes must be in the file,
// also where the Hugging Face classes would fall back on those of one small model; what else may be
// left out takes the default of those classes (docs/models.md). null counts as left out. Keys that
// say nothing about sizes are passed over.
#pragma once

#include <filesystem>
#include <string>

#include "sim/config/node.h"
#include "sim/workload/model.h"

namespace headroom {

// Throws InputError, with the place in the file, on a file that does not describe a model we know.
// The id is the name of the folder that a config.json lies in, or else the path.
[[nodiscard]] ModelDescription load_model(const std::filesystem::path& file);

// The same from a document that is read already.
[[nodiscard]] ModelDescription import_model(const config::Node& document, const std::string& id);

}  // namespace headroom
