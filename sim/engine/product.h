// Matrix products on one whole chip, nothing else running: what `headroom gemm --chip` reports.
#pragma once

#include <cstdint>
#include <string>

#include "models/base/fidelity.h"
#include "models/chip/chip.h"
#include "sim/mapping/product_kernel.h"

namespace headroom {

// What was computed how, and how long the chip was at it.
struct ProductRun {
  ProductWork work;
  Tiling tiling;             // costed with arrays at the fidelity asked for
  Seconds product;           // from the first load to the last store
  Seconds reduction;         // of the kernel that sums the parts of k; 0 without a split
  std::uint64_t events = 0;  // of the simulated chip; 0 at analytic fidelity

  // Kernels, one without and two with a split; each waits kernel_gap for what came before it.
  [[nodiscard]] int kernels() const { return tiling.split_k > 1 ? 2 : 1; }
};

// The mapping is searched with the closed form of the arrays, then costed with theirs at
// `fidelity`. Throws UnavailableFidelity; InputError where nothing of the request fits.
[[nodiscard]] ProductRun map_product(
    const ChipDescription& chip, Format format, const ProductWork& work,
    const MappingRequest& request, Fidelity fidelity);

// Fills in the times: by the closed form, or on `model` of the same chip, from an SC_THREAD.
void time_analytically(const ChipDescription& chip, ProductRun& run);
void time_on(Chip& model, const ChipDescription& chip, ProductRun& run);

// map_product and times; `cycle` elaborates a chip and simulates it: once a process. Other
// fidelities are UnavailableFidelity.
[[nodiscard]] ProductRun run_product(
    const ChipDescription& chip, Format format, const ProductWork& work,
    const MappingRequest& request, Fidelity fidelity);

// The figures that follow from a run.
struct ProductFigures {
  Seconds time;       // with the gaps in front of its kernels, as one of many dependent products
  double cycles = 0;  // of the chip's clock in products, without the gaps
  double flops = 0;   // per second of `time`
  double utilization = 0;  // of the peak at the nameplate clock
  Bytes hbm, sram;         // moved; sram: through the ports of the scratchpads
  // Seconds for which each resource alone would be busy: matrix engines (with their measured
  // operand supply), ports of the scratchpads, chip-wide memory, HBM; launch: gaps and the first
  // access. The longest one is what the product is bound by.
  Seconds matrix, scratchpad, shared_memory, hbm_busy, launch;
  std::string bound_by;
};

[[nodiscard]] ProductFigures figures(
    const ChipDescription& chip, Format format, const ProductRun& run);

}  // namespace headroom
