// Values of the scratchpad, and where its words lie.
#include "models/scratchpad/golden.h"

#include <gtest/gtest.h>

#include <set>

#include "models/scratchpad/bank_map.h"
#include "tests/models/scratchpad/hand_drawn.h"

namespace headroom::scratchpad {
namespace {

using golden::Memory;
using golden::Word;

TEST(ScratchpadGolden, WritesOnlyEnabledBytes) {
  Memory memory(small(2, 4), 1);
  memory.write(write(7, 0x44332211));
  EXPECT_EQ(memory.read(7), (Word{0x11, 0x22, 0x33, 0x44}));
  memory.write(write(7, 0x88776655, 0b0101));
  EXPECT_EQ(memory.read(7), (Word{0x55, 0x22, 0x77, 0x44}));
  memory.write(write(7, 0, 0));
  EXPECT_EQ(memory.read(7), (Word{0x55, 0x22, 0x77, 0x44}));
}

TEST(ScratchpadGolden, OtherWordsStay) {
  const Parameters parameters = small(3, 2);
  Memory memory(parameters, 5);
  const Memory before(parameters, 5);
  memory.write(write(3, 0xFFFF));
  for (std::int64_t address = 0; address < parameters.words(); ++address)
    if (address != 3) {
      EXPECT_EQ(memory.read(address), before.read(address)) << address;
    }
  EXPECT_NE(before.read(3), before.read(4));
  EXPECT_NE(before.read(3), Memory(parameters, 6).read(3));
}

TEST(ScratchpadGolden, WordsWiderThan64Bits) {
  Parameters parameters = small(2, 4);
  parameters.data_bits = 128;
  const Word word = golden::word(parameters, write(0, 0x0807060504030201, ~std::uint64_t{0}));
  ASSERT_EQ(word.size(), 16U);
  for (std::size_t b = 0; b < 8; ++b) EXPECT_EQ(word[b], b + 1);
  EXPECT_EQ(word[8], static_cast<std::uint8_t>(mix(0x0807060504030201 + 1)));
}

TEST(ScratchpadGolden, TheOrderOfGrantsDecides) {
  const Parameters parameters = small(2, 4);
  const Requests requests{{write(0, 0xAA), read(0)}, {read(0), read(0)}};
  const Word old = Memory(parameters, 3).read(0);
  const Word written{0xAA, 0, 0, 0};
  using Values = std::vector<std::vector<Word>>;
  EXPECT_EQ(golden::replay(parameters, requests, {{1, 2}, {0, 3}}, 3),
            (Values{{written}, {old, written}}));
  // A read in the cycle of the write gets the old word.
  EXPECT_EQ(
      golden::replay(parameters, requests, {{1, 4}, {0, 1}}, 3), (Values{{written}, {old, old}}));
  EXPECT_THROW((void)golden::replay(parameters, requests, {{1}, {0, 3}}, 3), std::invalid_argument);
}

TEST(ScratchpadBankMap, EveryWordHasItsPlace) {
  for (const Interleave interleave : {Interleave::low_order, Interleave::xor_hashed})
    for (const int banks : {1, 2, 8, 32})
      for (const int rows : {1, 7, 40, 100}) {
        Parameters p = small(2, banks);
        p.words_per_bank = rows;
        p.interleave = interleave;
        std::set<std::pair<int, std::int64_t>> places;
        for (std::int64_t address = 0; address < p.words(); ++address) {
          const int bank = bank_of(p, address);
          ASSERT_TRUE(bank >= 0 && bank < banks && row_of(p, address) < rows);
          ASSERT_EQ(address_of(p, bank, row_of(p, address)), address);
          places.insert({bank, row_of(p, address)});
        }
        EXPECT_EQ(places.size(), static_cast<std::size_t>(p.words()));
      }
}

// Strides of a power of two below banks^2 reach all banks in as many steps when hashed.
TEST(ScratchpadBankMap, HashSpreadsPowersOfTwo) {
  Parameters p = small(2, 8);
  p.words_per_bank = 64;
  for (const Interleave interleave : {Interleave::low_order, Interleave::xor_hashed})
    for (const std::int64_t stride : {1, 2, 4, 8}) {
      p.interleave = interleave;
      std::set<int> banks;
      for (std::int64_t i = 0; i < 8; ++i) banks.insert(bank_of(p, i * stride));
      EXPECT_EQ(banks.size(),
                interleave == Interleave::xor_hashed ? 8U : static_cast<std::size_t>(8 / stride))
          << stride;
    }
}

TEST(ScratchpadRequests, AreWhatTheTrafficSays) {
  Parameters p = small(3, 2);
  Traffic t;
  t.requests = 4000;
  t.pattern = Pattern::strided;
  t.stride = -3;
  t.offset = 5;
  const Requests strided = requests_of(p, t);
  ASSERT_EQ(strided.size(), 3U);
  EXPECT_EQ(strided[0][0].address, 0);
  EXPECT_EQ(strided[0][1].address, 11);  // -3 of 14 words
  EXPECT_EQ(strided[2][1].address, 7);
  t.pattern = Pattern::hot_bank;
  t.hot_percent = 60;
  t.write_percent = 25;
  int hot = 0, writes = 0;
  for (const auto& of_port : requests_of(p, t))
    for (const Request& request : of_port) {
      hot += bank_of(p, request.address) == 0;
      writes += request.write;
    }
  EXPECT_NEAR(hot / 12000.0, 0.6 + 0.4 / 2, 0.015);
  EXPECT_NEAR(writes / 12000.0, 0.25, 0.015);
}

}  // namespace
}  // namespace headroom::scratchpad
