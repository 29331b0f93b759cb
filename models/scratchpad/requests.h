// The requests of a traffic, and the neighbours that offer them and take the responses: the same
// for the cycle core and the RTL's adaptor.
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/edge.h"
#include "models/scratchpad/scratchpad.h"

namespace headroom::scratchpad {

struct Request {
  std::int64_t address = 0;  // in words
  bool write = false;
  // The word to write: its lowest 64 bits; golden::word derives the bits above from them.
  std::uint64_t data = 0;
  std::uint64_t enables = ~std::uint64_t{0};  // bit b: byte b is written
};

// Of each port, in order.
using Requests = std::vector<std::vector<Request>>;

// The same arguments give the same requests on every machine. Throws as check() does.
[[nodiscard]] Requests requests_of(const Parameters& parameters, const Traffic& traffic);

// Throws std::invalid_argument unless there is a list for each port and every address is a word.
void check(const Parameters& parameters, const Requests& requests);

// When a port offers its next request, and when it takes a response; they outlive their users.
struct Edges {
  std::vector<const Edge*> requests, responses;  // of each port
};

// No stalls.
[[nodiscard]] Edges open_edges(const Parameters& parameters);

// When each request was granted and each response delivered, of each port in order.
struct Timeline {
  std::vector<std::vector<Cycles>> granted, responded;

  explicit Timeline(std::size_t ports = 0) : granted(ports), responded(ports) {}
};

// Which requests stand at the ports.
class Offers {
 public:
  // The requests and edges outlive it.
  Offers(const Requests& requests, const Edges& edges, bool lockstep);

  void begin(Cycles now);  // of each cycle, ascending by one
  [[nodiscard]] bool offered(std::size_t port) const { return ports_[port].offered; }
  [[nodiscard]] const Request& head(std::size_t port) const {
    return ports_[port].list[ports_[port].next];
  }
  // The cycle from which the head has been offered.
  [[nodiscard]] Cycles since(std::size_t port) const { return ports_[port].since; }
  void granted(std::size_t port);  // the head; once a cycle and port
  [[nodiscard]] bool all_granted() const { return left_ == 0; }

 private:
  struct Port {
    const Request* list;
    std::size_t next, count;
    bool offered;
    Cycles since, open_until;
    const Edge* edge;
  };
  std::vector<Port> ports_;
  bool lockstep_;
  std::size_t left_ = 0;    // requests, of all ports
  std::size_t vector_ = 0;  // lockstep: the requests that may be offered
  std::size_t vector_left_ = 0;
};

}  // namespace headroom::scratchpad
