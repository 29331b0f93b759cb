// What a kernel takes on a chip beside constant surroundings: its tiles through the same four
// stages as in chip.h (load DMA, matrix engines, vector units, store DMA), each tile's times worked
// out one after another. No SystemC. Loads and stores that are under way at the same time share HBM
// as in SharedServer, at the rate of their mix.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "models/base/kernel_causes.h"
#include "models/chip/description.h"
#include "models/chip/kernel.h"

namespace headroom {

// What runs beside a kernel from its start to its end.
struct Surroundings {
  double hbm_reads = 0, hbm_writes = 0;  // bytes per second that collectives take of HBM
  double held = 0;                       // share of the cores that they keep, [0, 1)

  [[nodiscard]] bool operator==(const Surroundings& other) const {
    return hbm_reads == other.hbm_reads && hbm_writes == other.hbm_writes && held == other.held;
  }
};

class KernelCosts {
 public:
  explicit KernelCosts(const ChipDescription& chip) : chip_(chip) {}

  // Kernels that are alike in what takes time are worked out once in each surroundings. `start` of
  // the result is 0.
  [[nodiscard]] KernelTime time(const Kernel& kernel, const Surroundings& beside);

 private:
  // Bytes per second of a load without a store beside it, of a store without a load, and of each of
  // the two at once.
  struct Rates {
    double load = 0, store = 0, each = 0;
  };
  struct Known {
    Kernel kernel;
    Surroundings beside;
    KernelTime time;
  };

  [[nodiscard]] const Rates& rates(const Surroundings& beside);
  [[nodiscard]] KernelTime work_out(const Kernel& kernel, const Surroundings& beside);

  ChipDescription chip_;
  std::vector<std::pair<Surroundings, Rates>> rates_;
  std::unordered_map<std::uint64_t, std::vector<Known>> known_;
};

}  // namespace headroom
