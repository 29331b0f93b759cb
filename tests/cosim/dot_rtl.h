// The Verilated dot product units and fold adders, behind one interface.
#pragma once

#include <cstdint>
#include <memory>

#include "tests/cosim/dot_cases.h"

namespace headroom {

// As in rtl/common/formats_pkg.sv.
enum class Datapath { integer, narrow, half, single };

[[nodiscard]] Datapath datapath_of(Format format);

// dot_accumulate of one datapath and length.
class DotRtl {
 public:
  virtual ~DotRtl() = default;
  virtual std::uint32_t operator()(const DotCase& dot_case) = 0;
};

// Lengths: 1, 4, 8, 16.
[[nodiscard]] std::unique_ptr<DotRtl> make_dot_rtl(Datapath datapath, int length);

// format_element of every format at once, by Format. Codes and scales go to all of them alike.
class ElementsRtl {
 public:
  virtual ~ElementsRtl() = default;
  virtual std::array<std::uint32_t, format_names.size()> operator()(const DotCase& dot_case) = 0;
};

// Lengths: 1, and 4 with the AlignBits of 25 where the format truncates.
[[nodiscard]] std::unique_ptr<ElementsRtl> make_elements_rtl(int length);

class FoldRtl {
 public:
  virtual ~FoldRtl() = default;
  virtual std::uint32_t operator()(std::uint32_t x, std::uint32_t y, bool saturate) = 0;
};

[[nodiscard]] std::unique_ptr<FoldRtl> make_fold_rtl(bool integer);

}  // namespace headroom
