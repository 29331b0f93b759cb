#include "models/chip/kernel_costs.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "models/base/clock.h"
#include "models/hbm/bandwidth.h"

namespace headroom {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();
// Of HBM, that a kernel has beside collectives however many there are: flows share it fairly.
constexpr double least_share = 0.25;

bool alike(const Tile& a, const Tile& b) {
  return a.load == b.load && a.store == b.store && a.matrix_cycles == b.matrix_cycles &&
         a.vector_cycles == b.vector_cycles;
}

// In what takes time.
bool alike(const Kernel& a, const Kernel& b) {
  return a.vector_holds_matrix == b.vector_holds_matrix && a.operand_buffers == b.operand_buffers &&
         std::equal(a.tiles.begin(), a.tiles.end(), b.tiles.begin(), b.tiles.end(),
                    [](const TileRun& x, const TileRun& y) {
                      return x.count == y.count && alike(x.tile, y.tile);
                    });
}

class Hash {
 public:
  void add(std::uint64_t word) {
    value_ = (value_ ^ word) * 0x9E3779B97F4A7C15ULL;
    value_ ^= value_ >> 29;
  }
  void add(double number) {
    std::uint64_t word = 0;
    std::memcpy(&word, &number, sizeof word);
    add(word);
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0x243F6A8885A308D3ULL;
};

std::uint64_t hash_of(const Kernel& kernel, const Surroundings& beside) {
  Hash hash;
  hash.add(beside.hbm_reads);
  hash.add(beside.hbm_writes);
  hash.add(beside.held);
  hash.add(static_cast<std::uint64_t>(kernel.operand_buffers));
  hash.add(std::uint64_t{kernel.vector_holds_matrix});
  for (const TileRun& run : kernel.tiles) {
    hash.add(run.tile.load.si());
    hash.add(run.tile.store.si());
    hash.add(run.tile.matrix_cycles);
    hash.add(run.tile.vector_cycles);
    hash.add(static_cast<std::uint64_t>(run.count));
  }
  return hash.value();
}

// Transfers are of whole bytes.
double whole(Bytes bytes) { return std::floor(bytes.si()); }

// One kernel on its way through the stages. Every stage works on one tile at a time and hands it on
// when the next has room: as many as there are operand buffers between load and matrix, one waiting
// tile after that.
class Flow {
 public:
  Flow(const Kernel& kernel, double load_rate, double store_rate, double rate_of_each,
       double latency, double period, double slowdown)
      : holds_(kernel.vector_holds_matrix),
        buffers_(static_cast<std::size_t>(kernel.operand_buffers)),
        load_rate_(load_rate),
        store_rate_(store_rate),
        each_(rate_of_each),
        latency_(latency),
        period_(period),
        slowdown_(slowdown) {
    for (const TileRun& run : kernel.tiles)
      tiles_.insert(tiles_.end(), static_cast<std::size_t>(run.count), &run.tile);
    arrives_.resize(tiles_.size());
  }

  KernelTime run() {
    if (tiles_.empty()) return {};
    while (stored_ < tiles_.size()) {
      while (start_some()) continue;
      if (stored_ < tiles_.size()) go_on();
    }
    time_.duration = time_.matrix + time_.vector + time_.memory;
    return time_;
  }

 private:
  // Starts whatever can start now; false where nothing can.
  bool start_some() { return store() || work_on_vectors() || multiply() || load(); }

  bool load() {
    if (loading_ > 0 || loaded_ == tiles_.size() || loaded_ >= freed_ + buffers_) return false;
    loading_ = whole(tiles_[loaded_]->load);
    if (loading_ <= 0) arrives_[loaded_++] = now_;
    return true;
  }

  bool multiply() {
    if (matrix_until_ != never) return false;
    if (multiplying_) {  // done: hand it on
      if (multiplied_ > taken_) return false;
      ++multiplied_;
      multiplying_ = false;
      return true;
    }
    const std::size_t next = multiplied_;
    if (next >= loaded_ || arrives_[next] > now_) return false;
    const Tile& tile = *tiles_[next];
    const double needs = static_cast<double>(tile.matrix_cycles) * period_;
    matrix_part_until_ = now_ + needs * slowdown_;
    matrix_until_ = matrix_part_until_ + (holds_ ? vector_seconds(tile) : 0);
    time_.taken += Seconds(needs * (slowdown_ - 1));
    multiplying_ = true;
    return true;
  }

  bool work_on_vectors() {
    if (vector_until_ != never) return false;
    if (on_vectors_) {
      if (finished_ > storing_from_) return false;
      ++finished_;
      on_vectors_ = false;
      return true;
    }
    if (taken_ >= multiplied_) return false;
    const Tile& tile = *tiles_[taken_++];
    vector_until_ = now_ + (holds_ ? 0 : vector_seconds(tile));
    on_vectors_ = true;
    return true;
  }

