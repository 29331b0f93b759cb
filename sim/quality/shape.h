// Sizes of the small transformer.
#pragma once

namespace headroom::quality {

struct Shape {
  int layers = 1, width = 32, heads = 1, feed_forward = 64, context = 16, vocabulary = 256;
};

}  // namespace headroom::quality
