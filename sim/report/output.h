// Where documents go: a file that appears whole or not at all, or standard output.
#pragma once

#include <fstream>
#include <ostream>
#include <string>

namespace headroom {

// Whether a document must survive a power cut right after commit(). What a second makes again need
// not: waiting for the disk takes longer.
enum class Durability { synced, cached };

// One document on its way to `target`; "-" is standard output. The constructor already opens what
// is written to, so a wrong path is found before the long work. A file is written under a temporary
// name beside the target and takes its place in commit(); an output that is destroyed before that
// leaves the target as it was. Every failure throws std::runtime_error with the path and the
// reason.
class Output {
 public:
  explicit Output(std::string target, Durability durability = Durability::synced);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  [[nodiscard]] std::ostream& stream();
  void commit();

 private:
  [[nodiscard]] bool is_stdout() const { return target_ == "-"; }
  [[noreturn]] void fail(int error) const;

  std::string target_;  // as the user wrote it
  Durability durability_;
  std::string final_;      // symbolic links resolved
  std::string temporary_;  // "" when the target is written in place (standard output, a device, a
                           // pipe)
  std::ofstream file_;
};

}  // namespace headroom
