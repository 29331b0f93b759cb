#include "models/scratchpad/requests.h"

#include <stdexcept>
#include <string>

#include "models/scratchpad/bank_map.h"

namespace headroom::scratchpad {
namespace {

std::int64_t address(const Parameters& parameters, const Traffic& traffic, std::int64_t port,
                     std::int64_t i, std::uint64_t seed) {
  const auto below = [seed](std::uint64_t salt, std::int64_t end) {
    return static_cast<std::int64_t>(mix(seed + salt) % static_cast<std::uint64_t>(end));
  };
  const std::int64_t words = parameters.words();
  switch (traffic.pattern) {
    case Pattern::random: break;
    case Pattern::strided: {
      // Each factor below words() first, so that the products stay small.
      const std::int64_t offset = (port * (traffic.offset % words)) % words;
      const std::int64_t walked = (i % words) * (traffic.stride % words) % words;
      return ((offset + walked) % words + words) % words;
    }
    case Pattern::hot_bank:
      if (below(3, 100) < traffic.hot_percent)
        return address_of(parameters, 0, below(4, parameters.words_per_bank));
      break;
  }
  return below(5, words);
}

}  // namespace

Requests requests_of(const Parameters& parameters, const Traffic& traffic) {
  check(parameters);
  check(traffic);
  Requests requests(static_cast<std::size_t>(parameters.ports));
  for (std::size_t p = 0; p < requests.size(); ++p) {
    const std::uint64_t of_port = mix(mix(traffic.seed) + p);
    requests[p].reserve(static_cast<std::size_t>(traffic.requests));
    for (std::int64_t i = 0; i < traffic.requests; ++i) {
      const std::uint64_t seed = mix(of_port + static_cast<std::uint64_t>(i));
      Request request;
      request.address = address(parameters, traffic, static_cast<std::int64_t>(p), i, seed);
      request.write = mix(seed + 1) % 100 < static_cast<std::uint64_t>(traffic.write_percent);
      request.data = mix(seed + 2);
      if (mix(seed + 6) % 2 == 0) request.enables = mix(seed + 7);
      requests[p].push_back(request);
    }
  }
  return requests;
}

void check(const Parameters& parameters, const Requests& requests) {
  check(parameters);
  if (requests.size() != static_cast<std::size_t>(parameters.ports))
    throw std::invalid_argument(
        "scratchpad: found requests of " + std::to_string(requests.size()) +
        " ports; expected those of " + std::to_string(parameters.ports));
  for (const auto& of_port : requests)
    for (const Request& request : of_port)
      if (request.address < 0 || request.address >= parameters.words())
        throw std::invalid_argument(
            "scratchpad: found address " + std::to_string(request.address) + "; expected 0 to " +
            std::to_string(parameters.words() - 1));
}

Edges open_edges(const Parameters& parameters) {
  static const OpenEdge open;
  const std::vector<const Edge*> all(static_cast<std::size_t>(parameters.ports), &open);
  return {all, all};
}

Offers::Offers(const Requests& requests, const Edges& edges, bool lockstep) : lockstep_(lockstep) {
  for (std::size_t p = 0; p < requests.size(); ++p) {
    ports_.push_back({requests[p].data(), 0, requests[p].size(), false, 0, 0, edges.requests[p]});
    left_ += requests[p].size();
  }
}

void Offers::begin(Cycles now) {
  if (lockstep_ && vector_left_ == 0 && left_ > 0) {
    ++vector_;
    for (const Port& port : ports_) vector_left_ += port.count >= vector_;
  }
  for (Port& port : ports_) {
    if (port.offered || port.next == port.count || (lockstep_ && port.next == vector_)) continue;
    if (now >= port.open_until) {
      const Cycles open = port.edge->open_for(now);
      port.open_until = open == forever ? forever : now + open;
    }
    if (now < port.open_until) {
      port.offered = true;
      port.since = now;
    }
  }
}

void Offers::granted(std::size_t p) {
  Port& port = ports_[p];
  port.offered = false;
  ++port.next;
  --left_;
  if (lockstep_) --vector_left_;
}

}  // namespace headroom::scratchpad
