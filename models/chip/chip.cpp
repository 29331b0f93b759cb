#include "models/chip/chip.h"

#include <cassert>

#include "models/network/topology.h"

namespace headroom {

namespace {

// Links of each class of the cluster's network; none where there is no cluster.
std::vector<BytesPerSecond> link_rates(
    const ChipDescription& chip, const ClusterDescription& cluster) {
  std::vector<BytesPerSecond> rates;
  if (cluster.chips < 1) return rates;
  const auto topology = network::make_topology(chip, cluster);
  for (const network::LinkClass& links : topology->classes()) rates.push_back(links.bandwidth);
  return rates;
}

}  // namespace

Chip::Chip(const sc_core::sc_module_name& name, const ChipDescription& chip,
           const ClusterDescription& cluster, const ChipFidelity& fidelity,
           const std::vector<std::string>& collective_streams, Memory memory)
    : sc_module(name),
      hbm_(memory == Memory::built_in ? std::make_unique<Hbm>("hbm", chip.hbm, fidelity.hbm)
                                      : nullptr),
      memory_port_("memory_port"),
      network_("network", link_rates(chip, cluster), fidelity.link),
      load_dma_("load_dma", commands_, loaded_, operand_buffers_),
      matrix_engines_("matrix_engines", chip.clock.sustained_matmul, loaded_, multiplied_,
                      operand_buffers_, activity_),
      vector_units_("vector_units", chip.clock.sustained_matmul, multiplied_, finished_, activity_),
      store_dma_("store_dma", finished_) {
  if (hbm_) memory_port_.memory.bind(hbm_->target);
  load_dma_.memory.socket.bind(memory_port_.target);
  store_dma_.memory.socket.bind(memory_port_.target);
  for (const std::string& stream : collective_streams) {
    collectives_.push_back(std::make_unique<CollectiveEngine>(stream.c_str()));
    collectives_.back()->bind(network_, memory_port_);
    collectives_.back()->on_running([this, share = chip.lost_to_collectives()](bool starts) {
      collectives_running_ += starts ? 1 : -1;
      activity_.hold(collectives_running_ > 0 ? share : 0);
    });
  }
}

KernelTime Chip::run(const Kernel& kernel) {
  activity_.begin_kernel();
  std::int64_t left = 0;
  for (const TileRun& run : kernel.tiles) left += run.count;
  const bool any = left > 0;
  // All buffers are free between kernels.
  assert(kernel.operand_buffers >= default_operand_buffers &&
         kernel.operand_buffers <= most_operand_buffers);
  for (int i = default_operand_buffers; i < kernel.operand_buffers; ++i) operand_buffers_.post();
  for (const TileRun& run : kernel.tiles)
    for (int i = 0; i < run.count; ++i)
      commands_.push({run.tile, kernel.vector_holds_matrix, --left == 0, {}});
  if (any) sc_core::wait(store_dma_.done());
  for (int i = default_operand_buffers; i < kernel.operand_buffers; ++i) operand_buffers_.wait();
  return activity_.end_kernel();
}

std::uint64_t Chip::events() const {
  std::uint64_t events = matrix_engines_.events() + vector_units_.events() + store_dma_.events() +
                         network_.events();
  if (hbm_) events += hbm_->events();
  for (const auto& engine : collectives_) events += engine->events();
  return events;
}

}  // namespace headroom