  bool store() {
    if (storing_ > 0 || storing_from_ >= finished_) return false;
    storing_ = whole(tiles_[storing_from_++]->store);
    if (storing_ <= 0) ++stored_;
    return true;
  }

  [[nodiscard]] double vector_seconds(const Tile& tile) const {
    return static_cast<double>(tile.vector_cycles) * period_ * slowdown_;
  }

  // To the next time at which something ends.
  void go_on() {
    const double load_rate = storing_ > 0 ? each_ : load_rate_,
                 store_rate = loading_ > 0 ? each_ : store_rate_;
    const double loaded_at = loading_ > 0 ? now_ + loading_ / load_rate : never,
                 stored_at = storing_ > 0 ? now_ + storing_ / store_rate : never;
    double next = std::min({loaded_at, stored_at, matrix_until_, vector_until_});
    if (matrix_part_until_ > now_) next = std::min(next, matrix_part_until_);
    if (!multiplying_ && multiplied_ < loaded_ && arrives_[multiplied_] > now_)
      next = std::min(next, arrives_[multiplied_]);
    book(next - now_);
    if (loading_ > 0) loading_ = next >= loaded_at ? 0 : loading_ - (next - now_) * load_rate;
    if (storing_ > 0) storing_ = next >= stored_at ? 0 : storing_ - (next - now_) * store_rate;
    now_ = next;
    if (now_ >= loaded_at) arrives_[loaded_++] = now_ + latency_;
    if (now_ >= stored_at) ++stored_;
    if (now_ >= matrix_part_until_) matrix_part_until_ = never;
    if (now_ >= matrix_until_) matrix_until_ = never, ++freed_;
    if (now_ >= vector_until_) vector_until_ = never;
  }

  void book(double elapsed) {
    const bool multiplies = matrix_part_until_ != never && matrix_part_until_ > now_;
    const bool in_hold = multiplying_ && matrix_until_ != never && !multiplies && holds_;
    const bool vectors = in_hold || (vector_until_ != never && vector_until_ > now_);
    (multiplies ? time_.matrix : vectors ? time_.vector : time_.memory) += Seconds(elapsed);
    if (multiplies && vectors) time_.overlapped_vector += Seconds(elapsed);
  }

  bool holds_;
  std::size_t buffers_;
  double load_rate_, store_rate_, each_, latency_, period_, slowdown_;
  std::vector<const Tile*> tiles_;
  std::vector<double> arrives_;  // when a tile's operands are there
  double now_ = 0;
  double loading_ = 0, storing_ = 0;  // bytes that are left
  double matrix_until_ = never, matrix_part_until_ = never, vector_until_ = never;
  bool multiplying_ = false, on_vectors_ = false;
  // Tiles that are loaded, whose buffers are free again, handed on by the matrix engines, taken by
  // the vector units, handed on by these, taken by the store, stored.
  std::size_t loaded_ = 0, freed_ = 0, multiplied_ = 0, taken_ = 0, finished_ = 0,
              storing_from_ = 0, stored_ = 0;
  KernelTime time_;
};

}  // namespace

const KernelCosts::Rates& KernelCosts::rates(const Surroundings& beside) {
  for (const auto& [known, rates] : rates_)
    if (known.hbm_reads == beside.hbm_reads && known.hbm_writes == beside.hbm_writes) return rates;
  // Collectives have their pace; the kernel's own transfers share what is left, and the mix of all
  // sets the rate (SharedServer::follow_mix).
  const double at_loads = sustained_bandwidth(chip_.hbm, 1).si();
  const double others = beside.hbm_reads + beside.hbm_writes;
  const auto left = [&](double loads, double stores) {
    const double own = std::max(at_loads - others, least_share * at_loads);
    const double reads = beside.hbm_reads + own * loads;
    const double rate = sustained_bandwidth(chip_.hbm, reads / (others + own)).si();
    return std::max(rate - others, least_share * rate) / (loads > 0 && stores > 0 ? 2 : 1);
  };
  rates_.push_back({beside, {left(1, 0), left(0, 1), left(0.5, 0.5)}});
  return rates_.back().second;
}

KernelTime KernelCosts::work_out(const Kernel& kernel, const Surroundings& beside) {
  const Rates& rate = rates(beside);
  return Flow(kernel, rate.load, rate.store, rate.each, chip_.hbm.latency.si(),
              1 / chip_.clock.sustained_matmul.si(), 1 / (1 - beside.held))
      .run();
}

KernelTime KernelCosts::time(const Kernel& kernel, const Surroundings& beside) {
  std::vector<Known>& candidates = known_[hash_of(kernel, beside)];
  for (const Known& known : candidates)
    if (known.beside == beside && alike(known.kernel, kernel)) return known.time;
  candidates.push_back({kernel, beside, work_out(kernel, beside)});
  return candidates.back().time;
}

}  // namespace headroom
