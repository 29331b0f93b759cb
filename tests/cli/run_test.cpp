// headroom run, from the outside: what goes where, and what happens when it cannot.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

using Json = nlohmann::ordered_json;

const std::string demo = "run configs/experiments/llama3-8b_8xh100.yaml";

TEST(Run, JsonOnStandardOutputIsNothingButJson) {
  const Finished program = headroom_program(demo + " --json -");
  ASSERT_EQ(program.exit_code, 0) << program.err;
  const Json result = Json::parse(program.out);
  EXPECT_EQ(result["schema"], "headroom.result/1");
  EXPECT_EQ(program.out.front(), '{');
  EXPECT_EQ(program.out.substr(program.out.size() - 2), "}\n");
}

TEST(Run, TheSameInputGivesTheSameBytes) {
  std::string first;
  for (int i = 0; i < 2; ++i) {
    const Finished program = headroom_program(demo + " --json -");
    ASSERT_EQ(program.exit_code, 0) << program.err;
    Json result = Json::parse(program.out);
    result.erase("simulation");
    if (i == 0) first = result.dump();
    EXPECT_EQ(result.dump(), first);
  }
}

// Every term and their sum, which is the result's.
TEST(Run, ExplainsItsMemory) {
  const std::string json = temporary("explained.json");
  const Finished program = headroom_program(demo + " --explain memory --json " + json);
  ASSERT_EQ(program.exit_code, 0) << program.err;
  const Json memory = Json::parse(file_content(json))["memory"];
  const auto gigabytes = [&](const std::string& name) {
    const std::size_t line = program.out.find("\n  " + name + " ");
    EXPECT_NE(line, std::string::npos) << name << ": " << program.out;
    return std::stod(program.out.substr(line + 3 + name.size()));
  };
  EXPECT_NEAR(gigabytes("weights"), memory["weights_bytes"].get<double>() / 1e9, 5e-4);
  EXPECT_NEAR(gigabytes("gradients"), memory["gradients_bytes"].get<double>() / 1e9, 5e-4);
  EXPECT_NEAR(gigabytes("optimiser"), memory["optimizer_bytes"].get<double>() / 1e9, 5e-4);
  EXPECT_NEAR(gigabytes("activations") + gigabytes("layer at work") + gigabytes("output head"),
              memory["activations_bytes"].get<double>() / 1e9, 2e-3);
  EXPECT_NEAR(gigabytes("sum"), memory["peak_bytes"].get<double>() / 1e9, 5e-4);
  EXPECT_NE(program.out.find("4 B x (O + U) = 4 B x ("), std::string::npos) << program.out;
}

TEST(Run, ExplainsWhatDoesNotFit) {
  const Finished program = headroom_program(
      demo +
      " --explain memory --set plan.micro_batch=16"
      " --set plan.global_batch=128");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_NE(program.out.find("  sum "), std::string::npos) << program.out;
  const Finished taken = headroom_program(demo + " --explain memory --json -");
  EXPECT_EQ(taken.exit_code, 2);
  EXPECT_NE(taken.err.find("--explain"), std::string::npos) << taken.err;
  const Finished unknown = headroom_program(demo + " --explain memori");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_NE(unknown.err.find("memory"), std::string::npos) << unknown.err;
}

TEST(Run, ExplainsItsFormat) {
  const Finished program = headroom_program(
      "run claim-c3-formats --explain format --set fidelity.matrix_engine=analytic --set "
      "fidelity.hbm=analytic --set fidelity.link=analytic");
  ASSERT_EQ(program.exit_code, 0) << program.err;
  for (const char* text :
       {"gates of a multiply-add, over bf16", "mxfp8_e4m3", "what stays wide",
        "at the loss of bf16", "throughput over bf16, published gap", "step time"})
    EXPECT_NE(program.out.find(text), std::string::npos) << text << " in\n" << program.out;
}

TEST(Run, TableIsForPeopleAndFilesAreWhole) {
  const std::string json = temporary("result.json");
  const std::string trace = temporary("trace.json");
  const Finished program = headroom_program(demo + " --json " + json + " --trace " + trace);
  ASSERT_EQ(program.exit_code, 0) << program.err;
  EXPECT_NE(program.out.find("MFU"), std::string::npos);
  EXPECT_NE(program.out.find("\nSimulated one step ("), std::string::npos);
  EXPECT_EQ(program.out.find('\x1b'), std::string::npos);
  EXPECT_EQ(Json::parse(file_content(json))["schema"], "headroom.result/1");
  EXPECT_FALSE(Json::parse(file_content(trace))["traceEvents"].empty());
  std::filesystem::remove(json);
  std::filesystem::remove(trace);
}

TEST(Run, SetReachesTheExperiment) {
  const Finished program = headroom_program(demo + " --json - --set plan.micro_batch=2");
  ASSERT_EQ(program.exit_code, 0) << program.err;
  EXPECT_EQ(Json::parse(program.out)["setup"]["plan"]["micro_batch"], 2);
}

TEST(Run, OutputThatCannotBeWrittenFailsTheRun) {
  const Finished program = headroom_program(demo + " --json /no_such_folder/result.json");
  EXPECT_EQ(program.exit_code, 1);
  EXPECT_EQ(program.out, "");
  EXPECT_EQ(program.err,
            "headroom: cannot write /no_such_folder/result.json: No such file or directory\n");
}

TEST(Run, FullDiskFailsTheRun) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "after SystemC has switched stacks, ASan takes a throw on the first one for an "
                  "overflow (google/sanitizers issue 189)";
#endif
  const Finished program = headroom_program(demo + " --json /dev/full");
  EXPECT_EQ(program.exit_code, 1);
  EXPECT_EQ(program.out, "");
  EXPECT_EQ(program.err.rfind("headroom: cannot write /dev/full: ", 0), 0U) << program.err;
}

TEST(Run, StandardOutputHoldsOneDocument) {
  const Finished program = headroom_program(demo + " --json - --trace -");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.out, "");
}

TEST(Run, MissingExperimentIsWrongInput) {
  const Finished program = headroom_program("run no_such.yaml");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.out, "");
  EXPECT_NE(program.err.find("no_such.yaml"), std::string::npos);
}

TEST(Run, WrongValueIsWrongInput) {
  const Finished program = headroom_program(demo + " --set plan.tensr=2");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.out, "");
  EXPECT_NE(program.err.find("did you mean 'tensor'?"), std::string::npos) << program.err;
}

}  // namespace
}  // namespace headroom
