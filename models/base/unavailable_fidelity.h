// A fidelity, or an RTL variant of one, that a block does not have. The text lists those that
// exist.
#pragma once

#include <stdexcept>

namespace headroom {

class UnavailableFidelity : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace headroom
