// Steps simulated one after another: each in a process of its own.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>

#include "sim/engine/simulate.h"
#include "sim/report/invariants.h"
#include "sim/report/json.h"

namespace headroom {

using Json = nlohmann::ordered_json;

// What simulate() gives, in a process of its own: SystemC elaborates once in each.
inline Json simulated(const Experiment& experiment) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  const pid_t child = fork();
  if (child == 0) {
    std::string text;
    try {
      const Result result = simulate(experiment).result;
      check(result);
      text = to_json(result).dump();
    } catch (const std::exception& error) {
      text = Json{{"error", error.what()}}.dump();
    }
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t written = write(ends[1], text.data() + at, text.size() - at);
      if (written <= 0) _exit(1);
      at += static_cast<std::size_t>(written);
    }
    _exit(0);
  }
  close(ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(got));
  close(ends[0]);
  waitpid(child, nullptr, 0);
  Json result = Json::parse(text, nullptr, false);
  EXPECT_FALSE(result.is_discarded() || result.contains("error")) << text;
  return result;
}

}  // namespace headroom
