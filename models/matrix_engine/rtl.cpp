#include "models/matrix_engine/rtl.h"

#include <stdexcept>
#include <string>

#include "models/matrix_engine/folds.h"

namespace headroom::matrix_engine {
namespace {

// Cuts the operands into edge beats in fold order, padding with +0.
class WeightBeats {
 public:
  WeightBeats(const ArrayParameters& array, const golden::Operands& operands)
      : operands_(operands), folds_(array, operands.product), rows_(array.rows),
        beat_(static_cast<std::size_t>(array.columns)) {
    fill();
  }
  [[nodiscard]] bool any() const { return fold_ < folds_.count(); }
  [[nodiscard]] const std::uint16_t* beat() const { return beat_.data(); }
  void next() {
    if (++row_ == rows_) {
      row_ = 0;
      ++fold_;
    }
    if (any()) fill();
  }

 private:
  void fill() {
    const Fold fold = folds_.at(fold_);
    const std::int64_t n = operands_.product.n;
    for (std::size_t c = 0; c < beat_.size(); ++c) {
      const auto column = static_cast<std::int64_t>(c);
      const bool real = row_ < fold.depth && column < fold.columns;
      beat_[c] = real ? operands_.b[static_cast<std::size_t>((fold.first_k + row_) * n + fold.first_column + column)]
                      : std::uint16_t{0};
    }
  }

  const golden::Operands& operands_;
  const Folds folds_;
  const std::int64_t rows_;
  std::int64_t fold_ = 0, row_ = 0;
  std::vector<std::uint16_t> beat_;
};

class ActivationBeats {
 public:
  ActivationBeats(const ArrayParameters& array, const golden::Operands& operands)
      : operands_(operands), folds_(array, operands.product), beat_(static_cast<std::size_t>(array.rows)) {
    fill();
  }
  [[nodiscard]] bool any() const { return index_ < folds_.count(); }
  [[nodiscard]] const std::uint16_t* beat() const { return beat_.data(); }
  [[nodiscard]] const Fold& fold() const { return fold_; }
  [[nodiscard]] bool end() const { return row_ == fold_.rows - 1; }
  void next() {
    if (end()) {
      row_ = 0;
      ++index_;
    } else {
      ++row_;
    }
    if (any()) fill();
  }

 private:
  void fill() {
    fold_ = folds_.at(index_);
    for (std::size_t r = 0; r < beat_.size(); ++r) {
      const auto k = static_cast<std::int64_t>(r);
      beat_[r] = k < fold_.depth ? operands_.a[static_cast<std::size_t>((fold_.first_row + row_) * operands_.product.k +
                                                                        fold_.first_k + k)]
                                 : std::uint16_t{0};
    }
  }

  const golden::Operands& operands_;
  const Folds folds_;
  Fold fold_{};
  std::int64_t index_ = 0, row_ = 0;
  std::vector<std::uint16_t> beat_;
};

// Puts output beats where they belong in C.
class OutputBeats {
 public:
  OutputBeats(const ArrayParameters& array, const golden::Operands& operands)
      : product_(operands.product), folds_(array, operands.product),
        beat_(static_cast<std::size_t>(array.columns)), values_(static_cast<std::size_t>(product_.m * product_.n)) {}
  [[nodiscard]] bool any() const { return index_ < folds_.count(); }
  std::uint32_t* beat() { return beat_.data(); }
  void taken() {
    const Fold fold = folds_.at(index_);
    const std::int64_t start = (fold.first_row + row_) * product_.n + fold.first_column;
    for (std::int64_t c = 0; c < fold.columns; ++c)
      values_[static_cast<std::size_t>(start + c)] = beat_[static_cast<std::size_t>(c)];
    if (++row_ == fold.rows) {
      row_ = 0;
      index_ += folds_.folds_per_block();  // only the last fold of a block delivers
    }
  }
  std::vector<std::uint32_t> values() { return std::move(values_); }

