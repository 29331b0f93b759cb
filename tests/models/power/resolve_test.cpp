#include "models/power/resolve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "tests/models/technology/nodes.h"

namespace headroom::power {
namespace {

using technology::PublishedEnergy;
using technology::Scaling;

std::map<std::string, technology::ProcessNode> nodes() {
  auto nodes = technology::made_up_nodes();
  for (auto& [id, node] : nodes) {
    node.wire_energy = 1e-10;
    node.sram_cell = SquareMetres(1e-14);
  }
  return nodes;
}

std::vector<PublishedEnergy> published() {
  const auto figure =
      [](const char* operation, const char* format, double joules, const char* kind) {
        return PublishedEnergy{
            operation,      format,         "reference", Joules(joules),
            Joules(joules), Joules(joules), kind,        "test"};
      };
  return {
      figure("multiply", "bf16", 2e-13, "arithmetic"),
      figure("add", "fp32", 4e-13, "arithmetic"),
      figure("register_file", "bit", 1e-13, "memory"),
      figure("register", "bit", 7e-15, "measured"),
      figure("sram_read_32kib", "bit", 1e-13, "memory"),
      figure("sram_read_1mib", "bit", 2e-13, "memory")};
}

Constants constants() {
  Constants constants;
  constants.glitch = 1.5, constants.scale = 2;
  constants.engine_clock = Joules(5e-13);
  constants.router = 1.5, constants.scratchpad_m = 1e-3;
  constants.hbm_j_byte["hbm"] = 3e-11, constants.hbm_idle["hbm"] = Watts(3);
  constants.link_j_byte["link"] = 4e-11, constants.link_idle_share = 0.5;
  constants.vector_operation = Joules(1e-11);
  constants.controller_j_bit = 1e-12, constants.memory_distance = 0.5;
  constants.stream_bytes = Bytes(8);
  return constants;
}

Parts parts(const std::string& node) {
  Parts parts;
  parts.node = node, parts.slots = 1000, parts.dot_length = 16;
  parts.rate = {{Format::bf16, 1}, {Format::fp8_e4m3, 2}};
  parts.memory = "hbm", parts.stacks = 5, parts.link = "link", parts.link_bytes_s = 1e11;
  return parts;
}

ChipPower chip() {
  ChipPower chip;
  chip.die_area = SquareMetres(4e-4), chip.nominal_clock = Hertz(1e9), chip.fixed = Watts(30);
  return chip;
}

Coefficients resolved(const Parts& of) {
  return resolve(constants(), chip(), of, Scaling(nodes()), published());
}

TEST(Resolve, AProductIsArithmeticAndSums) {
  const Coefficients c = resolved(parts("reference"));
  EXPECT_NEAR(c.products.at(Format::bf16).si(), 2 * (1.5 * 6e-13 + 64.0 / 16 * 1e-13), 1e-24);
  EXPECT_NEAR(c.engine_clock.si(), 1000 * 5e-13, 1e-20);
  EXPECT_NEAR(c.hbm_idle.si(), 15, 1e-12);
  EXPECT_NEAR(c.links_idle.si(), 0.5 * 4, 1e-12);
  EXPECT_NEAR(c.network_j_byte, 8 * (2e-13 + 0.02 * 1e-10 * 1.5), 1e-20);
}

// What a copy moves: through the memory controller, across half of the die, through the chip-wide
// memory twice, across the die, into a first-level cache and registers by instructions.
TEST(Resolve, ABytesWayFromMemoryToRegisters) {
  const Coefficients c = resolved(parts("reference"));
  EXPECT_NEAR(c.hbm_j_byte, 3e-11 + 8 * 1e-12, 1e-20);
  EXPECT_NEAR(c.fill_j_byte, 8 * (2e-13 + 0.5 * 0.02 * 1e-10 * 1.5), 1e-20);
  EXPECT_NEAR(c.stream_j_byte, c.sram_j_byte + 8 * 1e-13 + 1e-11 / 8, 1e-20);
  EXPECT_NEAR(resolved(parts("new")).hbm_j_byte, 3e-11 + 0.7 * 8 * 1e-12, 1e-20);
}

TEST(Resolve, SystolicSumsPassRegisters) {
  Parts systolic = parts("reference");
  systolic.systolic = true, systolic.dot_length = 1;
  EXPECT_NEAR(
      resolved(systolic).products.at(Format::bf16).si(), 2 * (1.5 * 6e-13 + 64 * 7e-15), 1e-24);
}

TEST(Resolve, AFormatThatNobodyPublishedNeedsTheRtl) {
  EXPECT_EQ(resolved(parts("reference")).products.count(Format::fp8_e4m3), 0u);
  Parts with = parts("reference");
  with.relative_energy[Format::fp8_e4m3] = 0.5;
  EXPECT_NEAR(resolved(with).products.at(Format::fp8_e4m3).si(),
              2 * (1.5 * 0.5 * 6e-13 + 64.0 / 32 * 1e-13), 1e-24);
}

TEST(Resolve, ANewerNodeCostsLess) {
  const Coefficients old = resolved(parts("reference")), next = resolved(parts("new"));
  EXPECT_NEAR(next.engine_clock / old.engine_clock, 0.7, 1e-12);
  EXPECT_LT(next.products.at(Format::bf16), old.products.at(Format::bf16));
}

TEST(Resolve, NamesWhatIsMissing) {
  const auto complaint = [](const Parts& of) -> std::string {
    try {
      static_cast<void>(resolved(of));
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(
      complaint(parts("silent")).find("silent has no energy of operations"), std::string::npos);
  Parts other = parts("new");
  other.memory = "drum";
  EXPECT_EQ(complaint(other), "no access energy of drum");
}

}  // namespace
}  // namespace headroom::power
