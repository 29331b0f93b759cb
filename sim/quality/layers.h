// The parts of a transformer layer, each with its gradients. Rows are tokens.
#pragma once

#include <vector>

#include "sim/quality/matrix.h"
#include "sim/quality/product.h"

namespace headroom::quality {

// y = x * gain / rms(x), row by row (Zhang and Sennrich 2019).
struct Norm {
  Matrix normal;   // x / rms(x)
  Vector inverse;  // 1 / rms(x), one a row
};
Matrix norm(const Matrix& x, const Matrix& gain, Norm& kept);
// The gradient of x; that of the gain is added to `gain_gradient`.
Matrix norm_gradient(const Matrix& dy, const Matrix& gain, const Norm& kept, Matrix& gain_gradient);

// y = x w^T for w [outputs, inputs], and its two gradients.
[[nodiscard]] Matrix linear(const Matrix& x, const Matrix& w, const Products& products);
[[nodiscard]] Matrix linear_gradient(
    const Matrix& dy, const Matrix& x, const Matrix& w, const Products& products, Matrix& dw);

// SiLU(left half) * right half of the columns (Shazeer 2020).
[[nodiscard]] Matrix gated(const Matrix& x);
[[nodiscard]] Matrix gated_gradient(const Matrix& dy, const Matrix& x);

// Causal attention of `heads` heads within sequences of `context` rows. The columns of qkv are
// queries, keys, values.
struct Attention {
  int heads = 1, context = 1;
  std::vector<Matrix> weights;  // of each sequence and head, after softmax
};
[[nodiscard]] Matrix attention(const Matrix& qkv, const Products& products, Attention& kept);
[[nodiscard]] Matrix attention_gradient(
    const Matrix& dy, const Matrix& qkv, const Products& products, const Attention& kept);

// Mean cross-entropy of the rows in nats; logits become its gradient.
double cross_entropy(Matrix& logits, const std::vector<int>& targets);

}  // namespace headroom::quality
