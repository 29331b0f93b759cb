#include "models/hbm/address_map.h"

#include <stdexcept>
#include <string>

namespace headroom::hbm {
namespace {

bool power_of_two(std::uint64_t value) { return value != 0 && (value & (value - 1)) == 0; }

// Bits that tell `count` values apart.
int bits(std::uint64_t count) {
  int n = 0;
  while ((std::uint64_t{1} << n) < count) ++n;
  return n;
}

std::uint64_t size_of(const Organisation& o, Field field, std::uint64_t unit_bursts) {
  switch (field) {
    case Field::stack: return static_cast<std::uint64_t>(o.stacks);
    case Field::channel: return static_cast<std::uint64_t>(o.channels);
    case Field::pseudo_channel: return static_cast<std::uint64_t>(o.pseudo_channels);
    case Field::stack_id: return static_cast<std::uint64_t>(o.stack_ids);
    case Field::bank_group: return static_cast<std::uint64_t>(o.bank_groups);
    case Field::bank: return static_cast<std::uint64_t>(o.banks_per_group);
    case Field::row: return static_cast<std::uint64_t>(o.rows);
    case Field::column: return static_cast<std::uint64_t>(o.columns) / unit_bursts;
  }
  return 0;
}

void check(const Organisation& o, const Mapping& mapping) {
  const std::int64_t burst = o.burst_bytes();
  if (mapping.interleave < burst || mapping.interleave > o.row_bytes() ||
      !power_of_two(static_cast<std::uint64_t>(mapping.interleave)) ||
      mapping.interleave % burst != 0 || o.row_bytes() % mapping.interleave != 0)
    throw std::invalid_argument(
        "interleave: found " + std::to_string(mapping.interleave) +
        " B; expected a power of two from a burst (" + std::to_string(burst) + " B) to a row (" +
        std::to_string(o.row_bytes()) + " B)");
  unsigned seen = 0;
  for (const Field field : mapping.order) seen |= 1U << static_cast<unsigned>(field);
  if (seen != 0xFF)
    throw std::invalid_argument("order of the address map: expected each of the eight fields once");
}

template <class Fields>
auto& at(Fields& fields, Field field) {
  return fields[static_cast<std::size_t>(field)];
}

}  // namespace

AddressMap::AddressMap(const Organisation& o, const Mapping& mapping) : mapping_(mapping) {
  check(o, mapping);
  burst_bytes_ = static_cast<std::uint64_t>(o.burst_bytes());
  unit_bursts_ = static_cast<std::uint64_t>(mapping.interleave) / burst_bytes_;
  powers_of_two_ = power_of_two(burst_bytes_);
  burst_shift_ = bits(burst_bytes_);
  unit_shift_ = bits(unit_bursts_);
  int shift = burst_shift_ + unit_shift_;
  std::uint64_t size = burst_bytes_ * unit_bursts_;
  for (std::size_t i = 0; i < digits_.size(); ++i) {
    const std::uint64_t count = size_of(o, mapping.order[i], unit_bursts_);
    powers_of_two_ = powers_of_two_ && power_of_two(count);
    digits_[i] = {mapping.order[i], count, count - 1, shift};
    shift += bits(count);
    size *= count;
  }
  capacity_ = size;
  const auto hashable = [](int a, int b) {
    return power_of_two(static_cast<std::uint64_t>(a)) &&
           power_of_two(static_cast<std::uint64_t>(b));
  };
  mapping_.hash_banks = mapping.hash_banks && hashable(o.bank_groups, o.banks_per_group);
  mapping_.hash_channels = mapping.hash_channels && hashable(o.channels, o.pseudo_channels);
  group_bits_ = bits(static_cast<std::uint64_t>(o.bank_groups));
  bank_bits_ = bits(static_cast<std::uint64_t>(o.banks_per_group));
  column_bits_ = bits(size_of(o, Field::column, unit_bursts_));
  channel_bits_ = bits(static_cast<std::uint64_t>(o.channels));
  pseudo_bits_ = bits(static_cast<std::uint64_t>(o.pseudo_channels));
}

// What stands above the channel, cut into pieces as long as a channel number and added bit by bit:
// neighbouring address bits reach different bits of the channel.
std::uint64_t AddressMap::channel_hash(const std::array<std::uint64_t, 8>& fields) const {
  const int width = channel_bits_ + pseudo_bits_;
  if (width == 0) return 0;
  std::uint64_t above = at(fields, Field::row);
  above = above << bank_bits_ | at(fields, Field::bank);
  above = above << column_bits_ | at(fields, Field::column);
  above = above << group_bits_ | at(fields, Field::bank_group);
  std::uint64_t folded = 0;
  for (; above != 0; above >>= width) folded ^= above;
  return folded & ((std::uint64_t{1} << width) - 1);
}

void AddressMap::hash(std::array<std::uint64_t, 8>& fields) const {
  if (mapping_.hash_channels) {
    const std::uint64_t hash = channel_hash(fields);
    at(fields, Field::pseudo_channel) ^= hash & ((std::uint64_t{1} << pseudo_bits_) - 1);
    at(fields, Field::channel) ^= hash >> pseudo_bits_;
  }
  if (mapping_.hash_banks) {
    const std::uint64_t row = at(fields, Field::row);
    at(fields, Field::bank_group) ^= row & ((std::uint64_t{1} << group_bits_) - 1);
    at(fields, Field::bank) ^= row >> group_bits_ & ((std::uint64_t{1} << bank_bits_) - 1);
  }
}

void AddressMap::unhash(std::array<std::uint64_t, 8>& fields) const {
  if (mapping_.hash_banks) {
    const std::uint64_t row = at(fields, Field::row);
    at(fields, Field::bank_group) ^= row & ((std::uint64_t{1} << group_bits_) - 1);
    at(fields, Field::bank) ^= row >> group_bits_ & ((std::uint64_t{1} << bank_bits_) - 1);
  }
  if (mapping_.hash_channels) {
    const std::uint64_t hash = channel_hash(fields);
    at(fields, Field::pseudo_channel) ^= hash & ((std::uint64_t{1} << pseudo_bits_) - 1);
    at(fields, Field::channel) ^= hash >> pseudo_bits_;
  }
}

Location AddressMap::locate(std::uint64_t address) const {
  std::array<std::uint64_t, 8> fields{};
  std::uint64_t unit_burst = 0;
  if (powers_of_two_) {
    unit_burst = address >> burst_shift_ & (unit_bursts_ - 1);
    for (const Digit& digit : digits_)
      at(fields, digit.field) = address >> digit.shift & digit.mask;
  } else {
    std::uint64_t rest = address / burst_bytes_;
    unit_burst = rest % unit_bursts_;
    rest /= unit_bursts_;
    for (const Digit& digit : digits_) {
      at(fields, digit.field) = rest % digit.size;
      rest /= digit.size;
    }
  }
  hash(fields);
  const auto number = [&](Field field) { return static_cast<std::int32_t>(at(fields, field)); };
  return {
      number(Field::stack),
      number(Field::channel),
      number(Field::pseudo_channel),
      number(Field::stack_id),
      number(Field::bank_group),
      number(Field::bank),
      number(Field::row),
      static_cast<std::int32_t>(at(fields, Field::column) * unit_bursts_ + unit_burst)};
}

std::uint64_t AddressMap::address(const Location& l) const {
  std::array<std::uint64_t, 8> fields{};
  const auto set = [&](Field field, std::int32_t value) {
    at(fields, field) = static_cast<std::uint64_t>(value);
  };
  const auto column = static_cast<std::uint64_t>(l.column);
  set(Field::stack, l.stack);
  set(Field::channel, l.channel);
  set(Field::pseudo_channel, l.pseudo_channel);
  set(Field::stack_id, l.stack_id);
  set(Field::bank_group, l.bank_group);
  set(Field::bank, l.bank);
  set(Field::row, l.row);
  at(fields, Field::column) = column / unit_bursts_;
  unhash(fields);
  std::uint64_t address = 0, weight = burst_bytes_ * unit_bursts_;
  for (const Digit& digit : digits_) {
    address += at(fields, digit.field) * weight;
    weight *= digit.size;
  }
  return address + column % unit_bursts_ * burst_bytes_;
}

}  // namespace headroom::hbm
