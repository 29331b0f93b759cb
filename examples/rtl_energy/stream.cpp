#include "examples/rtl_energy/stream.h"

#include <fmt/format.h>

#include <stdexcept>

namespace headroom::rtl_energy {
namespace {

using netlist::Activity;

constexpr int k_of_product = 128;
constexpr int streamed_beats = 32;  // of a fold, where an operand is held
constexpr int held_folds = 8;
constexpr int counted_beats = 256;  // of finished tiles, output-stationary, the first not counted

struct Vectors {
  std::vector<Codes> left, top;  // lanes of activations and of weights
};

class Array {
 public:
  Array(const netlist::Netlist& netlist, const ArrayShape& shape, Format format, int stage)
      : netlist_(netlist),
        shape_(shape),
        format_(format),
        traits_(traits(format)),
        parameters_{format, shape.dot_length, default_align_bits(format, shape.dot_length), false},
        activity_(netlist, stage) {
    activity_.set_all("rst_ni", 1);
    activity_.set_all("en_i", 1);
    activity_.set_all("format_i", static_cast<std::uint64_t>(format));
    activity_.set_all("align_bits_i", static_cast<std::uint64_t>(parameters_.align_bits));
  }

  Cost held(const Data& data, bool inputs_held, Random& random);
  Cost output_stationary(const Data& data, Random& random);

 private:
  [[nodiscard]] int lane_width() const {
    return shape_.dot_length * traits_.bits + (traits_.block > 1 ? 8 : 0);
  }

  [[nodiscard]] Vectors encode(const Data& data, const Product& product, bool exchanged) const {
    Vectors vectors;
    for (const bool of_b : {false, true}) {
      auto& lanes = of_b != exchanged ? vectors.top : vectors.left;
      for (const auto& vector : of_b ? product.columns : product.rows)
        lanes.push_back(
            encode_vector(format_, vector, data.factor(format_, of_b), data.largest(of_b)));
    }
    return vectors;
  }

  [[nodiscard]] std::size_t first_element(int step) const {
    return static_cast<std::size_t>(step) * static_cast<std::size_t>(shape_.dot_length);
  }

  // The elements of a step go to a lane of a port.
  void drive(const char* port, int lane, int stream, const Codes& codes, int step) {
    const auto first = first_element(step);
    int at = lane * lane_width();
    for (int i = 0; i < shape_.dot_length; ++i, at += traits_.bits)
      activity_.set(
          port, at, traits_.bits, stream, codes.elements[first + static_cast<std::size_t>(i)]);
    if (traits_.block > 1) activity_.set(port, at, 8, stream, codes.scales[first]);
  }

  [[nodiscard]] std::uint32_t accumulate(
      const Codes& a, const Codes& b, int step, std::uint32_t sum) const {
    const auto first = first_element(step);
    return accumulate_dot(
        parameters_, &a.elements[first], &b.elements[first], a.scales[first], b.scales[first], sum);
  }

  void expect(int column, int stream, std::uint32_t sum) {
    if (activity_.read("sums_o", 32 * column, 32, stream) == sum) return;
    throw std::logic_error(fmt::format(
        "the netlist's sum differs from models/numerics: {}, column {}, stream {}",
        to_string(format_), column, stream));
  }

  [[nodiscard]] Cost cost(int cycles) const;

