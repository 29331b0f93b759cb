// What the tests of workloads share.
#pragma once

#include <filesystem>
#include <string>

#include "sim/workload/import.h"
#include "sim/workload/terse.h"

namespace headroom {

[[nodiscard]] inline ModelDescription shipped_model(const std::string& name) {
  return load_model(
      std::filesystem::path(HEADROOM_SOURCE_DIR) / "configs/models" / name / "config.json");
}

[[nodiscard]] inline std::vector<std::string> shipped_model_names() {
  std::vector<std::string> names;
  const auto models = std::filesystem::path(HEADROOM_SOURCE_DIR) / "configs/models";
  for (const auto& folder : std::filesystem::directory_iterator(models))
    names.push_back(folder.path().filename().string());
  return names;
}

// The message of the InputError that `action` throws.
template <class Action>
std::string complaint_of(Action action) {
  try {
    static_cast<void>(action());
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}

}  // namespace headroom
