// Bits of a port: lanes that are not aligned to bytes or words.
#include "models/matrix_engine/lane_packing.h"

#include <gtest/gtest.h>

namespace headroom::matrix_engine {
namespace {

std::uint32_t bit(const PackedBeat& beat, int at) { return beat.words()[at / 32] >> (at % 32) & 1; }

TEST(LanePacking, WidthsOfTheDatapaths) {
  EXPECT_EQ(lane_layout(datapath_of(Format::int4)).lane_width(4), 32);
  EXPECT_EQ(lane_layout(datapath_of(Format::fp4_e2m1)).lane_width(1), 16);
  EXPECT_EQ(lane_layout(datapath_of(Format::mxfp8_e4m3)).lane_width(4), 40);
  EXPECT_EQ(lane_layout(datapath_of(Format::bf16)).lane_width(4), 76);
  EXPECT_EQ(lane_layout(datapath_of(Format::fp32)).lane_width(1), 32);
}

// Every bit of every element and scale stands where formats_pkg.sv says, and nowhere else.
TEST(LanePacking, EachBitHasItsPlace) {
  for (const Datapath datapath :
       {Datapath::integer, Datapath::narrow, Datapath::half, Datapath::single})
    for (const int dot_length : {1, 4}) {
      const LaneLayout layout = lane_layout(datapath);
      const int lane_width = layout.lane_width(dot_length), lanes = 5;
      for (int lane = 0; lane < lanes; ++lane)
        for (int at = 0; at < lane_width; ++at) {
          std::uint32_t elements[4] = {}, scale = 0;
          if (at < dot_length * layout.element_width)
            elements[at / layout.element_width] = std::uint32_t{1} << (at % layout.element_width);
          else
            scale = std::uint32_t{1} << (at - dot_length * layout.element_width);
          PackedBeat beat(datapath, dot_length, lanes);
          beat.set_lane(lane, elements, scale);
          for (int i = 0; i < lanes * lane_width; ++i)
            ASSERT_EQ(bit(beat, i), i == lane * lane_width + at ? 1U : 0U)
                << to_string(datapath) << " lane " << lane << " bit " << at << " at " << i;
        }
    }
}

TEST(LanePacking, OverwritesAndKeepsItsNeighbours) {
  PackedBeat beat(Datapath::half, 1, 4);
  const std::uint32_t ones = 0x7FFFF, pattern = 0x2AAAA, beyond = 0xFFFFFFFF;
  for (int lane = 0; lane < 4; ++lane) beat.set_lane(lane, &ones, 0);
  beat.set_lane(1, &pattern, 0);
  for (int i = 0; i < 76; ++i)
    EXPECT_EQ(bit(beat, i), i / 19 == 1 ? pattern >> (i - 19) & 1 : 1U) << i;
  const std::uint32_t zero = 0;
  beat.set_lane(2, &zero, 0);
  beat.set_lane(1, &beyond, 0);  // upper bits of a code do not leave its lane
  for (int i = 38; i < 57; ++i) EXPECT_EQ(bit(beat, i), 0U) << i;
}

}  // namespace
}  // namespace headroom::matrix_engine
