// headroom formats, from the outside.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

std::string output(const std::string& arguments) {
  const Finished program = headroom_program("formats " + arguments);
  EXPECT_EQ(program.exit_code, 0) << program.err;
  EXPECT_EQ(program.err, "");
  return program.out;
}

// The words of the line that begins with `first`.
std::vector<std::string> line(const std::string& text, const std::string& first) {
  std::istringstream lines(text);
  for (std::string one; std::getline(lines, one);) {
    std::istringstream stream(one);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    if (!words.empty() && words.front() == first) return words;
  }
  return {};
}

using Words = std::vector<std::string>;

TEST(Formats, TheTableHoldsAll18) {
  const std::string text = output("");
  EXPECT_EQ(line(text, "fp8_e4m3"),
            (Words{"fp8_e4m3", "8", "4", "3", "7", "448", "0.015625", "0.001953125", "0.125", "no",
                   "yes", "-", "8", "-"}));
  EXPECT_EQ(line(text, "fp8_e5m2")[5], "57344");
  EXPECT_EQ(line(text, "int4"),
            (Words{"int4", "4", "-", "0", "-", "7", "-", "-", "1", "no", "no", "-", "4", "-"}));
  EXPECT_EQ(line(text, "mxfp4"), (Words{"mxfp4", "4", "2", "1", "1", "6", "1", "0.5", "0.5", "no",
                                        "no", "32", "4.25", "E8M0"}));
  for (const std::string name :
       {"fp32", "tf32", "bf16", "fp16", "fp6_e3m2", "fp6_e2m3", "fp4_e2m1", "int8", "mxfp8_e4m3",
        "mxfp8_e5m2", "mxfp6_e3m2", "mxfp6_e2m3", "mxint8", "nvfp4"})
    EXPECT_FALSE(line(text, name).empty()) << name;
}

TEST(Formats, TheDocumentHoldsNumbersInFull) {
  const Json document = Json::parse(output("--json -"));
  EXPECT_EQ(document["schema"], "headroom.formats/1");
  ASSERT_EQ(document["formats"].size(), 18U);
  const Json& fp32 = document["formats"][0];
  EXPECT_EQ(fp32["largest"], 0x1.FFFFFEp127);
  EXPECT_EQ(fp32["smallest_normal"], 0x1p-126);
  EXPECT_EQ(fp32["smallest_subnormal"], 0x1p-149);
  EXPECT_EQ(fp32["epsilon"], 0x1p-23);
  const Json& nvfp4 = document["formats"][17];
  EXPECT_EQ(nvfp4["name"], "nvfp4");
  EXPECT_EQ(nvfp4["block"], 16);
  EXPECT_EQ(nvfp4["scale"], "e4m3");
  EXPECT_EQ(nvfp4["storage_bits"], 4.5);
  const Json& mxint8 = document["formats"][16];
  EXPECT_EQ(mxint8["bias"], nullptr);
  EXPECT_EQ(mxint8["smallest_subnormal"], nullptr);
  EXPECT_EQ(mxint8["largest"], 127.0 / 64);
}

TEST(Formats, OneFormatInDetail) {
  const std::string text = output("fp8_e4m3");
  EXPECT_NE(text.find("smallest subnormal    0.001953125 = 2^-9\n"), std::string::npos) << text;
  EXPECT_NE(text.find("NaN                   yes, canonical 0x7f\n"), std::string::npos) << text;
}

TEST(Formats, ANumberBetweenTwoShowsBothAndWhatEachModePicks) {
  EXPECT_EQ(
      output("fp8_e4m3 --value 17"),
      "17 is not representable in fp8_e4m3\n"
      "  below         16            0x58\n"
      "  above         18            0x59\n"
      "  nearest_even  16\n"
      "  toward_zero   16\n"
      "  stochastic    16, or with probability 50.0 % 18\n");
  EXPECT_EQ(
      output("int8 --value=-3.75"),
      "-3.75 is not representable in int8\n"
      "  below         -4            0xfc\n"
      "  above         -3            0xfd\n"
      "  nearest_even  -4\n"
      "  toward_zero   -3\n"
      "  stochastic    -3, or with probability 75.0 % -4\n");
  EXPECT_EQ(output("fp8_e4m3 --value 16"), "16 is representable in fp8_e4m3: code 0x58\n");
  EXPECT_EQ(output("fp8_e5m2 --value=-inf"), "-inf is representable in fp8_e5m2: code 0xfc\n");
}

TEST(Formats, ANumberBeyondTheLargestSaturatesOrOverflows) {
  EXPECT_EQ(
      output("fp8_e4m3 --value 470"),
      "470 is not representable in fp8_e4m3\n"
      "  below         448           0x7e\n"
      "  above         nothing\n"
      "  nearest_even  448 saturating, nan overflowing\n"
      "  toward_zero   448\n"
      "  stochastic    448, or with probability 68.8 % 448 saturating, nan overflowing\n");
  EXPECT_EQ(
      output("fp4_e2m1 --value nan"),
      "nan is not representable in fp4_e2m1\n"
      "  nearest_even  6\n"
      "  toward_zero   6\n"
      "  stochastic    6\n");
}

