#include "sim/engine/product.h"

#include <algorithm>
#include <utility>

#include "models/base/kernel_time.h"
#include "models/hbm/bandwidth.h"
#include "models/matrix_engine/analytic.h"
#include "sim/config/error.h"
#include "sim/mapping/array.h"
#include "sim/mapping/counting.h"

namespace headroom {

namespace {

Seconds cycle_of(const ChipDescription& chip) {
  return Seconds(1 / chip.clock.sustained_matmul.si());
}

// Runs one product inside a simulation of a chip alone.
class Bench : public sc_core::sc_module {
 public:
  // One stream of collectives, unused: the ports to the links must be bound.
  Bench(const sc_core::sc_module_name& name, const ChipDescription& chip, ProductRun& run)
      : sc_module(name), description_(chip), run_(run), chip_("chip", chip, {}, {}, {"idle"}) {
    SC_HAS_PROCESS(Bench);
    SC_THREAD(work);
  }

 private:
  void work() { time_on(chip_, description_, run_); }

  const ChipDescription& description_;
  ProductRun& run_;
  Chip chip_;
};

}  // namespace

ProductRun map_product(const ChipDescription& chip, Format format, const ProductWork& work,
                       const MappingRequest& request, Fidelity fidelity) {
  if (fidelity != Fidelity::analytic && fidelity != Fidelity::cycle)
    throw UnavailableFidelity(
        "products on a whole chip have", "analytic, cycle", std::string(to_string(fidelity)));
  const matrix_engine::ArrayParameters parameters = array_of(chip, format);
  const ArrayCycles search = cost_of(std::make_shared<matrix_engine::AnalyticEngine>(parameters));
  const auto chosen = choose_mapping(chip, work, search, request);
  if (!chosen)
    throw InputError({chip.name}, "scratchpad", "no room for any tile of the product",
                     "room for the results of a tile and two buffers of its operands");
  const ArrayCycles array = fidelity == Fidelity::analytic
                                ? search
                                : cost_of(matrix_engine::make_matrix_engine(fidelity, parameters));
  ProductRun run;
  run.work = work;
  run.tiling = cost_mapping(
      chip, work, array, {chosen->tile_m, chosen->tile_n, chosen->slice_k}, chosen->order,
      chosen->part_k);
  return run;
}

void time_analytically(const ChipDescription& chip, ProductRun& run) {
  run.product = run.tiling.cycles * cycle_of(chip);
  if (run.kernels() > 1) run.reduction = run.tiling.reduction * cycle_of(chip) - chip.kernel_gap;
}

void time_on(Chip& model, const ChipDescription& chip, ProductRun& run) {
  const ProductKernels kernels = product_kernels("product", chip, run.work, run.tiling);
  const std::uint64_t before = model.events();
  run.product = model.run(kernels.product).duration;
  if (kernels.reduction) run.reduction = model.run(*kernels.reduction).duration;
  run.events = model.events() - before;
}

ProductRun run_product(const ChipDescription& chip, Format format, const ProductWork& work,
                       const MappingRequest& request, Fidelity fidelity) {
  ProductRun run = map_product(chip, format, work, request, fidelity);
  if (fidelity == Fidelity::analytic) {
    time_analytically(chip, run);
    return run;
  }
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  const Bench bench("product", chip, run);
  sc_core::sc_start();
  return run;
}

ProductFigures figures(const ChipDescription& chip, Format format, const ProductRun& run) {
  const Tiling& t = run.tiling;
  const Seconds cycle = cycle_of(chip);
  const double waves = as_double(t.waves);
  ProductFigures f;
  f.time = run.product + run.reduction + chip.kernel_gap * run.kernels();
  f.cycles = (run.product + run.reduction) / cycle;
  f.flops = run.work.flops() / f.time.si();
  f.utilization = f.flops / chip.peak(format);
  Bytes loads = t.load, stores = t.store;
  if (t.split_k > 1) {
    stores += Bytes(run.work.all_rows() * as_double(run.work.n) * run.work.result_bytes);
    if (!t.partials_stay) loads += t.partials;
  }
  f.hbm = loads + stores;
  f.sram = Bytes(as_double(t.tiles) * t.tile.bytes);

  f.matrix = waves * t.tile.compute / chip.matrix.operand_supply * cycle;
  f.scratchpad = (waves * t.tile.port + (waves - 1) * t.tile.between + t.tile.drain) * cycle;
  const double shared = chip.scratchpad.shared_bytes_per_cycle;
  if (shared > 0) f.shared_memory = t.shared_bytes / shared * cycle;
  f.hbm_busy = least_time(chip.hbm, loads, stores);
  f.launch = (chip.kernel_gap + chip.hbm.latency) * run.kernels();
  const std::pair<Seconds, const char*> resources[] = {
      {f.matrix, "matrix"},
      {f.scratchpad, "scratchpad"},
      {f.shared_memory, "shared_memory"},
      {f.hbm_busy, "hbm"},
      {f.launch, "launch"}};
  f.bound_by = std::max_element(std::begin(resources), std::end(resources),
                                [](const auto& a, const auto& b) { return a.first < b.first; })
                   ->second;
  return f;
}

}  // namespace headroom
