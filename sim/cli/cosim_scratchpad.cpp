// The scratchpad's part of `headroom cosim`.
#include <fmt/format.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/scratchpad/cosim.h"
#include "models/scratchpad/rtl.h"
#include "sim/cli/command.h"
#include "sim/cli/cosim_block.h"
#include "sim/cli/options.h"

namespace headroom::cosim {
namespace {

namespace sp = scratchpad;

constexpr std::array<std::string_view, 2> latency_names{"1", "2"};

// Least significant byte last, as one reads a number.
std::string hex(const sp::golden::Word& word) {
  std::string text;
  for (auto byte = word.rbegin(); byte != word.rend(); ++byte) text += fmt::format("{:02x}", *byte);
  return text;
}

Json describe(const sp::cosim::Case& one, std::uint64_t number) {
  const sp::Parameters& p = one.parameters;
  const sp::Traffic& t = one.traffic;
  return {
      {"case", number},
      {"seed", t.seed},
      {"pattern", to_string(t.pattern)},
      {"requests", t.requests},
      {"stride", t.stride},
      {"offset", t.offset},
      {"hot_percent", t.hot_percent},
      {"write_percent", t.write_percent},
      {"lockstep", t.lockstep},
      {"banks", p.banks},
      {"ports", p.ports},
      {"data_bits", p.data_bits},
      {"words_per_bank", p.words_per_bank},
      {"interleave", to_string(p.interleave)},
      {"arbitration", to_string(p.arbitration)},
      {"read_latency", p.read_latency},
      {"one_read_one_write", p.one_read_one_write},
      {"outstanding_reads", p.outstanding_reads}};
}

// All words before cycle 0, then each port's requests and responses with their cycles.
Json dumped(const sp::cosim::Case& one, const sp::cosim::Outcome& outcome, std::uint64_t number) {
  Json line = describe(one, number);
  const sp::golden::Memory memory(one.parameters, one.traffic.seed);
  Json& words = line["words"] = Json::array();
  for (std::int64_t address = 0; address < one.parameters.words(); ++address)
    words.push_back(hex(memory.read(address)));
  Json& ports = line["of_ports"] = Json::array();
  for (std::size_t p = 0; p < outcome.requests.size(); ++p) {
    Json requests = Json::array(), responses = Json::array();
    for (std::size_t i = 0; i < outcome.requests[p].size(); ++i) {
      const sp::Request& request = outcome.requests[p][i];
      Json entry{{"granted", outcome.rtl.timeline.granted[p][i]}, {"address", request.address}};
      if (request.write) {
        sp::golden::Word enables;
        for (int b = 0; b < one.parameters.data_bits / 8; ++b)
          enables.push_back((request.enables >> b & 1) != 0 ? 0xFF : 0);
        entry["write"] = hex(sp::golden::word(one.parameters, request));
        entry["bits_written"] = hex(enables);
      }
      requests.push_back(std::move(entry));
    }
    for (std::size_t i = 0; i < outcome.rtl.values[p].size(); ++i)
      responses.push_back({{"delivered", outcome.rtl.timeline.responded[p][i]},
                           {"word", hex(outcome.rtl.values[p][i])}});
    ports.push_back({{"requests", std::move(requests)}, {"responses", std::move(responses)}});
  }
  return line;
}

Json failure(const sp::cosim::Case& one, const sp::cosim::Outcome& outcome, std::uint64_t number) {
  Json result = describe(one, number);
  result["rtl_cycles"] = outcome.rtl.cycles;
  result["cycle_cycles"] = outcome.cycle_cycles;
  if (outcome.analytic_compared) result["analytic_cycles"] = *outcome.analytic_cycles;
  result["wrong_words"] = outcome.value_mismatches;
  result["wrong_cycles"] = outcome.cycle_mismatches;
  const auto cycles = [&result](const char* key, const std::optional<sp::cosim::Difference>& d) {
    if (d)
      result[key] = {{"port", d->port}, {"index", d->index}, {"rtl", d->rtl}, {"cycle", d->cycle}};
  };
  cycles("first_wrong_grant", outcome.first_wrong_grant);
  cycles("first_wrong_response", outcome.first_wrong_response);
  if (const auto& d = outcome.first_wrong_word)
    result["first_wrong_word"] = {
        {"port", d->port},
        {"index", d->index},
        {"cycle", d->rtl},
        {"golden", hex(d->golden_word)},
        {"rtl", hex(d->rtl_word)}};
  return result;
}

class ScratchpadBlock final : public Block {
 public:
  [[nodiscard]] std::string name() const override { return "scratchpad"; }

