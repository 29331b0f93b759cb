// The CRC-32 of the link's RTL against published check values. Both ends have it from one module,
// so a wrong polynomial shows in no exchange between them.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "Vcrc32_32.h"
#include "Vcrc32_64.h"
#include "Vcrc32_8.h"
#include "models/base/random.h"
#include "models/link/golden.h"
#include "tests/support/seed.h"

namespace headroom::link {
namespace {

// `Width / 8` bytes a step, the first byte in the lowest bits, as link_packetizer does with flits.
template <class Model>
std::uint32_t crc_of(const std::vector<std::uint8_t>& message, int bytes_a_step) {
  VerilatedContext context;
  Model model(&context);
  std::uint32_t state = 0xFFFFFFFFU;
  const auto step = static_cast<std::size_t>(bytes_a_step);
  for (std::size_t at = 0; at < message.size(); at += step) {
    std::uint64_t data = 0;
    for (std::size_t i = 0; i < step; ++i)
      data |= static_cast<std::uint64_t>(message[at + i]) << (8 * i);
    model.state_i = state;
    model.data_i = static_cast<std::remove_reference_t<decltype(model.data_i)>>(data);
    model.eval();
    state = model.state_o;
  }
  model.final();
  return ~state;
}

std::vector<std::uint8_t> bytes(const std::string& text) { return {text.begin(), text.end()}; }

// CRC-32/ISO-HDLC of the catalogue of parametrised CRC algorithms (reveng), which is zlib's
// crc32().
TEST(LinkCrcRtl, PublishedCheckValues) {
  EXPECT_EQ(crc_of<Vcrc32_8>(bytes("123456789"), 1), 0xCBF43926U);
  EXPECT_EQ(crc_of<Vcrc32_8>(bytes("a"), 1), 0xE8B7BE43U);
  EXPECT_EQ(crc_of<Vcrc32_8>(bytes("The quick brown fox jumps over the lazy dog"), 1), 0x414FA339U);
  // Of zlib.
  EXPECT_EQ(crc_of<Vcrc32_64>(std::vector<std::uint8_t>(32, 0x00), 8), 0x190A55ADU);
  EXPECT_EQ(crc_of<Vcrc32_64>(std::vector<std::uint8_t>(32, 0xFF), 8), 0xFF6CAB0BU);
  EXPECT_EQ(crc_of<Vcrc32_32>(std::vector<std::uint8_t>(4, 0x00), 4), 0x2144DF1CU);
}

TEST(LinkCrcRtl, WideStepsAreManyNarrowOnes) {
  SCOPED_TRACE(replay());
  for (std::uint64_t i = 0; i < 200; ++i) {
    std::vector<std::uint8_t> message(8 * (1 + i % 9));
    for (std::size_t at = 0; at < message.size(); ++at)
      message[at] = static_cast<std::uint8_t>(mix(seed() + (i << 20) + at));
    const std::uint32_t expected = golden::crc32(message);
    EXPECT_EQ(crc_of<Vcrc32_8>(message, 1), expected);
    EXPECT_EQ(crc_of<Vcrc32_32>(message, 4), expected);
    EXPECT_EQ(crc_of<Vcrc32_64>(message, 8), expected);
  }
}

}  // namespace
}  // namespace headroom::link
