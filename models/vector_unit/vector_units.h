// All vector units of a chip as one block of its tile stream.
#pragma once

#include "models/base/activity.h"
#include "models/base/tile_stream.h"

namespace headroom {

class VectorUnits : public sc_core::sc_module {
 public:
  // The streams and the activity outlive the module.
  VectorUnits(const sc_core::sc_module_name& name, Hertz clock, TileStream& multiplied,
              TileStream& finished, Activity& activity);

  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  void run();

  Hertz clock_;
  TileStream &multiplied_, &finished_;
  Activity& activity_;
  std::uint64_t events_ = 0;
};

}  // namespace headroom
