// What the program says about itself, and about a command line that it does not understand.
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/program.h"

namespace headroom {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Usage, HelpHasAnExampleForEveryCommand) {
  const Finished program = headroom_program("--help");
  EXPECT_EQ(program.exit_code, 0);
  EXPECT_EQ(program.err, "");
  for (const std::string command :
       {"run", "sweep", "export", "pareto", "sensitivity", "gemm", "cosim", "scalesim", "formats",
        "memory", "node", "energy", "quality", "list", "check", "schema"}) {
    EXPECT_TRUE(contains(program.out, "\n  headroom " + command)) << command;
    const Finished help = headroom_program(command + " --help");
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_TRUE(contains(help.out, "Example:\n  headroom " + command)) << help.out;
  }
}

TEST(Usage, VersionNamesCommitPathsAndTools) {
  const Finished program = headroom_program("--version");
  EXPECT_EQ(program.exit_code, 0);
  EXPECT_EQ(program.err, "");
  for (const std::string part :
       {"headroom ", "\ncommit ", "\nbinary     " HEADROOM_BINARY_DIR "/headroom\n",
        "\nconfigs    " HEADROOM_SOURCE_DIR "/configs", "\ncompiler ", "\nSystemC ",
        "\nVerilator "})
    EXPECT_TRUE(contains(program.out, part)) << part << " in\n" << program.out;
}

TEST(Usage, NothingAskedIsWrongInput) {
  const Finished program = headroom_program("");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.out, "");
  EXPECT_TRUE(contains(program.err, "Examples:"));
}

TEST(Usage, UnknownCommandNamesTheNearest) {
  const Finished program = headroom_program("rum x.yaml");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.out, "");
  EXPECT_EQ(program.err,
            "headroom: unknown command 'rum'; did you mean 'run'?\nRun 'headroom --help' for what "
            "it takes.\n");
}

TEST(Usage, UnknownOptionNamesTheNearest) {
  const Finished program = headroom_program("run x.yaml --jsn=a.json");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.err,
            "headroom run: unknown option '--jsn'; did you mean '--json'?\n"
            "Run 'headroom run --help' for what it takes.\n");
}

TEST(Usage, MissingArgumentIsWrongInput) {
  const Finished program = headroom_program("run");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(program.err,
            "headroom run: EXPERIMENT is required\nRun 'headroom run --help' for what it takes.\n");
}

TEST(List, OneKindIsBareNames) {
  const Finished program = headroom_program("list chips");
  EXPECT_EQ(program.exit_code, 0);
  EXPECT_TRUE(contains("\n" + program.out, "\nh100-sxm\n")) << program.out;
  EXPECT_FALSE(contains(program.out, " "));
}

TEST(List, AllKindsHaveHeadings) {
  const Finished program = headroom_program("list");
  EXPECT_EQ(program.exit_code, 0);
  for (const std::string kind :
       {"chips", "clusters", "models", "experiments", "memories", "links", "libraries", "stacks",
        "nodes", "dies"})
    EXPECT_TRUE(contains("\n" + program.out, "\n" + kind + "\n  ")) << kind;
}

TEST(List, UnknownKindNamesTheNearest) {
  const Finished program = headroom_program("list chip");
  EXPECT_EQ(program.exit_code, 2);
  EXPECT_EQ(
      program.err,
      "headroom list: KIND: found 'chip'; expected one of chips, clusters, models, "
      "experiments, memories, links, libraries, stacks, nodes, dies; "
      "did you mean 'chips'?\nRun 'headroom list --help' for what it takes.\n");
}

}  // namespace
}  // namespace headroom
