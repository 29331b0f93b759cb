// A fidelity, or an RTL variant of one, that a block does not have. The text lists those that
// exist.
#pragma once

#include <stdexcept>
#include <string>

namespace headroom {

class UnavailableFidelity : public std::runtime_error {
 public:
  // "matrix_engine rtl is built for" `available`; found `found`.
  UnavailableFidelity(const std::string& what_has_it, std::string available, std::string found)
      : std::runtime_error(what_has_it + " " + available + "; found " + found),
        available_(std::move(available)),
        found_(std::move(found)) {}

  [[nodiscard]] const std::string& available() const { return available_; }
  [[nodiscard]] const std::string& found() const { return found_; }

 private:
  std::string available_, found_;
};

}  // namespace headroom
