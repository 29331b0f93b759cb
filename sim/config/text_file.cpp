#include "sim/config/text_file.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <system_error>

#include "sim/config/error.h"

namespace headroom::config {

std::string read_text_file(
    const std::filesystem::path& file, std::size_t most, const std::string& kind) {
  const Position top{file.string(), 1, 1};
  std::error_code status;
  if (!std::filesystem::exists(file, status)) throw InputError(top, "", "no file", kind);
  if (std::filesystem::is_directory(file, status)) throw InputError(top, "", "a directory", kind);
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    throw InputError(top, "", "a file that cannot be opened", kind + " that you may read");
  std::string text;
  for (std::array<char, 65536> block{}; stream && text.size() <= most;) {
    stream.read(block.data(), block.size());
    text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad())
    throw InputError(top, "", "a file that cannot be read", kind + " that you may read");
  if (text.size() > most)
    throw InputError(top, "", fmt::format("more than {} MiB", most >> 20U), "a smaller file");
  return text;
}

}  // namespace headroom::config
