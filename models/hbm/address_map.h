// From a byte address to a place in HBM and back.
//
// The lowest bits count bytes of a burst, the next bursts of one interleave unit (`interleave`
// bytes that stay in one row); the fields of `order` follow, lowest first. Sizes need not be powers
// of two (a chip has five stacks). Hashes are XORs with fields that they leave alone, so that they
// can be undone: of bank group and bank with the low bits of the row, so that rows a power of two
// apart do not meet in one bank (Zhang et al., MICRO 2000), and of channel and pseudo-channel with
// all that stands above them, so that strides of powers of two reach every channel.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "models/hbm/device.h"

namespace headroom::hbm {

enum class Field : std::uint8_t {
  stack,
  channel,
  pseudo_channel,
  stack_id,
  bank_group,
  bank,
  row,
  column
};

inline constexpr std::array<std::string_view, 8> field_names{
    "stack", "channel", "pseudo_channel", "stack_id", "bank_group", "bank", "row", "column"};

struct Mapping {
  std::int64_t interleave = 64;  // bytes, a power of two of bursts, at most a row
  // Lowest first, each field once. `column` is what the interleave unit leaves of it.
  std::array<Field, 8> order{
      Field::pseudo_channel, Field::channel, Field::stack,    Field::bank_group,
      Field::column,         Field::bank,    Field::stack_id, Field::row};
  bool hash_banks = true;     // applies where bank groups and banks are powers of two
  bool hash_channels = true;  // applies where channels and pseudo-channels are powers of two
};

// Where a burst lies; bank counts within its bank group, column in bursts.
struct Location {
  std::int32_t stack = 0, channel = 0, pseudo_channel = 0, stack_id = 0;
  std::int32_t bank_group = 0, bank = 0, row = 0, column = 0;
};

[[nodiscard]] constexpr bool operator==(const Location& a, const Location& b) {
  return a.stack == b.stack && a.channel == b.channel && a.pseudo_channel == b.pseudo_channel &&
         a.stack_id == b.stack_id && a.bank_group == b.bank_group && a.bank == b.bank &&
         a.row == b.row && a.column == b.column;
}

class AddressMap {
 public:
  // std::invalid_argument, with what was found and what was expected, where `mapping` does not fit
  // the organisation.
  AddressMap(const Organisation& organisation, const Mapping& mapping);

  // `address` < capacity(), rounded down to its burst.
  [[nodiscard]] Location locate(std::uint64_t address) const;
  [[nodiscard]] std::uint64_t address(const Location& location) const;

  [[nodiscard]] std::uint64_t capacity() const { return capacity_; }  // bytes
  [[nodiscard]] std::int64_t interleave() const { return mapping_.interleave; }

 private:
  // A digit of the address, lowest first; shift and mask where its size is a power of two.
  struct Digit {
    Field field = Field::row;
    std::uint64_t size = 1, mask = 0;
    int shift = 0;
  };

  [[nodiscard]] std::uint64_t channel_hash(const std::array<std::uint64_t, 8>& fields) const;
  void hash(std::array<std::uint64_t, 8>& fields) const;
  void unhash(std::array<std::uint64_t, 8>& fields) const;

  Mapping mapping_;
  std::uint64_t capacity_ = 0, burst_bytes_ = 0, unit_bursts_ = 0;
  std::array<Digit, 8> digits_;
  bool powers_of_two_ = true;
  int burst_shift_ = 0, unit_shift_ = 0;
  int group_bits_ = 0, bank_bits_ = 0, column_bits_ = 0, channel_bits_ = 0, pseudo_bits_ = 0;
};

}  // namespace headroom::hbm
