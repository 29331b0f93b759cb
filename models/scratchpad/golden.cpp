#include "models/scratchpad/golden.h"

#include <algorithm>
#include <stdexcept>

namespace headroom::scratchpad::golden {
namespace {

std::size_t bytes_of(const Parameters& parameters) {
  return static_cast<std::size_t>(parameters.data_bits) / 8;
}

struct Grant {
  Cycles cycle;
  bool write;
  std::size_t port, index;
};

}  // namespace

Word word(const Parameters& parameters, const Request& request) {
  Word bytes(bytes_of(parameters));
  for (std::size_t b = 0; b < bytes.size(); ++b) {
    const std::uint64_t group = b / 8;
    const std::uint64_t bits = group == 0 ? request.data : mix(request.data + group);
    bytes[b] = static_cast<std::uint8_t>(bits >> (8 * (b % 8)));
  }
  return bytes;
}

Request initial(std::int64_t address, std::uint64_t seed) {
  Request request;
  request.address = address;
  request.write = true;
  request.data = mix(mix(seed) + static_cast<std::uint64_t>(address));
  return request;
}

Memory::Memory(const Parameters& parameters, std::uint64_t seed) : parameters_(parameters) {
  check(parameters);
  bytes_.resize(static_cast<std::size_t>(parameters.words()) * bytes_of(parameters));
  for (std::int64_t address = 0; address < parameters.words(); ++address)
    write(initial(address, seed));
}

Word Memory::read(std::int64_t address) const {
  const std::size_t bytes = bytes_of(parameters_);
  const auto first = bytes_.begin() + address * static_cast<std::ptrdiff_t>(bytes);
  return {first, first + static_cast<std::ptrdiff_t>(bytes)};
}

void Memory::write(const Request& request) {
  const Word bytes = word(parameters_, request);
  const std::size_t first = static_cast<std::size_t>(request.address) * bytes.size();
  for (std::size_t b = 0; b < bytes.size(); ++b)
    if ((request.enables >> b & 1) != 0) bytes_[first + b] = bytes[b];
}

std::vector<std::vector<Word>> replay(
    const Parameters& parameters, const Requests& requests,
    const std::vector<std::vector<Cycles>>& granted, std::uint64_t seed) {
  check(parameters, requests);
  std::vector<Grant> order;
  for (std::size_t p = 0; p < requests.size(); ++p) {
    if (p >= granted.size() || granted[p].size() != requests[p].size())
      throw std::invalid_argument("scratchpad: a request without the cycle of its grant");
    for (std::size_t i = 0; i < requests[p].size(); ++i)
      order.push_back({granted[p][i], requests[p][i].write, p, i});
  }
  std::stable_sort(order.begin(), order.end(), [](const Grant& a, const Grant& b) {
    return a.cycle != b.cycle ? a.cycle < b.cycle : a.write < b.write;
  });
  Memory memory(parameters, seed);
  std::vector<std::vector<Word>> values(requests.size());
  for (const Grant& grant : order) {
    const Request& request = requests[grant.port][grant.index];
    if (request.write)
      memory.write(request);
    else
      values[grant.port].push_back(memory.read(request.address));
  }
  return values;
}

}  // namespace headroom::scratchpad::golden
