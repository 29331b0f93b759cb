#include "sim/engine/workers.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace headroom {
namespace {

TEST(Workers, AnswerInOrderWhoeverFinishesFirst) {
  const auto results = run_forked(5, 3, [](std::size_t i) {
    usleep(static_cast<useconds_t>(20000 * (5 - i)));
    return std::string(100000, static_cast<char>('a' + i));  // more than a pipe holds
  });
  ASSERT_EQ(results.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_TRUE(results[i].ok);
    EXPECT_EQ(results[i].text, std::string(100000, static_cast<char>('a' + i)));
  }
}

TEST(Workers, SayWhyTheyFailed) {
  const auto results = run_forked(2, 1, [](std::size_t i) -> std::string {
    if (i == 0) throw std::runtime_error("no memory model");
    raise(SIGKILL);
    return "";
  });
  EXPECT_FALSE(results[0].ok);
  EXPECT_EQ(results[0].text, "no memory model");
  EXPECT_FALSE(results[1].ok);
  EXPECT_EQ(results[1].text, "its process was killed by signal 9");
}

TEST(Workers, TellOfTheirProgress) {
  std::size_t last = 0;
  static_cast<void>(run_forked(
      3, 2, [](std::size_t) { return std::string(); }, [&](std::size_t done) { last = done; }));
  EXPECT_EQ(last, 3U);
}

}  // namespace
}  // namespace headroom
