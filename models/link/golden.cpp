#include "models/link/golden.h"

#include "models/base/random.h"
#include "models/link/packet.h"

namespace headroom::link::golden {

std::uint64_t payload_word(std::uint64_t seed, std::int64_t number, int word) {
  return mix(mix(seed + static_cast<std::uint64_t>(number)) + static_cast<std::uint64_t>(word));
}

std::vector<Flit> arrivals(const Parameters& parameters, const Traffic& traffic) {
  check(parameters);
  check(traffic);
  std::vector<Flit> result;
  std::int64_t number = 0;
  for (const std::int64_t flits : traffic.message_flits)
    for (std::int64_t i = 0; i < flits; ++i, ++number) {
      Flit flit{{}, i == flits - 1};
      for (int word = 0; word < parameters.flit_bits / 64; ++word)
        flit.words.push_back(payload_word(traffic.seed, number, word));
      result.push_back(std::move(flit));
    }
  return result;
}

std::uint32_t crc32(const std::vector<std::uint8_t>& message) {
  // The message as coefficients, highest power first.
  std::vector<bool> bits;
  for (const std::uint8_t byte : message)
    for (int bit = 0; bit < 8; ++bit) bits.push_back((byte >> bit & 1) != 0);
  bits.resize(bits.size() + 32, false);
  for (std::size_t i = 0; i < 32; ++i) bits[i] = !bits[i];
  // x^32 + x^26 + x^23 + x^22 + x^16 + x^12 + x^11 + x^10 + x^8 + x^7 + x^5 + x^4 + x^2 + x + 1
  constexpr std::array<std::size_t, 15> powers{32, 26, 23, 22, 16, 12, 11, 10, 8, 7, 5, 4, 2, 1, 0};
  for (std::size_t i = 0; i + 32 < bits.size(); ++i)
    if (bits[i])
      for (const std::size_t power : powers) bits[i + 32 - power] = !bits[i + 32 - power];
  std::uint32_t remainder = 0;
  for (std::size_t i = 0; i < 32; ++i)
    if (!bits[bits.size() - 32 + i]) remainder |= 1U << i;
  return remainder;
}

std::uint64_t header(const std::vector<Flit>& payload, std::uint8_t sequence) {
  const Header fields{
      !payload.empty() && payload.back().last, static_cast<std::uint8_t>(payload.size()), sequence};
  std::vector<std::uint8_t> message;
  const auto append = [&message](std::uint64_t word, int bytes) {
    for (int byte = 0; byte < bytes; ++byte)
      message.push_back(static_cast<std::uint8_t>(word >> (8 * byte)));
  };
  for (const Flit& flit : payload)
    for (const std::uint64_t word : flit.words) append(word, 8);
  append(fields.body(), 4);
  return static_cast<std::uint64_t>(crc32(message)) << 32 | fields.body();
}

}  // namespace headroom::link::golden
