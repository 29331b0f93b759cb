// headroom node and headroom energy, from the outside.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

TEST(NodeCommand, PrintsValuesWithSourcesAndWhatFollows) {
  const Finished table = headroom_program("node n3e");
  ASSERT_EQ(table.exit_code, 0) << table.err;
  for (const char* text : {"215.6 MTr/mm^2", "source: ", "n3e <- n5 <- n7", "What follows"})
    EXPECT_NE(table.out.find(text), std::string::npos) << text;

  const Json node = json_document("node n5");
  EXPECT_EQ(node["schema"], "headroom.node/1");
  EXPECT_EQ(node["values"]["supply.nominal"]["value"], "750 mV");
  EXPECT_EQ(node["values"]["supply.nominal"]["si"], 0.75);
  EXPECT_NE(node["values"]["logic_density"]["source"].get<std::string>(), "");
  EXPECT_NEAR(node["derived"]["energy_over_reference"], 0.7, 1e-9);
}

TEST(NodeCommand, SaysNotKnownWhereNothingIsPublished) {
  const Json node = json_document("node intel-18a");
  EXPECT_TRUE(node["derived"]["energy_over_reference"].is_null());
  EXPECT_TRUE(node["values"]["wafer_price"]["value"].is_null());
  EXPECT_NE(headroom_program("node intel-18a").out.find("not known"), std::string::npos);
}

TEST(EnergyCommand, PrintsWhatAnOperationCostsAndFromWhere) {
  const Json energies = json_document("energy --node n7 --format bf16");
  const Json& multiply = energies["operations"][0];
  EXPECT_EQ(multiply["operation"], "multiply");
  EXPECT_NEAR(multiply["energy_j"], 0.21e-12, 1e-18);
  EXPECT_EQ(multiply["from"]["node"], "n7");
  const Json newer = json_document("energy --node n5 --format bf16");
  EXPECT_NEAR(newer["operations"][0]["energy_j"], 0.7 * 0.21e-12, 1e-18);
}

Json row(const Json& energies, const std::string& operation) {
  for (const Json& candidate : energies["operations"])
    if (candidate["operation"] == operation) return candidate;
  return {};
}

TEST(EnergyCommand, AProductAndItsSumAddUp) {
  const Json energies = json_document("energy --node n7 --format bf16");
  EXPECT_NEAR(row(energies, "multiply_add")["energy_j"], 0.59e-12, 1e-18);
}

TEST(EnergyCommand, SaysNotKnownRatherThanInvent) {
  const Json energies = json_document("energy --node n5 --format fp6_e2m3");
  EXPECT_TRUE(row(energies, "multiply")["energy_j"].is_null());
  EXPECT_NE(headroom_program("energy --node n5 --format fp6_e2m3").out.find("not known"),
            std::string::npos);
}

TEST(EnergyCommand, TakesFormatsThatNobodyPublishedFromOurRtl) {
  const Json fp6 = row(json_document("energy --node n7 --format fp6_e2m3"), "multiply_add");
  const double energy = fp6["energy_j"];
  EXPECT_GT(energy, 0.1 * 0.59e-12);
  EXPECT_LT(energy, 0.59e-12) << "less than bf16's";
  EXPECT_NE(fp6["from"]["kind"].get<std::string>().find("our RTL"), std::string::npos);
  // The other node scales both alike.
  const Json newer = row(json_document("energy --node n5 --format fp6_e2m3"), "multiply_add");
  EXPECT_NEAR(newer["energy_j"].get<double>() / energy, 0.7, 1e-9);
}

TEST(NodeCommand, WrongNamesAreWrongInput) {
  const auto expect_wrong = [](const std::string& arguments, const std::string& text) {
    const Finished program = headroom_program(arguments);
    EXPECT_EQ(program.exit_code, 2) << arguments;
    EXPECT_EQ(program.out, "");
    EXPECT_NE(program.err.find(text), std::string::npos) << program.err;
  };
  expect_wrong("node n3ee", "NODE: found 'n3ee'; expected one of 4n, 4np, a16");
  expect_wrong("node n3ee", "did you mean 'n3e'?");
  expect_wrong("node none/n3e.yaml", "found the text 'none/n3e.yaml'; expected the path of a file");
  expect_wrong("energy --node n77 --format bf16", "did you mean 'n7'?");
  expect_wrong("energy --node n7 --format bf61", "found 'bf61'; expected one of bf16");
}

TEST(NodeCommand, ListAndSchemaKnowNodes) {
  EXPECT_NE(headroom_program("list nodes").out.find("a16\n"), std::string::npos);
  const Json schema = Json::parse(headroom_program("schema nodes").out);
  EXPECT_TRUE(schema["properties"].contains("supply"));
}

}  // namespace
}  // namespace headroom
