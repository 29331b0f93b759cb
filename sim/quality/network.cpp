#include "sim/quality/network.h"

#include <cmath>

#include "sim/quality/layers.h"
#include "sim/quality/random.h"

namespace headroom::quality {
namespace {

// Places in parameters_: two embeddings, six of every layer, two at the end.
enum First : int { tokens, positions, first_layer };
enum InLayer : int { attention_gain, qkv, output, forward_gain, up, down, in_layer };

}  // namespace

// What the forward pass leaves to the backward pass.
struct Network::Pass {
  struct Layer {
    Norm attention_norm, forward_norm;
    Matrix attention_input, qkv, mixed, forward_input, raised, gated;
    Attention attention;
  };
  std::vector<Layer> layers;
  Norm last_norm;
  Matrix last;    // what the head reads
  Matrix logits;  // of its products
};

Network::Network(const Shape& shape, std::uint64_t seed) : shape_(shape) {
  Normal normal(seed);
  const auto add = [&](const std::string& name, Index rows, Index columns, double deviation) {
    Matrix value(rows, columns);
    for (Index i = 0; i < value.size(); ++i)
      value.data()[i] = static_cast<float>(normal() * deviation);
    parameters_.push_back({name, value, Matrix::Zero(rows, columns)});
  };
  const auto add_gain = [&](const std::string& name) {
    parameters_.push_back({name, Matrix::Ones(1, shape.width), Matrix::Zero(1, shape.width)});
  };
  const double inner = 1 / std::sqrt(shape.width);
  const double residual = 1 / std::sqrt(2.0 * shape.layers);
  add("tokens", shape.vocabulary, shape.width, 1);
  add("positions", shape.context, shape.width, 1);
  for (int i = 0; i < shape.layers; ++i) {
    const std::string layer = "layer " + std::to_string(i) + " ";
    add_gain(layer + "attention gain");
    add(layer + "qkv", 3 * shape.width, shape.width, inner);
    add(layer + "output", shape.width, shape.width, inner * residual);
    add_gain(layer + "feed-forward gain");
    add(layer + "up", 2 * shape.feed_forward, shape.width, inner);
    add(layer + "down", shape.width, shape.feed_forward, residual / std::sqrt(shape.feed_forward));
  }
  add_gain("last gain");
  add("head", shape.vocabulary, shape.width, inner);
}

std::int64_t Network::parameter_count() const {
  std::int64_t count = 0;
  for (const Parameter& parameter : parameters_) count += parameter.value.size();
  return count;
}

const Matrix& Network::value(int at) const {
  return parameters_[static_cast<std::size_t>(at)].value;
}

Matrix& Network::gradient(int at) { return parameters_[static_cast<std::size_t>(at)].gradient; }

void Network::forward(const Batch& batch, const Products& products, Pass& pass) const {
  const auto rows = static_cast<Index>(batch.tokens.size());
  Matrix x(rows, shape_.width);
  for (Index r = 0; r < rows; ++r)
    x.row(r) = value(tokens).row(batch.tokens[static_cast<std::size_t>(r)]) +
               value(positions).row(r % shape_.context);
  pass.layers.resize(static_cast<std::size_t>(shape_.layers));
  int at = first_layer;
  for (Pass::Layer& layer : pass.layers) {
    layer.attention = {shape_.heads, shape_.context, {}};
    layer.attention_input = norm(x, value(at + attention_gain), layer.attention_norm);
    layer.qkv = linear(layer.attention_input, value(at + qkv), products);
    layer.mixed = attention(layer.qkv, products, layer.attention);
    x += linear(layer.mixed, value(at + output), products);
    layer.forward_input = norm(x, value(at + forward_gain), layer.forward_norm);
    layer.raised = linear(layer.forward_input, value(at + up), products);
    layer.gated = gated(layer.raised);
    x += linear(layer.gated, value(at + down), products);
    at += in_layer;
  }
  pass.last = norm(x, value(at), pass.last_norm);
  pass.logits = linear(pass.last, value(at + 1), products);
}

void Network::backward(const Batch& batch, const Products& products, Pass& pass) {
  for (Parameter& parameter : parameters_) parameter.gradient.setZero();
  int at = first_layer + shape_.layers * in_layer;
  Matrix d = linear_gradient(pass.logits, pass.last, value(at + 1), products, gradient(at + 1));
  Matrix dx = norm_gradient(d, value(at), pass.last_norm, gradient(at));
  for (auto layer = pass.layers.rbegin(); layer != pass.layers.rend(); ++layer) {
    at -= in_layer;
    d = linear_gradient(dx, layer->gated, value(at + down), products, gradient(at + down));
    d = gated_gradient(d, layer->raised);
    d = linear_gradient(d, layer->forward_input, value(at + up), products, gradient(at + up));
    dx += norm_gradient(
        d, value(at + forward_gain), layer->forward_norm, gradient(at + forward_gain));
    d = linear_gradient(dx, layer->mixed, value(at + output), products, gradient(at + output));
    d = attention_gradient(d, layer->qkv, products, layer->attention);
    d = linear_gradient(d, layer->attention_input, value(at + qkv), products, gradient(at + qkv));
    dx += norm_gradient(
        d, value(at + attention_gain), layer->attention_norm, gradient(at + attention_gain));
  }
  for (Index r = 0; r < dx.rows(); ++r) {
    gradient(tokens).row(batch.tokens[static_cast<std::size_t>(r)]) += dx.row(r);
    gradient(positions).row(r % shape_.context) += dx.row(r);
  }
}

double Network::loss(const Batch& batch, const Products& products) const {
  Pass pass;
  forward(batch, products, pass);
  return cross_entropy(pass.logits, batch.targets);
}

double Network::loss_and_gradients(const Batch& batch, const Products& products) {
  Pass pass;
  forward(batch, products, pass);
  const double loss = cross_entropy(pass.logits, batch.targets);
  backward(batch, products, pass);
  return loss;
}

}  // namespace headroom::quality
