// A chip out of an area: the levers of `die`.
#include <gtest/gtest.h>

#include <string>

#include "sim/config/chip.h"
#include "sim/config/die.h"

namespace headroom::config {
namespace {

const ConfigPaths& paths() {
  static const ConfigPaths found;
  return found;
}

ChipDescription chip(const std::string& id, const std::string& changes, DieUse* out = nullptr) {
  DieUse use;
  const Node file = Node::load(*paths().find("chips", id));
  ChipDescription result = read_chip(file, Node::parse(changes, "changes.yaml"), paths(), use);
  if (out != nullptr) *out = use;
  return result;
}

std::string complaint(const std::string& changes) {
  try {
    chip("h100-sxm", changes);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(DeriveChip, AtItsOwnAreaAChipIsItself) {
  for (const auto& [id, die] :
       {std::pair{"h100-sxm", "{die: {area: 814 mm^2}}"},
        {"b200-sxm", "{die: {area: 800 mm^2, dies: 2}}"},
        {"a100-80gb-sxm", "{die: {area: 826 mm^2}}"}}) {
    const ChipDescription own = chip(id, "{}"), derived = chip(id, die);
    EXPECT_EQ(derived.cores, own.cores) << id;
    EXPECT_EQ(derived.matrix.count, own.matrix.count) << id;
    EXPECT_EQ(derived.hbm.device.organisation.stacks, own.hbm.device.organisation.stacks) << id;
    EXPECT_DOUBLE_EQ(derived.hbm.bandwidth.si(), own.hbm.bandwidth.si()) << id;
    EXPECT_EQ(derived.scale_up.count, own.scale_up.count) << id;
    EXPECT_NEAR(derived.power_cap.si(), own.power_cap.si(), 1e-9) << id;
    EXPECT_NEAR(derived.scratchpad.shared_capacity.si(), own.scratchpad.shared_capacity.si(), 1)
        << id;
  }
}

// A stack more takes area from the cores, so cores rise at a given number of stacks and links.
TEST(DeriveChip, MoreAreaNeverGivesLess) {
  const std::string same = ", hbm: {stacks: 5}, links: {scale_up: {count: 18}}}";
  int cores = 0, stacks = 0, links = 0;
  double cap = 0;
  for (int area = 610; area <= 858; area += 31) {
    const std::string die = "{die: {area: " + std::to_string(area) + " mm^2}";
    const ChipDescription fixed = chip("h100-sxm", die + same), free = chip("h100-sxm", die + "}");
    EXPECT_GE(fixed.cores, cores) << area;
    EXPECT_GT(fixed.power_cap.si(), cap) << area;
    EXPECT_GE(free.hbm.device.organisation.stacks, stacks) << area;
    EXPECT_GE(free.scale_up.count, links) << area;
    cores = fixed.cores, cap = fixed.power_cap.si();
    stacks = free.hbm.device.organisation.stacks, links = free.scale_up.count;
  }
}

TEST(DeriveChip, TwoDiesPayForTheLinkBetween) {
  const ChipDescription one = chip(
      "h100-sxm", "{die: {area: 800 mm^2}, hbm: {stacks: 5}, links: {scale_up: {count: 18}}}");
  const ChipDescription two = chip(
      "h100-sxm",
      "{die: {area: 800 mm^2, dies: 2}, hbm: {stacks: 10}, links: {scale_up: {count: 36}}}");
  EXPECT_LT(two.cores, 2 * one.cores);
  EXPECT_GT(two.cores, 1.8 * one.cores);
}

TEST(DeriveChip, SharedMemoryTakesTheAreaOfCores) {
  const ChipDescription some = chip("h100-sxm", "{die: {area: 814 mm^2, sram_share: 0.1}}");
  const ChipDescription more = chip("h100-sxm", "{die: {area: 814 mm^2, sram_share: 0.3}}");
  EXPECT_GT(more.scratchpad.shared_capacity.si(), some.scratchpad.shared_capacity.si() * 2.99);
  EXPECT_LT(more.cores, some.cores);
}

TEST(DeriveChip, ANewerNodeGivesMoreCores) {
  EXPECT_GT(chip("h100-sxm", "{die: {area: 814 mm^2}, node: n3e}").cores,
            chip("h100-sxm", "{die: {area: 814 mm^2}}").cores);
}

TEST(DeriveChip, WhatIsAskedForStays) {
  const ChipDescription c = chip(
      "h100-sxm", "{die: {area: 700 mm^2}, hbm: {stacks: 5, capacity: 80 GB}, power_cap: 500 W}");
  EXPECT_EQ(c.hbm.device.organisation.stacks, 5);
  EXPECT_EQ(c.hbm.capacity, Bytes(80e9));
  EXPECT_EQ(c.power_cap, Watts(500));
}

TEST(DeriveChip, ContradictionsAreErrorsWithTheNumbers) {
  const auto says = [](const std::string& changes, const std::string& text) {
    const std::string message = complaint(changes);
    EXPECT_NE(message.find(text), std::string::npos) << message;
  };
  says("{die: {area: 1600 mm^2}}", "changes.yaml:1:");
  says("{die: {area: 1600 mm^2}}", "at most 858 mm^2, the reticle of 4n");
  says("{die: {area: 814 mm^2}, hbm: {stacks: 12}}", "edge for 12 stacks (132 mm)");
  says("{die: {area: 814 mm^2, sram_share: 0.9}}", "an area that leaves a core its");
  says("{die: {dies: 2}}", "die.area beside it");
  says("{die: {design: gh10}}", "did you mean 'gh100'");
}

}  // namespace
}  // namespace headroom::config