  const netlist::Netlist& netlist_;
  ArrayShape shape_;
  Format format_;
  FormatTraits traits_;
  DotParameters parameters_;
  Activity activity_;
};

Cost Array::cost(int cycles) const {
  std::array<double, netlist::parts> switched{};
  Cost cost;
  std::vector<bool> of_element(netlist_.nets, false);
  for (const auto* gates : {&netlist_.gates, &netlist_.flip_flops})
    for (const netlist::Gate& gate : *gates) of_element[gate.output] = gate.part != edge;
  for (netlist::Net net = 0; net < netlist_.nets; ++net) {
    const auto transitions = static_cast<double>(activity_.transitions(net));
    if (of_element[net]) cost.toggles += transitions;
    for (std::size_t part = 0; part < netlist::parts; ++part)
      switched[part] += transitions * netlist_.capacitance[net][part];
  }
  const double products_made = static_cast<double>(cycles) * Activity::streams * shape_.rows *
                               shape_.columns * shape_.dot_length;
  cost.toggles /= products_made;
  cost.clock = 2 * netlist::clock_edge_capacitance *
               static_cast<double>(
                   activity_.clocked(operand_registers) + activity_.clocked(sum_registers)) /
               products_made;
  cost.operand_registers = switched[Part::operand_registers] / products_made;
  cost.sum_registers = switched[Part::sum_registers] / products_made;
  cost.products = switched[Part::products] / products_made;
  cost.sums = switched[Part::sums] / products_made;
  return cost;
}

Cost Array::held(const Data& data, bool inputs_held, Random& random) {
  std::vector<Vectors> streams;
  for (int s = 0; s < Activity::streams; ++s) {
    const Product product = inputs_held
                                ? data.draw(shape_.columns, streamed_beats, k_of_product, random)
                                : data.draw(streamed_beats, shape_.columns, k_of_product, random);
    streams.push_back(encode(data, product, inputs_held));
  }
  const auto weights = [&](int fold, int row) {
    for (int s = 0; s < Activity::streams; ++s)
      for (int c = 0; c < shape_.columns; ++c)
        drive("weights_i", c, s,
              streams[static_cast<std::size_t>(s)].top[static_cast<std::size_t>(c)],
              fold * shape_.rows + row);
    activity_.set_all("load_i", std::uint64_t{1} << row);
  };
  for (int row = 0; row < shape_.rows; ++row) {
    weights(0, row);
    activity_.clock();
  }
  const int latency = shape_.rows + shape_.columns - 1;
  const int cycles = held_folds * streamed_beats;
  for (int cycle = 0; cycle < cycles; ++cycle) {
    const int fold = cycle / streamed_beats;
    const int beat = cycle % streamed_beats;
    if (cycle == streamed_beats) activity_.start_counting();
    activity_.set_all("swap_i", beat == 0 ? 1 : 0);
    if (beat < shape_.rows && fold + 1 < held_folds)
      weights(fold + 1, beat);
    else
      activity_.set_all("load_i", 0);
    for (int s = 0; s < Activity::streams; ++s)
      for (int r = 0; r < shape_.rows; ++r)
        drive("activations_i", r, s,
              streams[static_cast<std::size_t>(s)].left[static_cast<std::size_t>(beat)],
              fold * shape_.rows + r);
    activity_.clock();
    const int left = cycle - latency;
    if (left < 0) continue;
    for (int s = 0; s < Activity::streams; ++s) {
      const Vectors& vectors = streams[static_cast<std::size_t>(s)];
      for (int c = 0; c < shape_.columns; ++c) {
        std::uint32_t sum = 0;
        for (int r = 0; r < shape_.rows; ++r)
          sum = accumulate(
              vectors.left[static_cast<std::size_t>(left % streamed_beats)],
              vectors.top[static_cast<std::size_t>(c)], left / streamed_beats * shape_.rows + r,
              sum);
        expect(c, s, sum);
      }
    }
  }
  return cost(cycles - streamed_beats);
}

Cost Array::output_stationary(const Data& data, Random& random) {
  const int beats = k_of_product / shape_.dot_length;
  const int tiles = 1 + counted_beats / beats;
  activity_.set_all("output_stationary_i", 1);
  std::vector<std::vector<Vectors>> streams(static_cast<std::size_t>(tiles));
  for (auto& tile : streams)
    for (int s = 0; s < Activity::streams; ++s)
      tile.push_back(
          encode(data, data.draw(shape_.rows, shape_.columns, k_of_product, random), false));
  const auto sum = [&](int tile, int stream, int row, int column) {
    const Vectors&
        vectors = streams[static_cast<std::size_t>(tile)][static_cast<std::size_t>(stream)];
    std::uint32_t total = 0;
    for (int step = 0; step < beats; ++step)
      total = accumulate(vectors.left[static_cast<std::size_t>(row)],
                         vectors.top[static_cast<std::size_t>(column)], step, total);
    return total;
  };
  const int latency = shape_.rows + shape_.columns - 1;
  for (int cycle = 0; cycle < tiles * beats; ++cycle) {
    const int tile = cycle / beats;
    const int beat = cycle % beats;
    if (cycle == beats) activity_.start_counting();
    activity_.set_all("swap_i", beat == 0 ? 1 : 0);
    activity_.set_all("capture_i", beat == beats - 1 ? 1 : 0);
    activity_.set_all("load_i", ~std::uint64_t{0});
    // Row r takes from above in r cycles, from `rows` cycles behind a tile's last beat on.
    const int behind = tile > 0 ? beat + 1 : 0;
    std::uint64_t shift = 0;
    for (int r = 1; r < shape_.rows; ++r)
      if (behind >= shape_.rows && behind < shape_.rows + r) shift |= std::uint64_t{1} << r;
    activity_.set_all("shift_i", shift);
    for (int s = 0; s < Activity::streams; ++s) {
      const Vectors& vectors = streams[static_cast<std::size_t>(tile)][static_cast<std::size_t>(s)];
      for (int r = 0; r < shape_.rows; ++r)
        drive("activations_i", r, s, vectors.left[static_cast<std::size_t>(r)], beat);
      for (int c = 0; c < shape_.columns; ++c)
        drive("weights_i", c, s, vectors.top[static_cast<std::size_t>(c)], beat);
    }
    activity_.clock();
    const int row = shape_.rows - 1 - (behind - latency);  // the last row's sums leave first
    if (behind < latency || row < 0) continue;
    for (int s = 0; s < Activity::streams; ++s)
      for (int c = 0; c < shape_.columns; ++c) expect(c, s, sum(tile - 1, s, row, c));
  }
  return cost((tiles - 1) * beats);
}

}  // namespace

std::size_t part_of(const std::string& cell, const std::vector<std::string>& driven_net) {
  const auto contains = [](const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
  };
  if (!contains(cell, ".u_element.")) return edge;
  if (contains(cell, "slice$")) {  // flip-flops are named so
    for (const std::string& net : driven_net)
      if (contains(net, "u_element.partial_o") || contains(net, "u_element.sum_q"))
        return sum_registers;
    return operand_registers;
  }
  return contains(cell, "u_products.") ? products : sums;
}

ArrayShape shape_of(const netlist::Netlist& netlist, int dot_length) {
  return {static_cast<int>(netlist.ports.at("load_i").size()),
          static_cast<int>(netlist.ports.at("sums_o").size() / 32), dot_length};
}

Cost measure(const netlist::Netlist& netlist, const ArrayShape& shape, Format format,
             Dataflow dataflow, const Data& data, std::uint64_t seed, int stage) {
  Array array(netlist, shape, format, stage);
  Random random(seed);
  if (dataflow == Dataflow::output_stationary) return array.output_stationary(data, random);
  return array.held(data, dataflow == Dataflow::input_stationary, random);
}

std::string describe_streams() {
  return fmt::format(
      "{0} products of k = {1} at a time, windows of {2} x {2} matrices; weight- and "
      "input-stationary: {3} folds of {4} streamed beats each, the first not counted; "
      "output-stationary: 4 x 4 tiles until {5} beats have been counted behind the first tile",
      Activity::streams, k_of_product, Data::side, held_folds, streamed_beats, counted_beats);
}

}  // namespace headroom::rtl_energy
