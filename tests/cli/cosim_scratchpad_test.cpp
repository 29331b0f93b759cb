// headroom cosim --block scratchpad, from the outside.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

const std::string cosim = "cosim --block scratchpad ";

TEST(CosimScratchpad, ReportsEveryKeyAndNoDifference) {
  for (const std::string stalls : {"none", "random"}) {
    const Finished program = headroom_program(
        cosim + "--pattern all --arbitration all --read-latency all --cases 3 --json - --stalls " +
        stalls);
    ASSERT_EQ(program.exit_code, 0) << program.err;
    const Json result = Json::parse(program.out);
    for (const char* key :
         {"cases", "value_mismatches", "cycle_mismatches", "max_cycle_error", "rtl_cycles",
          "cycle_cycles", "analytic_cycles", "rtl_seconds", "cycle_seconds", "first_failure"})
      EXPECT_TRUE(result.contains(key)) << key;
    EXPECT_EQ(result["cases"], 3 * 2 * 2 * 3);
    EXPECT_EQ(result["value_mismatches"], 0);
    EXPECT_EQ(result["cycle_mismatches"], 0);
    EXPECT_EQ(result["max_cycle_error"], 0);
    EXPECT_TRUE(result["first_failure"].is_null());
    EXPECT_EQ(result["cycle_cycles"], result["rtl_cycles"]);
    EXPECT_EQ(result["ports"], 4);
    EXPECT_EQ(result["banks"], 8);
  }
}

// The dump holds all that is needed to compute the words again: the memory as the contract has it,
// written once more.
TEST(CosimScratchpad, DumpCanBeRecomputed) {
  const std::string file = temporary("cosim_scratchpad.jsonl");
  const Finished program = headroom_program(
      cosim + "--ports 2 --banks 4 --pattern hot_bank --cases 6 --seed 5 --json /dev/null --dump " +
      file);
  ASSERT_EQ(program.exit_code, 0) << program.err;
  std::istringstream lines(file_content(file));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const Json one = Json::parse(line);
    const auto number = [](const Json& hex) {
      return std::stoull(hex.get<std::string>(), nullptr, 16);
    };
    std::vector<unsigned long long> words;
    for (const Json& word : one["words"]) words.push_back(number(word));
    ASSERT_EQ(words.size(), 64U);
    std::vector<std::tuple<int, bool, std::size_t, Json>> order;
    for (std::size_t p = 0; p < one["of_ports"].size(); ++p)
      for (const Json& request : one["of_ports"][p]["requests"])
        order.emplace_back(request["granted"].get<int>(), request.contains("write"), p, request);
    std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
      return std::make_pair(std::get<0>(a), std::get<1>(a)) <
             std::make_pair(std::get<0>(b), std::get<1>(b));
    });
    std::vector<std::size_t> read(one["of_ports"].size(), 0);
    for (const auto& [cycle, write, port, request] : order) {
      auto& word = words[request["address"].get<std::size_t>()];
      if (write) {
        const auto mask = number(request["bits_written"]);
        word = (word & ~mask) | (number(request["write"]) & mask);
      } else {
        const Json& response = one["of_ports"][port]["responses"][read[port]++];
        EXPECT_EQ(number(response["word"]), word);
        EXPECT_GE(response["delivered"].get<int>(), cycle + one["read_latency"].get<int>());
      }
    }
  }
  EXPECT_EQ(count, 6);
}

TEST(CosimScratchpad, SameSeedSameCasesOtherSeedOthers) {
  const auto cycles = [](const std::string& options) {
    return Json::parse(headroom_program(cosim + "--cases 5 --json - " + options).out)["rtl_cycles"];
  };
  EXPECT_EQ(cycles("--seed 3"), cycles("--seed 3"));
  EXPECT_NE(cycles("--seed 3"), cycles("--seed 4"));
}

TEST(CosimScratchpad, WithoutJsonPrintsATable) {
  const Finished program = headroom_program(cosim + "--ports 3 --banks 2 --cases 2");
  EXPECT_EQ(program.exit_code, 0) << program.err;
  EXPECT_NE(
      program.out.find("3 ports, 2 banks, pattern random, arbitration round_robin, read latency 1"),
      std::string::npos)
      << program.out;
  EXPECT_NE(program.out.find("value mismatches   0\n"), std::string::npos) << program.out;
}

TEST(CosimScratchpad, WrongOptionsAreWrongInput) {
  const auto complaint = [](const std::string& options) {
    const Finished program = headroom_program(cosim + options);
    EXPECT_EQ(program.exit_code, 2) << options;
    EXPECT_EQ(program.out, "") << options;
    return program.err;
  };
  EXPECT_NE(
      complaint("--ports 5 --banks 8").find("scratchpad rtl is built for"), std::string::npos);
  EXPECT_NE(complaint("--ports 5 --banks 8").find("; found 5x8"), std::string::npos);
  EXPECT_NE(
      complaint("--pattern hotbank")
          .find("--pattern: found 'hotbank'; expected one of random, strided, hot_bank, all; "
                "did you mean 'hot_bank'?"),
      std::string::npos);
  EXPECT_NE(complaint("--read-latency 3").find("expected one of 1, 2, all"), std::string::npos);
  EXPECT_NE(complaint("--array 4x4").find("--array"), std::string::npos);
}

}  // namespace
}  // namespace headroom