 private:
  const Product product_;
  const Folds folds_;
  std::int64_t index_ = 0, row_ = 0;
  std::vector<std::uint32_t> beat_, values_;
};

}  // namespace

void check_rtl_variant(const ArrayParameters& array) {
  check(array);
  std::string list;
  bool built = false;
  for (const RtlPins::Geometry& g : RtlPins::built()) {
    list += (list.empty() ? "" : ", ") + std::to_string(g.rows) + "x" + std::to_string(g.columns);
    built = built || (g.rows == array.rows && g.columns == array.columns);
  }
  std::string found = std::to_string(array.rows) + "x" + std::to_string(array.columns);
  if (array.format != Format::bf16 && array.format != Format::int8) {
    built = false;
    found += " of " + std::string(to_string(array.format));
  }
  if (array.dot_length != 1) {
    built = false;
    found += " with dot length " + std::to_string(array.dot_length);
  }
  if (array.accumulator_rows > rtl_accumulator_rows) {
    built = false;
    found += " with " + std::to_string(array.accumulator_rows) + " accumulator rows (at most " +
             std::to_string(rtl_accumulator_rows) + ")";
  }
  if (!built) throw UnavailableFidelity("matrix_engine rtl is built for " + list + " of bf16, int8; found " + found);
}

RtlRun run_rtl(const ArrayParameters& array, const golden::Operands& operands, const Edges& edges,
               std::uint64_t seed) {
  check_rtl_variant(array);
  check(operands.product);
  const auto pins = RtlPins::make({array.rows, array.columns}, seed);
  pins->reset(array.format == Format::int8, array.double_buffered);

  WeightBeats weights(array, operands);
  ActivationBeats activations(array, operands);
  OutputBeats outputs(array, operands);
  bool weight_offered = false, activation_offered = false, any_accepted = false;
  Cycles first_accepted = 0, last_moved = 0;
  Cycles now = 0;
  for (; outputs.any(); ++now) {
    weight_offered = weights.any() && (weight_offered || edges.weights.open_for(now) > 0);
    activation_offered = activations.any() && (activation_offered || edges.activations.open_for(now) > 0);
    RtlPins::Inputs inputs;
    inputs.weight_valid = weight_offered;
    inputs.weights = weights.beat();
    inputs.activation_valid = activation_offered;
    inputs.activations = activations.beat();
    inputs.first = activations.fold().first;
    inputs.last = activations.fold().last;
    inputs.end = activations.end();
    inputs.output_ready = edges.output.open_for(now) > 0;
    const RtlPins::Outputs pin = pins->settle(inputs);

    if (weight_offered && pin.weight_ready) {
      if (!any_accepted) first_accepted = now;
      any_accepted = true;
      weights.next();
      weight_offered = false;
      last_moved = now;
    }
    if (activation_offered && pin.activation_ready) {
      activations.next();
      activation_offered = false;
      last_moved = now;
    }
    if (pin.output_valid && inputs.output_ready) {
      pins->read_output(outputs.beat());
      outputs.taken();
      last_moved = now;
    }
    pins->clock();
    if (now - last_moved > 1'000'000) throw std::logic_error("matrix_engine rtl: no beat moved for 1000000 cycles");
  }
  return {now - first_accepted, now, Folds(array, operands.product).count(), outputs.values()};
}

RtlEngine::RtlEngine(const ArrayParameters& parameters) : MatrixEngine(parameters) { check_rtl_variant(parameters); }

Cycles RtlEngine::cycles(const Product& product) {
  const auto key = std::make_tuple(product.m, product.n, product.k);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  const golden::Operands operands =
      golden::random_operands(parameters().format, product, mix(static_cast<std::uint64_t>(product.m)) ^
                                                                mix(static_cast<std::uint64_t>(product.n) << 20) ^
                                                                mix(static_cast<std::uint64_t>(product.k) << 40),
                              golden::Values::moderate);
  const RtlRun run = run_rtl(parameters(), operands, open_edges());
  if (run.values != golden::multiply(parameters(), operands))
    throw std::logic_error("matrix_engine rtl differs from golden at m=" + std::to_string(product.m) + " n=" +
                           std::to_string(product.n) + " k=" + std::to_string(product.k));
  return known_[key] = run.cycles;
}

}  // namespace headroom::matrix_engine
