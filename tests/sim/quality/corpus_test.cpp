#include "sim/quality/corpus.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace headroom::quality {
namespace {

std::string counted(std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>('A' + i % 64);
  return text;
}

TEST(Corpus, TargetsAreTheBytesThatFollow) {
  const Corpus corpus(counted(1000), 0.1, 8);
  const Batch batch = corpus.training(3, 1, 5);
  ASSERT_EQ(batch.tokens.size(), 24U);
  for (std::size_t i = 0; i < 24; ++i) {
    EXPECT_EQ(batch.targets[i], 'A' + (batch.tokens[i] - 'A' + 1) % 64);
    if (i % 8 != 7) {
      EXPECT_EQ(batch.tokens[i + 1], batch.targets[i]);
    }
  }
}

TEST(Corpus, BatchesDependOnSeedAndStepAlone) {
  const Corpus corpus(counted(1000), 0.1, 8);
  EXPECT_EQ(corpus.training(3, 1, 5).tokens, corpus.training(3, 1, 5).tokens);
  EXPECT_NE(corpus.training(3, 1, 5).tokens, corpus.training(3, 1, 6).tokens);
  EXPECT_NE(corpus.training(3, 1, 5).tokens, corpus.training(3, 2, 5).tokens);
}

TEST(Corpus, ValidationReadsWhatTrainingDoesNot) {
  const std::string text = std::string(900, 'a') + std::string(100, 'b');
  const Corpus corpus(text, 0.1, 8);
  for (const int token : corpus.validation(5).tokens) EXPECT_EQ(token, 'b');
  for (std::int64_t step = 0; step < 50; ++step)
    for (const int token : corpus.training(4, 1, step).targets) EXPECT_EQ(token, 'a');
  EXPECT_EQ(corpus.bytes(), 1000U);
}

TEST(Corpus, AFolderIsItsFilesByNameWithoutLinks) {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("headroom_corpus_" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "b") << std::string(500, 'b');
  std::ofstream(folder / "a") << std::string(500, 'a');
  std::filesystem::create_symlink("a", folder / "c");
  const Corpus corpus = Corpus::load(folder, 0.1, 8);
  std::filesystem::remove_all(folder);
  EXPECT_EQ(corpus.bytes(), 1000U);
  // The last tenth of the whole is of b.
  EXPECT_EQ(corpus.validation(1).tokens.front(), 'b');
}

TEST(Corpus, TooLittleTextIsSaid) {
  try {
    Corpus(counted(50), 0.1, 8);
    FAIL();
  } catch (const CorpusError& error) {
    EXPECT_STREQ(error.what(),
                 "a text of 50 bytes leaves 45 for training and 5 for validation; each needs 9");
  }
  EXPECT_THROW(static_cast<void>(Corpus::load("no/such/text", 0.1, 8)), CorpusError);
}

}  // namespace
}  // namespace headroom::quality
