#include "sim/quality/layers.h"

#include <cmath>

namespace headroom::quality {
namespace {

constexpr float norm_epsilon = 1e-5F;

// exp of the machine's double: the same bits wherever it is within one place of right.
float exponential(float x) { return static_cast<float>(std::exp(double{x})); }

float sigmoid(float x) { return static_cast<float>(1 / (1 + std::exp(-double{x}))); }

// Softmax of the first `count` of a row; the rest becomes 0.
void softmax(float* row, Index count, Index size) {
  float largest = row[0];
  for (Index i = 1; i < count; ++i) largest = std::max(largest, row[i]);
  float sum = 0;
  for (Index i = 0; i < count; ++i) sum += row[i] = exponential(row[i] - largest);
  for (Index i = 0; i < count; ++i) row[i] /= sum;
  for (Index i = count; i < size; ++i) row[i] = 0;
}

// Where the matrices of one sequence and head stand.
struct Head {
  Index row, context, width, depth;  // depth: of a head
  Index column;                      // of its queries and outputs

  [[nodiscard]] Matrix part(const Matrix& qkv, int which) const {
    return qkv.block(row, which * width + column, context, depth);
  }
  [[nodiscard]] auto part(Matrix& qkv, int which) const {
    return qkv.block(row, which * width + column, context, depth);
  }
  [[nodiscard]] float scale() const { return 1 / std::sqrt(static_cast<float>(depth)); }
};

template <class Visit>
void for_each_head(Index rows, Index width, const Attention& shape, Visit visit) {
  const Index depth = width / shape.heads;
  for (Index row = 0; row < rows; row += shape.context)
    for (int h = 0; h < shape.heads; ++h) visit(Head{row, shape.context, width, depth, h * depth});
}

}  // namespace

Matrix norm(const Matrix& x, const Matrix& gain, Norm& kept) {
  kept.inverse = (x.rowwise().squaredNorm().array() / static_cast<float>(x.cols()) + norm_epsilon)
                     .rsqrt();
  kept.normal = kept.inverse.asDiagonal() * x;
  return kept.normal * gain.row(0).asDiagonal();
}

Matrix norm_gradient(const Matrix& dy, const Matrix& gain, const Norm& kept,
                     Matrix& gain_gradient) {
  gain_gradient += dy.cwiseProduct(kept.normal).colwise().sum();
  const Matrix dn = dy * gain.row(0).asDiagonal();
  const Vector along = dn.cwiseProduct(kept.normal).rowwise().mean();
  return kept.inverse.asDiagonal() * (dn - along.asDiagonal() * kept.normal);
}

Matrix linear(const Matrix& x, const Matrix& w, const Products& products) { return products(x, w); }

Matrix linear_gradient(const Matrix& dy, const Matrix& x, const Matrix& w, const Products& products,
                       Matrix& dw) {
  dw += products(dy.transpose(), x.transpose());
  return products(dy, w.transpose());
}

Matrix gated(const Matrix& x) {
  const Index half = x.cols() / 2;
  Matrix y(x.rows(), half);
  for (Index r = 0; r < x.rows(); ++r)
    for (Index c = 0; c < half; ++c) y(r, c) = x(r, c) * sigmoid(x(r, c)) * x(r, c + half);
  return y;
}

Matrix gated_gradient(const Matrix& dy, const Matrix& x) {
  const Index half = x.cols() / 2;
  Matrix dx(x.rows(), x.cols());
  for (Index r = 0; r < x.rows(); ++r)
    for (Index c = 0; c < half; ++c) {
      const float gate = x(r, c), s = sigmoid(gate);
      dx(r, c) = dy(r, c) * x(r, c + half) * s * (1 + gate * (1 - s));
      dx(r, c + half) = dy(r, c) * gate * s;
    }
  return dx;
}

Matrix attention(const Matrix& qkv, const Products& products, Attention& kept) {
  Matrix y(qkv.rows(), qkv.cols() / 3);
  kept.weights.clear();
  for_each_head(qkv.rows(), y.cols(), kept, [&](const Head& head) {
    Matrix weights = head.scale() * products(head.part(qkv, 0), head.part(qkv, 1));
    for (Index r = 0; r < weights.rows(); ++r) softmax(&weights(r, 0), r + 1, weights.cols());
    head.part(y, 0) = products(weights, head.part(qkv, 2).transpose());
    kept.weights.push_back(std::move(weights));
  });
  return y;
}

Matrix attention_gradient(
    const Matrix& dy, const Matrix& qkv, const Products& products, const Attention& kept) {
  Matrix dqkv(qkv.rows(), qkv.cols());
  std::size_t at = 0;
  for_each_head(qkv.rows(), dy.cols(), kept, [&](const Head& head) {
    const Matrix& weights = kept.weights[at++];
    const Matrix d = head.part(dy, 0), q = head.part(qkv, 0), k = head.part(qkv, 1);
    const Matrix dweights = products(d, head.part(qkv, 2));
    head.part(dqkv, 2) = products(weights.transpose(), d.transpose());
    const Vector along = dweights.cwiseProduct(weights).rowwise().sum();
    const Matrix dscores = head.scale() * weights.cwiseProduct(dweights.colwise() - along);
    head.part(dqkv, 0) = products(dscores, k.transpose());
    head.part(dqkv, 1) = products(dscores.transpose(), q.transpose());
  });
  return dqkv;
}

double cross_entropy(Matrix& logits, const std::vector<int>& targets) {
  double loss = 0;
  const auto rows = static_cast<float>(logits.rows());
  for (Index r = 0; r < logits.rows(); ++r) {
    softmax(&logits(r, 0), logits.cols(), logits.cols());
    float& right = logits(r, targets[static_cast<std::size_t>(r)]);
    loss -= std::log(double{right});
    right -= 1;
  }
  logits /= rows;
  return loss / double{rows};
}

}  // namespace headroom::quality
