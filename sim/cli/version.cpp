#include "sim/cli/version.h"

#include <fmt/format.h>

#include <filesystem>

#include "sim/cli/git_commit.h"
#include "sim/config/paths.h"

namespace headroom {

std::string version() { return HEADROOM_VERSION "+" HEADROOM_GIT_COMMIT; }

std::string version_text() {
  std::error_code ignored;
  const std::string program = std::filesystem::read_symlink("/proc/self/exe", ignored).string();
  std::string folders;
  const config::ConfigPaths paths;
  for (const auto& folder : paths.folders())
    folders += (folders.empty() ? "" : ", ") + folder.string();
  const auto line = [](const char* name, const std::string& value) {
    return fmt::format("\n{:<10} {}", name, value.empty() ? "unknown" : value);
  };
  return "headroom " HEADROOM_VERSION + line("commit", HEADROOM_GIT_COMMIT) +
         line("binary", program) +
         line("configs",
              folders.empty() ? "none found; name a folder with --config-path" : folders) +
         line("compiler", HEADROOM_COMPILER) + line("SystemC", HEADROOM_SYSTEMC) +
         line("Verilator", HEADROOM_VERILATOR);
}

}  // namespace headroom