TEST(Formats, ABlockFormatShowsTheScaleAndTheElement) {
  EXPECT_EQ(
      output("mxfp4 --value 17"),
      "Alone in its block, 17 has the scale 4 (code 0x81); its element has to hold 4.25\n"
      "17 is not representable in mxfp4\n"
      "  below         16            0x6  (element 4)\n"
      "  above         24            0x7  (element 6)\n"
      "  nearest_even  16\n"
      "  toward_zero   16\n"
      "  stochastic    16, or with probability 12.5 % 24\n");
  EXPECT_EQ(output("mxfp8_e5m2 --value inf"),
            "inf makes the scale of its block NaN (code 0xff): every value of the block is lost\n");
  const Json value = Json::parse(output("nvfp4 --value 17 --json -"))["value"];
  EXPECT_EQ(value["scale"], 2.75);
  EXPECT_EQ(value["below"]["value"], 16.5);
  EXPECT_EQ(value["above"], nullptr);
  // mxint8 leaves -2 unused.
  EXPECT_EQ(Json::parse(output("mxint8 --value=-1.999 --json -"))["value"]["below"], nullptr);
}

TEST(Formats, AValueAsJson) {
  const Json value = Json::parse(output("fp8_e4m3 --value 17 --json -"))["value"];
  EXPECT_EQ(value["representable"], false);
  EXPECT_EQ(value["below"], (Json{{"code", 0x58}, {"value", 16.0}}));
  EXPECT_EQ(value["above"], (Json{{"code", 0x59}, {"value", 18.0}}));
  EXPECT_EQ(value["stochastic_round_up"], 0.5);
  EXPECT_EQ(value["saturate"]["nearest_even"]["value"], 16.0);
  const Json large = Json::parse(output("fp8_e4m3 --value 1e9 --json -"))["value"];
  EXPECT_EQ(large["saturate"]["nearest_even"]["code"], 0x7E);
  EXPECT_EQ(large["overflow"]["nearest_even"]["value"], "nan");
  EXPECT_EQ(large["overflow"]["toward_zero"]["value"], 448.0);
  EXPECT_EQ(large["above"], nullptr);
}

TEST(Formats, AllPrintsEveryCodeAsCsv) {
  EXPECT_EQ(output("fp4_e2m1 --all"),
            "code,value\n0,0\n1,0.5\n2,1\n3,1.5\n4,2\n5,3\n6,4\n7,6\n8,-0\n9,-0.5\n10,-1\n"
            "11,-1.5\n12,-2\n13,-3\n14,-4\n15,-6\n");
  const std::string e5m2 = output("fp8_e5m2 --all");
  for (const std::string row :
       {"\n0,0\n", "\n1,1.52587890625e-05\n", "\n123,57344\n", "\n124,inf\n", "\n125,nan\n",
        "\n128,-0\n", "\n252,-inf\n", "\n255,nan\n"})
    EXPECT_NE(e5m2.find(row), std::string::npos) << row;
  EXPECT_EQ(std::count(e5m2.begin(), e5m2.end(), '\n'), 257);
  EXPECT_EQ(output("mxfp8_e5m2 --all"), e5m2);
  EXPECT_NE(output("mxint8 --all").find("\n255,-0.015625\n"), std::string::npos);
}

TEST(Formats, WrongOptionsAreWrongInput) {
  const std::string behind = "\nRun 'headroom formats --help' for what it takes.\n";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"fp8_e4m4",
       "FORMAT: found 'fp8_e4m4'; expected one of fp32, tf32, bf16, fp16, fp8_e4m3, fp8_e5m2, "
       "fp6_e3m2, fp6_e2m3, fp4_e2m1, int8, int4, mxfp8_e4m3, mxfp8_e5m2, mxfp6_e3m2, mxfp6_e2m3, "
       "mxfp4, mxint8, nvfp4; did you mean 'fp8_e4m3'?"},
      {"bf16 --all", "--all: bf16 has 16 bits; expected a format of 8 bits or fewer"},
      {"tf32 --all", "--all: tf32 has 19 bits; expected a format of 8 bits or fewer"},
      {"--value 17", "--value requires FORMAT"},
      {"bf16 --value seventeen", "Could not convert: --value = seventeen"},
      {"fp4_e2m1 --all --value 3", "--value excludes --all"}};
  for (const auto& [arguments, message] : cases) {
    const Finished program = headroom_program("formats " + arguments);
    EXPECT_EQ(program.exit_code, 2) << arguments;
    EXPECT_EQ(program.out, "");
    EXPECT_EQ(program.err, "headroom formats: " + message + behind);
  }
}

TEST(Formats, ADocumentGoesToAFile) {
  const std::string path = temporary("formats.json");
  EXPECT_EQ(output("fp16 --json " + path), "");
  EXPECT_EQ(Json::parse(file_content(path))["formats"][0]["name"], "fp16");
}

}  // namespace
}  // namespace headroom
