// Small cases of the scratchpad, drawn by hand in docs/blocks/scratchpad.md: cycle is held to them
// in tests/models, rtl in tests/cosim.
#pragma once

#include <string>
#include <vector>

#include "models/scratchpad/requests.h"

namespace headroom::scratchpad {

inline Parameters small(int ports, int banks) {
  Parameters parameters;
  parameters.ports = ports;
  parameters.banks = banks;
  parameters.data_bits = ports == 3 ? 16 : 32;  // of the Verilated variants
  parameters.words_per_bank = ports == 3 ? 7 : 16;
  return parameters;
}

inline Request read(std::int64_t address) { return {address, false, 0, 0}; }
inline Request write(std::int64_t address, std::uint64_t data, std::uint64_t enables = 0xF) {
  return {address, true, data, enables};
}

struct HandDrawn {
  std::string name;
  Parameters parameters;
  Requests requests;
  std::vector<std::vector<Cycles>> granted, responded;
  Cycles cycles;
};

inline std::vector<HandDrawn> hand_drawn() {
  std::vector<HandDrawn> all;
  Parameters two = small(2, 4);
  all.push_back({"one read", two, {{read(5)}, {}}, {{0}, {}}, {{1}, {}}, 2});
  all.push_back({"the last write ends it", two, {{write(5, 1)}, {}}, {{0}, {}}, {{}, {}}, 1});
  all.push_back({"two banks at once", two, {{read(0)}, {read(1)}}, {{0}, {0}}, {{1}, {1}}, 2});
  all.push_back({"one bank twice", two, {{read(0)}, {read(4)}}, {{0}, {1}}, {{1}, {2}}, 3});
  all.push_back(
      {"one behind the other",
       two,
       {{read(0), read(1), read(2)}, {read(0), read(1), read(2)}},
       {{0, 1, 2}, {1, 2, 3}},
       {{1, 2, 3}, {2, 3, 4}},
       5});
  two.read_latency = 2;
  all.push_back({"two cycles", two, {{read(5), read(6)}, {}}, {{0, 1}, {}}, {{2, 3}, {}}, 4});
  two.outstanding_reads = 2;
  all.push_back(
      {"two cycles, two outstanding",
       two,
       {{read(5), read(6), read(7)}, {}},
       {{0, 1, 3}, {}},
       {{2, 3, 5}, {}},
       6});
  two = small(2, 4);
  two.outstanding_reads = 1;
  all.push_back(
      {"one outstanding; a write needs none",
       two,
       {{read(5), write(6, 1), read(7), read(5)}, {}},
       {{0, 1, 2, 4}, {}},
       {{1, 3, 5}, {}},
       6});
  two = small(2, 4);
  all.push_back({"write, then read", two, {{write(0, 0xA5)}, {read(0)}}, {{0}, {1}}, {{}, {2}}, 3});
  two.one_read_one_write = true;
  all.push_back(
      {"write beside read, 1R1W", two, {{write(0, 0xA5)}, {read(0)}}, {{0}, {0}}, {{}, {1}}, 2});
  two = small(2, 4);
  two.interleave = Interleave::xor_hashed;  // 4 lies in row 1: bank 0 ^ 1
  all.push_back({"hashed", two, {{read(0)}, {read(4)}}, {{0}, {0}}, {{1}, {1}}, 2});
  all.push_back({"hashed, one bank", two, {{read(1)}, {read(4)}}, {{0}, {1}}, {{1}, {2}}, 3});

  // Bank 0 from three ports; port 2 comes to it in cycle 2.
  Parameters three = small(3, 2);
  const Requests requests{
      {read(0), read(2), read(4)}, {read(0), read(2)}, {read(1), read(3), read(0)}};
  all.push_back(
      {"round robin",
       three,
       requests,
       {{0, 3, 5}, {1, 4}, {0, 1, 2}},
       {{1, 4, 6}, {2, 5}, {1, 2, 3}},
       7});
  three.arbitration = Arbitration::age;
  all.push_back(
      {"age", three, requests, {{0, 2, 5}, {1, 3}, {0, 1, 4}}, {{1, 3, 6}, {2, 4}, {1, 2, 5}}, 7});
  // Ports 1 and 2 come to bank 0 in cycle 1; port 1 has just had its turn.
  all.push_back(
      {"age, equals by turn",
       three,
       {{}, {read(0), read(2)}, {read(1), read(0)}},
       {{}, {0, 2}, {0, 1}},
       {{}, {1, 3}, {1, 2}},
       4});
  return all;
}

}  // namespace headroom::scratchpad
