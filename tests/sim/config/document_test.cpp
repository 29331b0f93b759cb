// Documents that are refused as a whole, each with its exact message.
#include <gtest/gtest.h>

#include <random>

#include "tests/sim/config/support.h"

namespace headroom::config {
namespace {

std::string parse_message(const std::string& text) {
  return message_of([&] { static_cast<void>(Node::parse(text, "a.yaml")); });
}

struct Case {
  const char* name;
  std::string text;
  const char* message;
};

class RefusedDocument : public testing::TestWithParam<Case> {};

TEST_P(RefusedDocument, SaysWhy) { EXPECT_EQ(parse_message(GetParam().text), GetParam().message); }

INSTANTIATE_TEST_SUITE_P(
    All, RefusedDocument,
    testing::Values(
        Case{
            "syntax", "a: 1\nb: [1, 2,\nc: }\n",
            "a.yaml:3:4: document: found a syntax error (illegal flow end); expected YAML or JSON"},
        Case{"undefined_alias", "a: *b\n",
             "a.yaml:1:4: document: found a syntax error (the referenced anchor is not defined); "
             "expected YAML or JSON"},
        Case{"duplicate_key", "plan:\n  tensor: 1\n  data: 2\n  tensor: 2\n",
             "a.yaml:4:3: plan.tensor: found a second key 'tensor' (the first is in line 2); "
             "expected each key once"},
        Case{"duplicate_key_in_json", R"({"a": 1, "a": 1})",
             "a.yaml:1:10: a: found a second key 'a' (the first is in line 1); expected each key "
             "once"},
        Case{"duplicate_key_in_list", "a:\n  - {b: 1, b: 2}\n",
             "a.yaml:2:12: a[0].b: found a second key 'b' (the first is in line 2); expected each "
             "key once"},
        Case{"empty", "", "a.yaml:1:1: document: found an empty document; expected YAML or JSON"},
        Case{"comment_only", "# nothing\n",
             "a.yaml:1:1: document: found an empty document; expected YAML or JSON"},
        Case{"binary", std::string("a: 1\nb: \0\x01", 10),
             "a.yaml:2:4: document: found the control character 0x00; expected a text file in "
             "UTF-8"},
        Case{"escape", "a: \x1b[31m",
             "a.yaml:1:4: document: found the control character 0x1b; expected a text file in "
             "UTF-8"},
        Case{"two_documents", "a: 1\n---\nb: 2\n",
             "a.yaml:3:1: document: found a second document; expected one document"},
        Case{"list_as_key", "a: 1\n? [b]\n: 2\n",
             "a.yaml:2:3: document: found a list or mapping as a key (or a bracket that is never "
             "closed); expected a name"},
        Case{"alias_to_itself", "a: &a [1, *a]\n",
             "a.yaml:1:11: a[1]: found an alias to a value that contains it; expected a value that "
             "ends"},
        Case{"too_large", std::string((8u << 20) + 1, ' '),
             "a.yaml:1:1: document: found more than 8 MiB; expected a smaller file"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Document, AliasBombStopsBeforeItExpands) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string last = "*a" + std::to_string(i - 1), name = "a" + std::to_string(i);
    text += name + ": &" + name + " [" + last + ", " + last + ", " + last + ", " + last + "]\n";
  }
  EXPECT_EQ(parse_message(text),
            "a.yaml:8:10: a7[0]: found more than 100000 values, aliases expanded; expected a "
            "smaller document");
}

TEST(Document, NestingIsBounded) {
  std::string block, flow = "a: ";
  for (int i = 0; i < 2000; ++i) block += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_NE(parse_message(block).find(
                "found more than 64 levels of nesting; expected a flatter document"),
            std::string::npos);
  flow += std::string(100'000, '[');
  EXPECT_NE(parse_message(flow), "no error");
  const auto nested = [](std::size_t lists) {
    return parse_message("a: " + std::string(lists, '[') + std::string(lists, ']'));
  };
  EXPECT_EQ(nested(63), "no error");
  EXPECT_NE(nested(64).find("found more than 64 levels of nesting"), std::string::npos);
}

TEST(Document, AliasesThatDoNotExplodeAreFine) {
  const Node node = Node::parse("a: &x {b: 3}\nc: *x\n", "a.yaml");
  EXPECT_EQ(node["c"]["b"].integer(), 3);
  EXPECT_EQ(node["c"]["b"].path(), "a.b")
      << "an alias is complained about where its value is written";
}

TEST(Document, FilesThatCannotBeRead) {
  const TemporaryFolder folder;
  const auto message = [&](const std::filesystem::path& file) {
    return replaced(
        message_of([&] { static_cast<void>(Node::load(file)); }), folder.path().string(), "TMP");
  };
  EXPECT_EQ(message(folder.path() / "none.yaml"),
            "TMP/none.yaml:1:1: document: found no file; expected a YAML or JSON file");
  EXPECT_EQ(
      message(folder.path()), "TMP:1:1: document: found a directory; expected a YAML or JSON file");
  EXPECT_EQ(message(folder.write("empty.yaml", "")),
            "TMP/empty.yaml:1:1: document: found an empty document; expected YAML or JSON");
  EXPECT_EQ(message(folder.write("null.yaml", "---\n")),
            "TMP/null.yaml:1:1: document: found an empty document; expected YAML or JSON");
}

TEST(Document, JsonIsRead) {
  const Node node = Node::parse(
      "{\n\t\"eps\":1e-05,\t\"null\": null, \"text\": \"a\\\"\\u00e9\\/\\n\", \"yes\": true,\r\n"
      "\"empty\": {}, \"list\": [1, -2.5]}",
      "config.json");
  EXPECT_EQ(node.json().dump(),
            R"({"eps":1e-05,"null":null,"text":"a\"é/\n","yes":true,"empty":{},"list":[1,-2.5]})");
  EXPECT_EQ(node["eps"].number(), 1e-5);
  EXPECT_EQ(node["eps"].position().line, 2);
  EXPECT_TRUE(node["null"].is_null());
}

TEST(Document, KeepsTheOrderOfKeysAndTheirPlaces) {
  const Node node = Node::parse("b: 1\na:\n  - x\n  - y: 2\n", "a.yaml");
  EXPECT_EQ(node.entries()[0].first, "b");
  const Node y = node["a"].elements()[1]["y"];
  EXPECT_EQ(y.path(), "a[1].y");
  EXPECT_EQ(y.position().line, 4);
  EXPECT_EQ(y.position().column, 8);
  EXPECT_EQ(node["a"].elements()[1].key_position("y").column, 5);
}

// Whatever is written, the answer is a document or an InputError; anything else would be ours to
// answer for.
TEST(Document, DamagedTextIsReadOrRefused) {
  const std::string whole =
      "a: &x {b: [1, 2.5, 'q'], c: \"d\\n\"}\nlist:\n  - *x\n  - {value: 3 GB, source: |\n two}\n"
      "? key\n: !tag value # end\n--- \n";
  const std::string alphabet = "{}[]:,-&*!|>'\"%@#? \t\n\\0aé~<";
  const unsigned seed = 7;
  std::mt19937 random(seed);
  for (int i = 0; i < 5000; ++i) {
    std::string text = whole;
    for (int edits = 0; edits < 4; ++edits) {
      const std::size_t at = random() % text.size();
      if (random() % 3 == 0)
        text.erase(at, random() % 8);
      else
        text.insert(at, 1, alphabet[random() % alphabet.size()]);
      if (text.empty()) text = " ";
    }
    try {
      static_cast<void>(Node::parse(text, "a.yaml").json().dump());
    } catch (const InputError&) {
    } catch (const std::exception& error) {
      ADD_FAILURE() << "seed " << seed << " case " << i << ": " << error.what() << "\n" << text;
    }
  }
}

}  // namespace
}  // namespace headroom::config
