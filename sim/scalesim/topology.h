// The topology files of SCALE-Sim v2 and v3 (*.csv): one layer a row.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/matrix_engine/matrix_engine.h"
#include "sim/config/error.h"

namespace headroom::scalesim {

// What a row holds behind the layer's name.
enum class Rows {
  conv,  // IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides
  gemm   // M, N, K
};

// A convolution without padding. A product of m x k by k x n is the layer whose input is m x k,
// whose n filters are 1 x k, of one channel, with stride 1; SCALE-Sim reads it the same way.
struct Layer {
  std::string name;
  std::int64_t ifmap_height = 0, ifmap_width = 0;
  std::int64_t filter_height = 0, filter_width = 0;
  std::int64_t channels = 0, filters = 0;
  std::int64_t stride_height = 1, stride_width = 1;
  Position at;  // of its row

  // ceil((ifmap - filter + stride) / stride): a last window may reach beyond the edge.
  [[nodiscard]] std::int64_t ofmap_height() const;
  [[nodiscard]] std::int64_t ofmap_width() const;
  // The product that the array computes: m = output pixels, n = filters, k = one window.
  [[nodiscard]] matrix_engine::Product product() const;
};

struct Topology {
  std::vector<Layer> layers;       // at least one
  std::vector<std::string> notes;  // what was read past, each "file:line:column: …"
};

// Reads what SCALE-Sim reads, and rows without their last comma. The first line is a header.
// A layer whose name contains "DP" is depth-wise: one layer a channel. Throws InputError for
// everything else that SCALE-Sim stops at, and for layers above 2^53 multiply-accumulates.
[[nodiscard]] Topology read_topology(const std::string& path, Rows rows);
[[nodiscard]] Topology parse_topology(std::string_view text, const std::string& name, Rows rows);

}  // namespace headroom::scalesim
