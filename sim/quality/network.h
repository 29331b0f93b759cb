// A small decoder-only transformer with its gradients: root-mean-square norms before each part,
// causal attention with learned positions, a gated feed-forward layer (SiLU), an output head of its
// own. All products of matrices go through Products, in all three passes: forward, gradient of the
// data, gradient of the weights. Everything else is fp32.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/quality/matrix.h"
#include "sim/quality/product.h"
#include "sim/quality/shape.h"

namespace headroom::quality {

// Token numbers, below the vocabulary's size: `sequences` of `context` each, and what follows each.
struct Batch {
  int sequences = 0;
  std::vector<int> tokens, targets;
};

struct Parameter {
  std::string name;
  Matrix value, gradient;
};

class Network {
 public:
  // Weights are normal with variance 1 / inputs, those that end in the residual less by the number
  // of such sums (Radford et al. 2019, section 2.3). The width divides by the heads.
  Network(const Shape& shape, std::uint64_t seed);

  // Mean cross-entropy in nats a token.
  [[nodiscard]] double loss(const Batch& batch, const Products& products) const;

  // The same, and every Parameter::gradient of it.
  double loss_and_gradients(const Batch& batch, const Products& products);

  [[nodiscard]] std::vector<Parameter>& parameters() { return parameters_; }
  [[nodiscard]] const Shape& shape() const { return shape_; }
  [[nodiscard]] std::int64_t parameter_count() const;

 private:
  struct Pass;

  [[nodiscard]] const Matrix& value(int at) const;
  Matrix& gradient(int at);
  void forward(const Batch& batch, const Products& products, Pass& pass) const;
  void backward(const Batch& batch, const Products& products, Pass& pass);

  Shape shape_;
  std::vector<Parameter> parameters_;
};

}  // namespace headroom::quality
