#include "sim/config/paths.h"

#include <fmt/format.h>

#include <set>

namespace headroom::config {
namespace fs = std::filesystem;
namespace {

// The configs/ that belong to the running program: of its checkout, else of its install prefix.
std::optional<fs::path> own_folder() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  for (fs::path folder = program.parent_path(); folder.has_relative_path();
       folder = folder.parent_path())
    if (fs::is_directory(folder / "configs" / "chips", error) &&
        fs::exists(folder / "CMakeLists.txt", error))
      return folder / "configs";
  const fs::path installed = program.parent_path().parent_path() / "share" / "headroom" / "configs";
  return fs::is_directory(installed, error) ? std::optional(installed) : std::nullopt;
}

// The file that stands for a name in one folder, also where `base` is already the path of a model's
// directory.
fs::path file_of(const fs::path& base) {
  std::error_code error;
  return fs::is_directory(base, error) ? base / "config.json" : base;
}

bool is_plain_name(const std::string& name) {
  return !name.empty() && name.find('/') == std::string::npos && name != "." && name != "..";
}

}  // namespace

ConfigPaths::ConfigPaths(std::vector<fs::path> extra) : folders_(std::move(extra)) {
  for (const fs::path& folder : folders_) {
    std::error_code error;
    if (!fs::is_directory(folder, error))
      throw InputError({"--config-path " + folder.string(), 1, 1}, "", "no directory",
                       "a directory with folders such as chips/ and models/");
  }
  if (const auto own = own_folder()) folders_.push_back(*own);
}

ConfigPaths ConfigPaths::only(std::vector<fs::path> folders) {
  ConfigPaths paths;
  paths.folders_ = std::move(folders);
  return paths;
}

std::vector<std::string> ConfigPaths::names(const std::string& folder) const {
  std::set<std::string> names;
  for (const fs::path& root : folders_) {
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(root / folder, error))
      if (entry.path().extension() == ".yaml")
        names.insert(entry.path().stem().string());
      else if (fs::exists(entry.path() / "config.json", error))
        names.insert(entry.path().filename().string());
  }
  return {names.begin(), names.end()};
}

std::optional<fs::path> ConfigPaths::find(
    const std::string& folder, const std::string& name) const {
  if (!is_plain_name(name)) return std::nullopt;
  for (const fs::path& root : folders_)
    for (const fs::path& file :
         {root / folder / (name + ".yaml"), root / folder / name / "config.json"}) {
      std::error_code error;
      if (fs::is_regular_file(file, error)) return file;
    }
  return std::nullopt;
}

fs::path ConfigPaths::resolve(
    const Node& value, const std::string& folder, std::string_view what) const {
  const std::string name = value.text();
  if (const auto file = find(folder, name)) return *file;
  // A bare word is a name and not a path, lest a stray file of the working directory be taken for a
  // chip.
  if (name.find('/') != std::string::npos || fs::path(name).has_extension()) {
    for (const fs::path& base : {fs::path(value.position().file).parent_path(), fs::path()}) {
      std::error_code error;
      fs::path file = file_of(base / name);
      if (fs::is_regular_file(file, error)) return file;
    }
  }
  const std::vector<std::string> known = names(folder);
  value.expected(
      known.empty()
          ? fmt::format("the path of a {}'s file (no folder of {} is known)", what, folder)
          : fmt::format("the path of a file or a {}: {}", what, fmt::join(known, ", ")),
      nearest(name, known));
}

}  // namespace headroom::config
