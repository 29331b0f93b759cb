// The link in `headroom cosim`.
#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "models/link/cosim.h"
#include "sim/cli/command.h"
#include "sim/cli/cosim_block.h"
#include "sim/cli/options.h"

namespace headroom::cosim {
namespace {

namespace cases = link::cosim;

constexpr std::array<std::string_view, 2> error_names{"none", "random"};

Json describe(const cases::Case& one, std::uint64_t number) {
  const link::Parameters& link = one.parameters;
  return {
      {"case", number},
      {"seed", one.traffic.seed},
      {"flit_bits", link.flit_bits},
      {"max_payload", link.max_payload},
      {"replay_packets", link.replay_packets},
      {"buffer_flits", link.buffer_flits},
      {"forward_delay", link.forward_delay},
      {"backward_delay", link.backward_delay},
      {"control_spacing", link.control_spacing},
      {"control_refresh", link.control_refresh},
      {"timeout", link.timeout},
      {"bit_error_rate", one.bit_error_rate},
      {"messages", one.traffic.message_flits}};
}

std::string hex(const link::golden::Flit& flit) {
  std::string text;
  for (auto word = flit.words.rbegin(); word != flit.words.rend(); ++word)
    text += fmt::format("{:016x}", *word);
  return text;
}

Json dumped(const cases::Case& one, const cases::Outcome& outcome, std::uint64_t number) {
  Json line = describe(one, number);
  Json flits = Json::array();
  for (std::size_t i = 0; i < outcome.rtl.flits.size(); ++i)
    flits.push_back(
        {{"data", hex(outcome.rtl.flits[i])},
         {"last", outcome.rtl.flits[i].last},
         {"cycle", outcome.rtl.deliveries[i]}});
  line["flits"] = std::move(flits);
  line["packets"] = outcome.packets;
  line["resent"] = outcome.resent;
  line["cycles"] = outcome.rtl.cycles;
  return line;
}

Json failure(const cases::Case& one, const cases::Outcome& outcome, std::uint64_t number) {
  Json result = describe(one, number);
  result["rtl_cycles"] = outcome.rtl.cycles;
  result["cycle_cycles"] = outcome.cycle_cycles;
  result["wrong_values"] = outcome.value_mismatches;
  if (outcome.first_wrong) {
    const std::size_t at = *outcome.first_wrong;
    result["first_wrong"] = {
        {"flit", at}, {"golden", hex(outcome.expected[at])}, {"rtl", hex(outcome.rtl.flits[at])}};
  }
  if (outcome.first_late) {
    const std::size_t at = *outcome.first_late;
    result["first_late"] = {
        {"flit", at}, {"cycle", outcome.deliveries[at]}, {"rtl", outcome.rtl.deliveries[at]}};
  }
  return result;
}

class LinkBlock : public Block {
 public:
  [[nodiscard]] std::string name() const override { return "link"; }

  void add_options(Command& command) override {
    command.add_option("--flit-bits", flit_bits_, "Flit of the built variant")
        ->check(in_range(64, 4096))
        ->type_name("INT")
        ->capture_default_str();
    command.add_option("--bit-errors", bit_errors_, "On both wires: none or random")
        ->check(one_of(error_names))
        ->type_name("ERRORS")
        ->capture_default_str();
    command.add_flag("--shut-sink", shut_sink_,
                     "Nothing is taken from the link, which then cannot go on (exit code 1)");
  }

  [[nodiscard]] std::string title() const override {
    return fmt::format("{} bits, bit errors {}", flit_bits_, bit_errors_);
  }

  [[nodiscard]] Json settings() const override {
    return {{"flit_bits", flit_bits_}, {"bit_errors", bit_errors_}};
  }

  void compare(const CommonOptions& common, Totals& totals,
               const std::function<void(const Json&)>* dump) override {
    cases::Options options{
        flit_bits_, common.seed,
        common.random_stalls() ? cases::StallKind::random : cases::StallKind::none,
        bit_errors_ == "random"};
    if (shut_sink_) options.stalls = cases::StallKind::shut;
    std::int64_t packets = 0, resent = 0, lost = 0;
    for (std::uint64_t number = 0; number < common.cases; ++number) {
      const cases::Case one = cases::draw(options, number);
      const cases::Outcome outcome = cases::run(one);
      totals.add(
          {outcome.value_mismatches, outcome.cycle_error, outcome.rtl.cycles, outcome.cycle_cycles,
           outcome.analytic_cycles, outcome.rtl_seconds, outcome.cycle_seconds},
          [&] { return failure(one, outcome, number); });
      packets += outcome.packets;
      resent += outcome.resent;
      lost += outcome.lost;
      if (dump != nullptr) (*dump)(dumped(one, outcome, number));
    }
    totals.notes.emplace_back(
        "packets", fmt::format("{}, {} lost, {} sent again", packets, lost, resent));
  }

 private:
  int flit_bits_ = 128;
  std::string bit_errors_ = "random";
  bool shut_sink_ = false;
};

}  // namespace

std::unique_ptr<Block> link_block() { return std::make_unique<LinkBlock>(); }

}  // namespace headroom::cosim
