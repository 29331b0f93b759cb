// Which fidelities and variants there are, what is said about those that are not, and the SystemC
// module.
#include <gtest/gtest.h>

#include <string>
#include <systemc>

#include "models/scratchpad/cycle.h"
#include "models/scratchpad/rtl.h"
#include "models/scratchpad/scratchpad.h"
#include "tests/models/scratchpad/hand_drawn.h"

namespace headroom::scratchpad {
namespace {

template <typename Error>
std::string message(Fidelity fidelity, const Parameters& parameters) {
  try {
    (void)make_scratchpad(fidelity, parameters);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ScratchpadFidelity, MessagesListWhatExists) {
  const std::string built = "scratchpad rtl is built for " + rtl_variants_text() + "; found ";
  EXPECT_NE(built.find("2x4 of 16 words of 32 bits"), std::string::npos) << built;
  EXPECT_NE(built.find(" (ports x banks) of "), std::string::npos) << built;
  Parameters p = small(32, 32);
  EXPECT_EQ(message<UnavailableFidelity>(Fidelity::rtl, p),
            built + "32x32 of 16 words of 32 bits with 4 outstanding reads");
  p = small(2, 4);
  p.outstanding_reads = 5;
  EXPECT_EQ(message<UnavailableFidelity>(Fidelity::rtl, p),
            built + "2x4 of 16 words of 32 bits with 5 outstanding reads");
  EXPECT_EQ(message<UnavailableFidelity>(Fidelity::golden, p),
            "scratchpad has the fidelities analytic, cycle, rtl for time; found golden");
}

TEST(ScratchpadFidelity, NonsenseIsRefusedAtEveryFidelity) {
  const auto complaint = [](auto change) {
    Parameters p = small(2, 4);
    change(p);
    std::string text;
    for (const Fidelity fidelity : {Fidelity::analytic, Fidelity::cycle, Fidelity::rtl}) {
      const std::string here = message<std::invalid_argument>(fidelity, p);
      EXPECT_TRUE(text.empty() || here == text) << here;
      text = here;
    }
    return text;
  };
  EXPECT_EQ(complaint([](Parameters& p) { p.banks = 3; }),
            "scratchpad: banks must be a power of two; found 3");
  EXPECT_EQ(complaint([](Parameters& p) { p.banks = 0; }),
            "scratchpad: banks must be a power of two; found 0");
  EXPECT_EQ(complaint([](Parameters& p) { p.ports = 65; }),
            "scratchpad: ports must be from 1 to 64; found 65");
  EXPECT_EQ(complaint([](Parameters& p) { p.data_bits = 12; }),
            "scratchpad: data_bits must be a multiple of 8 from 8 to 512; found 12");
  EXPECT_EQ(complaint([](Parameters& p) { p.words_per_bank = 0; }),
            "scratchpad: words_per_bank must be at least 1; found 0");
  EXPECT_EQ(complaint([](Parameters& p) { p.read_latency = 3; }),
            "scratchpad: read_latency must be 1 or 2; found 3");
  EXPECT_EQ(complaint([](Parameters& p) { p.outstanding_reads = 0; }),
            "scratchpad: outstanding_reads must be at least 1; found 0");
  Traffic t;
  for (const Fidelity fidelity : {Fidelity::analytic, Fidelity::cycle, Fidelity::rtl})
    EXPECT_THROW((void)make_scratchpad(fidelity, small(2, 4))->cycles(t), std::invalid_argument);
}

TEST(ScratchpadFidelity, AllAgreeOnAStride) {
  Traffic t;
  t.pattern = Pattern::strided;
  t.requests = 50;
  t.offset = 0;
  for (const Fidelity fidelity : {Fidelity::analytic, Fidelity::cycle, Fidelity::rtl})
    EXPECT_EQ(make_scratchpad(fidelity, small(2, 4))->cycles(t), 52U) << to_string(fidelity);
}

// The module spends the core's cycles.
TEST(ScratchpadSystemC, EndsWithItsWork) {
  const Parameters p = small(2, 4);
  Traffic t;
  t.requests = 500;
  const Requests requests = requests_of(p, t);
  const auto period = sc_core::sc_time(2, sc_core::SC_NS);
  CycleBanks banks("banks", p, requests, open_edges(p), false, period);
  sc_core::sc_start();
  ASSERT_TRUE(banks.done());
  EXPECT_EQ(banks.cycles(), make_scratchpad(Fidelity::cycle, p)->cycles(t));
  EXPECT_EQ(sc_core::sc_time_stamp(), period * static_cast<double>(banks.cycles()));
  EXPECT_EQ(banks.events(), banks.cycles());
}

}  // namespace
}  // namespace headroom::scratchpad
