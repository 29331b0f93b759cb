#include "models/scratchpad/rtl.h"

#include <memory>
#include <stdexcept>
#include <string>

#include "models/scratchpad/rtl_pins.h"

namespace headroom::scratchpad {
namespace {

constexpr Cycles patience = 1'000'000;

Requests initial_writes(const Parameters& parameters, std::uint64_t seed) {
  Requests writes(static_cast<std::size_t>(parameters.ports));
  for (std::int64_t address = 0; address < parameters.words(); ++address)
    writes[static_cast<std::size_t>(address) % writes.size()].push_back(
        golden::initial(address, seed));
  return writes;
}

class Adaptor {
 public:
  Adaptor(const Parameters& parameters, const Requests& requests, const Edges& edges, bool lockstep,
          RtlPins& pins)
      : edges_(edges), offers_(requests, edges_, lockstep), pins_(pins) {
    run_.timeline = Timeline(requests.size());
    run_.values.resize(requests.size());
    for (const auto& of_port : requests)
      for (const Request& request : of_port) reads_left_ += !request.write;
    pins_.reset(parameters);
  }

  RtlRun run() {
    while (!offers_.all_granted() || reads_left_ > 0) {
      cycle();
      if (now_ - last_ > patience)
        throw std::logic_error("scratchpad rtl: nothing moved for 1000000 cycles");
    }
    run_.cycles = any_ ? last_ - first_ + 1 : 0;
    run_.simulated = now_;
    return std::move(run_);
  }

 private:
  void cycle() {
    offers_.begin(now_);
    std::uint64_t valid = 0, ready = 0;
    for (std::size_t p = 0; p < run_.values.size(); ++p) {
      const std::uint64_t bit = std::uint64_t{1} << p;
      if (edges_.responses[p]->open_for(now_) > 0) ready |= bit;
      if (!offers_.offered(p)) continue;
      valid |= bit;
      if (offers_.since(p) == now_) pins_.drive(p, offers_.head(p));
    }
    const RtlPins::Outputs pin = pins_.settle(valid, ready);
    for (std::size_t p = 0; p < run_.values.size(); ++p) {
      const std::uint64_t bit = std::uint64_t{1} << p;
      if ((pin.response_valid & ready & bit) != 0) {
        run_.values[p].push_back(pins_.read_response(p));
        run_.timeline.responded[p].push_back(now_);
        --reads_left_;
        moved();
      }
      if ((valid & pin.request_ready & bit) != 0) {
        run_.timeline.granted[p].push_back(now_);
        offers_.granted(p);
        moved();
      }
    }
    pins_.clock();
    ++now_;
  }

  void moved() {
    if (!any_) first_ = now_;
    any_ = true;
    last_ = now_;
  }

  Edges edges_;
  Offers offers_;
  RtlPins& pins_;
  RtlRun run_;
  std::int64_t reads_left_ = 0;
  Cycles now_ = 0, first_ = 0, last_ = 0;
  bool any_ = false;
};

}  // namespace

void check_rtl_variant(const Parameters& parameters) {
  check(parameters);
  for (const RtlPins::Variant& variant : RtlPins::built())
    if (variant.fits(parameters)) return;
  throw UnavailableFidelity(
      "scratchpad rtl is built for", RtlPins::built_text(),
      std::to_string(parameters.ports) + "x" + std::to_string(parameters.banks) + " of " +
          std::to_string(parameters.words_per_bank) + " words of " +
          std::to_string(parameters.data_bits) + " bits with " +
          std::to_string(parameters.outstanding_reads) + " outstanding reads");
}

std::string rtl_variants_text() { return RtlPins::built_text(); }

std::optional<Parameters> rtl_variant(int ports, int banks) {
  for (const RtlPins::Variant& variant : RtlPins::built())
    if (variant.ports == ports && variant.banks == banks) {
      Parameters parameters;
      parameters.ports = ports;
      parameters.banks = banks;
      parameters.data_bits = variant.data_bits;
      parameters.words_per_bank = variant.words_per_bank;
      parameters.outstanding_reads = variant.outstanding;
      return parameters;
    }
  return std::nullopt;
}

RtlRun run_rtl(const Parameters& parameters, const Requests& requests, const Edges& edges,
               bool lockstep, std::uint64_t seed) {
  check_rtl_variant(parameters);
  check(parameters, requests);
  const auto pins = RtlPins::make(parameters, seed);
  const Requests writes = initial_writes(parameters, seed);
  (void)Adaptor(parameters, writes, open_edges(parameters), false, *pins).run();
  return Adaptor(parameters, requests, edges, lockstep, *pins).run();
}

RtlScratchpad::RtlScratchpad(const Parameters& parameters) : Scratchpad(parameters) {
  check_rtl_variant(parameters);
}

Cycles RtlScratchpad::cycles(const Traffic& traffic) {
  const Requests requests = requests_of(parameters(), traffic);
  const RtlRun run = run_rtl(
      parameters(), requests, open_edges(parameters()), traffic.lockstep, traffic.seed);
  if (run.values != golden::replay(parameters(), requests, run.timeline.granted, traffic.seed))
    throw std::logic_error("scratchpad rtl differs from golden");
  return run.cycles;
}

}  // namespace headroom::scratchpad
