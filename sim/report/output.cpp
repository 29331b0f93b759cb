#include "sim/report/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace headroom {
namespace {

namespace fs = std::filesystem;

// Asks the kernel to put a file or a directory entry on the disk; 0 or errno.
int sync_path(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int error = fsync(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  return error;
}

}  // namespace

Output::Output(std::string target, Durability durability)
    : target_(std::move(target)), durability_(durability), final_(target_) {
  if (is_stdout()) return;
  std::error_code ignored;
  const fs::file_status status = fs::status(target_, ignored);
  if (fs::is_directory(status)) fail(EISDIR);
  if (fs::exists(status)) final_ = fs::canonical(target_, ignored).string();
  // A device or a pipe has no content to protect, and renaming over it would replace it.
  if (!fs::exists(status) || fs::is_regular_file(status))
    temporary_ = fmt::format("{}.tmp.{}", final_, getpid());
  file_.open(temporary_.empty() ? final_ : temporary_, std::ios::binary | std::ios::trunc);
  if (!file_) {
    const int error = errno;
    temporary_.clear();
    fail(error);
  }
}

Output::~Output() {
  if (temporary_.empty()) return;
  file_.close();
  std::remove(temporary_.c_str());
}

std::ostream& Output::stream() {
  if (is_stdout()) return std::cout;
  return file_;
}

void Output::commit() {
  errno = 0;
  stream().flush();
  if (!is_stdout()) file_.close();
  if (!stream()) fail(errno);
  if (temporary_.empty()) return;
  // The content before the name: after a power cut the target is the old file or the whole new one.
  const bool synced = durability_ == Durability::synced;
  if (const int error = synced ? sync_path(temporary_) : 0) fail(error);
  if (std::rename(temporary_.c_str(), final_.c_str()) != 0) fail(errno);
  temporary_.clear();
  if (!synced) return;
  const std::string parent = fs::path(final_).parent_path().string();
  sync_path(parent.empty() ? "." : parent);
}

void Output::fail(int error) const {
  const std::string name = is_stdout() ? "standard output" : target_;
  const std::string reason = error == 0 ? "write failed" : std::generic_category().message(error);
  throw std::runtime_error(fmt::format("cannot write {}: {}", name, reason));
}

}  // namespace headroom