  void add_options(Command& options) override {
    const auto add = [&options](const char* option, auto& value, const char* text, const char* type,
                                const Check& check) {
      options.add_option(option, value, text)->check(check)->type_name(type)->capture_default_str();
    };
    add("--banks", banks_, "Banks of the built variant", "INT", in_range(1, 1024));
    add("--ports", ports_, "Ports of the built variant", "INT", in_range(1, 64));
    add("--pattern", pattern_, "random, strided, hot_bank or all", "PATTERN",
        one_of_or_all(sp::pattern_names));
    add("--arbitration", arbitration_, "round_robin, age or all", "NAME",
        one_of_or_all(sp::arbitration_names));
    add("--read-latency", latency_, "Cycles from grant to response: 1, 2 or all", "CYCLES",
        one_of_or_all(latency_names));
  }

  [[nodiscard]] std::string title() const override {
    return fmt::format("{} ports, {} banks, pattern {}, arbitration {}, read latency {}", ports_,
                       banks_, pattern_, arbitration_, latency_);
  }

  [[nodiscard]] Json settings() const override {
    return {
        {"banks", banks_},
        {"ports", ports_},
        {"pattern", pattern_},
        {"arbitration", arbitration_},
        {"read_latency", latency_}};
  }

  void compare(const CommonOptions& common, Totals& totals,
               const std::function<void(const Json&)>* dump) override {
    closed_forms_ = exact_ = 0;
    for (const std::string& pattern : asked_for(pattern_, sp::pattern_names))
      for (const std::string& arbitration : asked_for(arbitration_, sp::arbitration_names))
        for (const std::string& latency : asked_for(latency_, latency_names)) {
          sp::cosim::Options options;
          options.parameters = variant();
          options.parameters.arbitration = enumerator<sp::Arbitration>(
              sp::arbitration_names, arbitration);
          options.parameters.read_latency = latency == "1" ? 1 : 2;
          options.pattern = enumerator<sp::Pattern>(sp::pattern_names, pattern);
          options.seed = common.seed;
          options.stalls = common.random_stalls();
          for (std::uint64_t number = 0; number < common.cases; ++number)
            run_case(sp::cosim::draw(options, number), number, totals, dump);
        }
    totals.notes.emplace_back(
        "analytic cases", fmt::format("{}, of them exact and compared {}", closed_forms_, exact_));
  }

 private:
  // Throws UnavailableFidelity, whose text lists what was built.
  [[nodiscard]] sp::Parameters variant() const {
    if (const auto built = sp::rtl_variant(ports_, banks_)) return *built;
    throw UnavailableFidelity(
        "scratchpad rtl is built for", sp::rtl_variants_text(),
        fmt::format("{}x{}", ports_, banks_));
  }

  void run_case(const sp::cosim::Case& one, std::uint64_t number, Totals& totals,
                const std::function<void(const Json&)>* dump) {
    const sp::cosim::Outcome outcome = sp::cosim::run(one);
    Comparison comparison;
    comparison.value_mismatches = outcome.value_mismatches;
    comparison.cycle_error = outcome.cycle_error;
    comparison.rtl_cycles = outcome.rtl.cycles;
    comparison.cycle_cycles = outcome.cycle_cycles;
    comparison.analytic_cycles = outcome.analytic_cycles.value_or(0);
    comparison.rtl_seconds = outcome.rtl_seconds;
    comparison.cycle_seconds = outcome.cycle_seconds;
    totals.add(comparison, [&] { return failure(one, outcome, number); });
    if (dump != nullptr) (*dump)(dumped(one, outcome, number));
    closed_forms_ += outcome.analytic_cycles.has_value();
    exact_ += outcome.analytic_compared;
  }

  std::uint64_t closed_forms_ = 0, exact_ = 0;  // of the cases
  int banks_ = 8, ports_ = 4;
  std::string pattern_ = "random", arbitration_ = "round_robin", latency_ = "1";
};

}  // namespace

std::unique_ptr<Block> scratchpad_block() { return std::make_unique<ScratchpadBlock>(); }

}  // namespace headroom::cosim
