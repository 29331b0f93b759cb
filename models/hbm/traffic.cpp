#include "models/hbm/traffic.h"

#include <cmath>
#include <stdexcept>
#include <string>

namespace headroom::hbm {

Traffic::Traffic(const TrafficSpec& spec, std::uint64_t capacity)
    : capacity_(capacity),
      units_(capacity / 64),
      step_(spec.pattern == Pattern::strided ? spec.stride : 64),
      state_(mix(spec.seed)),
      contenders_(static_cast<std::size_t>(spec.contenders)),
      random_(spec.pattern == Pattern::random || spec.pattern == Pattern::mixed),
      mixed_(spec.pattern == Pattern::mixed) {
  if (!(spec.read_share >= 0 && spec.read_share <= 1))
    throw std::invalid_argument(
        "read share: found " + std::to_string(spec.read_share) + "; expected 0 to 1");
  if (spec.contenders < 1)
    throw std::invalid_argument(
        "contenders: found " + std::to_string(spec.contenders) + "; expected at least 1");
  if (step_ == 0 || step_ >= capacity)
    throw std::invalid_argument(
        "stride: found " + std::to_string(spec.stride) +
        " B; expected from 1 B to less than the device's " + std::to_string(capacity) + " B");
  loads_ = static_cast<std::uint64_t>(std::llround(spec.read_share * static_cast<double>(one)));
  for (std::uint64_t i = 0; i < contenders_; ++i) phases_.push_back(one / contenders_ * i);
  // Evenly spread, each at some place: real arrays do not start at one bank.
  const std::uint64_t count = 2 * contenders_;
  for (std::uint64_t i = 0; i < count; ++i)
    cursors_.push_back((units_ / count * i + mix(spec.seed + i) % (units_ / count)) * 64);
}

}  // namespace headroom::hbm
