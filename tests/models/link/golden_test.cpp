// CRC-32 by its definition, packets and what must arrive.
#include "models/link/golden.h"

#include <gtest/gtest.h>

#include <string>

#include "models/base/random.h"
#include "models/link/packet.h"
#include "tests/support/seed.h"

namespace headroom::link {
namespace {

std::uint32_t crc_of(const std::string& text) {
  return golden::crc32(std::vector<std::uint8_t>(text.begin(), text.end()));
}

std::vector<std::uint8_t> random_bytes(std::uint64_t number, std::size_t count) {
  std::vector<std::uint8_t> bytes(count);
  for (std::size_t i = 0; i < count; ++i)
    bytes[i] = static_cast<std::uint8_t>(mix(seed() + (number << 20) + i));
  return bytes;
}

TEST(LinkCrc, KnownValues) {
  EXPECT_EQ(crc_of("123456789"), 0xCBF43926U) << "the check value that every catalogue gives";
  EXPECT_EQ(crc_of(""), 0U);
  EXPECT_EQ(crc_of("a"), 0xE8B7BE43U);
  EXPECT_EQ(golden::crc32({0, 0, 0, 0}), 0x2144DF1CU);
}

TEST(LinkCrc, FindsBurstsUpTo32BitsAndAnyTwoBits) {
  SCOPED_TRACE(replay());
  for (std::uint64_t i = 0; i < 200; ++i) {
    const std::vector<std::uint8_t> message = random_bytes(i, 40);
    const std::uint32_t crc = golden::crc32(message);
    std::vector<std::uint8_t> burst = message, two = message;
    const std::uint64_t random = mix(seed() + i);
    const std::size_t at = random % 36;
    for (std::size_t byte = 0; byte < 4; ++byte)
      burst[at + byte] ^= static_cast<std::uint8_t>((random >> (8 + 8 * byte)) | 1);
    ASSERT_NE(burst, message);
    EXPECT_NE(golden::crc32(burst), crc);
    const std::size_t first = random % 320, second = (first + 1 + (random >> 40) % 319) % 320;
    for (const std::size_t bit : {first, second})
      two[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_NE(golden::crc32(two), crc);
  }
}

TEST(LinkPacket, HeaderOfAKnownPayload) {
  // The bytes 0 to 15 and then the body, least significant byte first.
  const golden::Flit flit{{0x0706050403020100U, 0x0F0E0D0C0B0A0908U}, true};
  const std::uint64_t header = golden::header({flit}, 5);
  EXPECT_EQ(static_cast<std::uint32_t>(header), 0x80000105U) << "last, length 1, sequence 5";
  std::vector<std::uint8_t> bytes;
  for (std::uint8_t i = 0; i < 16; ++i) bytes.push_back(i);
  for (const int byte : {0x05, 0x01, 0x00, 0x80}) bytes.push_back(static_cast<std::uint8_t>(byte));
  EXPECT_EQ(header >> 32, golden::crc32(bytes));
}

TEST(LinkPacket, FieldsSurviveTheWire) {
  for (const Header header : {Header{true, 255, 0}, Header{false, 1, 255}, Header{true, 16, 77}}) {
    const Header read = Header::of(header.body());
    EXPECT_EQ(read.last, header.last);
    EXPECT_EQ(read.length, header.length);
    EXPECT_EQ(read.sequence, header.sequence);
  }
  EXPECT_EQ((Control{true, 0x12, 0x3456}.body()), 0x80123456U);
}

TEST(LinkGolden, ArrivalsAreTheMessagesInOrder) {
  Parameters parameters;
  parameters.flit_bits = 192;
  const auto flits = golden::arrivals(parameters, {{2, 1}, 9});
  ASSERT_EQ(flits.size(), 3U);
  EXPECT_EQ(flits[0].words.size(), 3U);
  EXPECT_FALSE(flits[0].last);
  EXPECT_TRUE(flits[1].last);
  EXPECT_TRUE(flits[2].last);
  EXPECT_EQ(flits[2].words[1], golden::payload_word(9, 2, 1));
  EXPECT_FALSE(flits[0] == flits[1]);
}

TEST(LinkParameters, Mistakes) {
  const auto message = [](Parameters parameters) {
    try {
      check(parameters);
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  Parameters parameters;
  EXPECT_EQ(message(parameters), "no error");
  parameters.buffer_flits = 15;
  EXPECT_EQ(message(parameters), "link: buffer_flits must be from 16 to 32767; found 15");
  parameters = {};
  parameters.flit_bits = 96;
  EXPECT_EQ(message(parameters), "link: flit_bits must be a multiple of 64; found 96");
  parameters = {};
  parameters.forward_delay = 0;
  EXPECT_EQ(message(parameters), "link: forward_delay must be from 1 to 60000; found 0");
  parameters = {};
  parameters.timeout = 22;
  EXPECT_EQ(
      message(parameters), "link: timeout must be more than the round trip of 22 cycles; found 22");
  EXPECT_THROW(check(Traffic{}), std::invalid_argument);
  EXPECT_THROW(check(Traffic{{3, 0}, 1}), std::invalid_argument);
}

}  // namespace
}  // namespace headroom::link
