// A user's file as one string.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace headroom::config {

// All that the file holds, a pipe too. `kind` says what the file should have been, as in "a YAML or
// JSON file". InputError, at the file's first character: no file, a directory, unreadable, or more
// than `most` bytes.
[[nodiscard]] std::string read_text_file(
    const std::filesystem::path& file, std::size_t most, const std::string& kind);

}  // namespace headroom::config
