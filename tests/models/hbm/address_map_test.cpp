// From address to place and back, whatever the order of the fields, hashed or not.
#include "models/hbm/address_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <stdexcept>
#include <tuple>

#include "tests/support/hbm_device.h"
#include "tests/support/seed.h"

namespace headroom::hbm {
namespace {

Organisation organisation(int stacks) { return hbm3_device(stacks).organisation; }

void expect_inside(const Organisation& o, const Location& l) {
  EXPECT_TRUE(l.stack >= 0 && l.stack < o.stacks);
  EXPECT_TRUE(l.channel >= 0 && l.channel < o.channels);
  EXPECT_TRUE(l.pseudo_channel >= 0 && l.pseudo_channel < o.pseudo_channels);
  EXPECT_TRUE(l.stack_id >= 0 && l.stack_id < o.stack_ids);
  EXPECT_TRUE(l.bank_group >= 0 && l.bank_group < o.bank_groups);
  EXPECT_TRUE(l.bank >= 0 && l.bank < o.banks_per_group);
  EXPECT_TRUE(l.row >= 0 && l.row < o.rows);
  EXPECT_TRUE(l.column >= 0 && l.column < o.columns);
}

TEST(AddressMap, EveryPlaceHasOneAddress) {
  SCOPED_TRACE(replay());
  std::mt19937_64 random(seed());
  for (int trial = 0; trial < 200; ++trial) {
    Organisation o = organisation(1 + static_cast<int>(random() % 6));
    o.rows = trial % 3 == 0 ? 12288 : 16384;
    o.stack_ids = 1 + static_cast<int>(random() % 4);
    Mapping mapping;
    mapping.interleave = 32LL << random() % 6;
    mapping.hash_banks = random() % 2 == 0, mapping.hash_channels = random() % 2 == 0;
    std::shuffle(mapping.order.begin(), mapping.order.end(), random);
    const AddressMap map(o, mapping);
    EXPECT_EQ(static_cast<double>(map.capacity()), o.capacity().si());
    for (int i = 0; i < 50; ++i) {
      const std::uint64_t address = random() % map.capacity();
      const Location location = map.locate(address);
      expect_inside(o, location);
      EXPECT_EQ(map.address(location), address / 32 * 32) << "trial " << trial;
    }
    expect_inside(o, map.locate(map.capacity() - 1));
  }
}

// A bijection of a small device, exhaustively.
TEST(AddressMap, NoTwoAddressesShareABurst) {
  Organisation o = organisation(2);
  o.channels = 4, o.rows = 8, o.columns = 4, o.stack_ids = 2;
  const AddressMap map(o, Mapping{});
  std::set<std::tuple<int, int, int, int, int, int, int, int>> seen;
  for (std::uint64_t address = 0; address < map.capacity(); address += 32) {
    const Location l = map.locate(address);
    seen.emplace(
        l.stack, l.channel, l.pseudo_channel, l.stack_id, l.bank_group, l.bank, l.row, l.column);
  }
  EXPECT_EQ(seen.size(), map.capacity() / 32);
}

TEST(AddressMap, TheInterleaveStaysInOneRow) {
  for (const std::int64_t interleave : {32, 64, 256, 1024}) {
    Mapping mapping;
    mapping.interleave = interleave;
    const AddressMap map(organisation(1), mapping);
    const auto unit = static_cast<std::uint64_t>(interleave);
    const Location first = map.locate(5 * unit), last = map.locate(6 * unit - 1),
                   next = map.locate(6 * unit);
    EXPECT_EQ(first.column + static_cast<int>(interleave / 32) - 1, last.column);
    EXPECT_EQ(std::tie(first.channel, first.pseudo_channel, first.row),
              std::tie(last.channel, last.pseudo_channel, last.row));
    EXPECT_NE(
        std::tie(first.channel, first.pseudo_channel), std::tie(next.channel, next.pseudo_channel));
  }
}

TEST(AddressMap, StridesOfPowersOfTwoReachEveryChannelOnlyWhereHashed) {
  const auto channels = [](bool hash, std::uint64_t stride) {
    Mapping mapping;
    mapping.hash_channels = hash;
    const AddressMap map(organisation(1), mapping);
    std::set<std::pair<int, int>> seen;
    for (std::uint64_t i = 0; i < 1024; ++i) {
      const Location l = map.locate(i * stride);
      seen.emplace(l.channel, l.pseudo_channel);
    }
    return seen.size();
  };
  for (std::uint64_t stride = 64; stride <= 1 << 20; stride *= 2)
    EXPECT_EQ(channels(true, stride), 32U) << stride;
  EXPECT_EQ(channels(false, 4096), 1U);
}

TEST(AddressMap, WhatDoesNotFitIsRefused) {
  for (const std::int64_t interleave : {0, 16, 48, 96, 2048}) {
    Mapping mapping;
    mapping.interleave = interleave;
    EXPECT_THROW(AddressMap(organisation(1), mapping), std::invalid_argument) << interleave;
  }
  Mapping twice;
  twice.order[0] = Field::row;
  EXPECT_THROW(AddressMap(organisation(1), twice), std::invalid_argument);
}

}  // namespace
}  // namespace headroom::hbm
