#include "sim/validation/baselines.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "sim/validation/compare.h"

namespace headroom::validation {
namespace {

using Key = std::function<std::string(const PublishedRun&)>;

// "amp_bf16" and "BF16" are one format.
std::string format_name(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return word.rfind("amp_", 0) == 0 ? word.substr(4) : word;
}

std::string written(const Count& count) { return count ? fmt::format("{}", *count) : ""; }

// All that a row records about what was run and how; not where it was published or what came out.
std::string settings(const PublishedRun& run) {
  std::string key = run.chip + '\n' + run.model + '\n' + run.sharding + '\n' + run.recompute +
                    '\n' + format_name(run.precision);
  for (const Count* count :
       {&run.layers, &run.hidden, &run.heads, &run.kv_heads, &run.ffn, &run.vocab, &run.sequence,
        &run.global_batch, &run.micro_batch, &run.chips, &run.tensor, &run.pipeline,
        &run.virtual_pipeline, &run.data, &run.context, &run.expert})
    key += '\n' + written(*count);
  return key;
}

using Groups = std::map<std::string, std::vector<std::size_t>>;

// Rows that state FLOP/s, by their key.
Groups groups_of(const std::vector<PublishedRun>& runs, const Key& key) {
  Groups groups;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (stated_tflops(runs[i])) groups[key(runs[i])].push_back(i);
  return groups;
}

Errors leave_one_out(const std::vector<PublishedRun>& runs, const std::vector<RunOutcome>& outcomes,
                     const Key& key) {
  Groups groups = groups_of(runs, key);
  std::vector<double> errors;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (outcomes[i].status != Status::used || !stated_tflops(runs[i])) continue;
    std::vector<double> others;
    for (const std::size_t j : groups[key(runs[i])])
      if (j != i) others.push_back(*stated_tflops(runs[j]));
    if (const auto answer = median(others); answer)
      errors.push_back(100 * (*answer / *stated_tflops(runs[i]) - 1));
  }
  return errors_of(errors);
}

Errors deviations(const std::vector<PublishedRun>& runs) {
  std::vector<double> errors;
  for (const auto& [key, rows] : groups_of(runs, settings)) {
    if (rows.size() < 2) continue;
    double sum = 0;
    for (const std::size_t i : rows) sum += *stated_tflops(runs[i]);
    const double mean = sum / static_cast<double>(rows.size());
    for (const std::size_t i : rows) errors.push_back(100 * (*stated_tflops(runs[i]) / mean - 1));
  }
  return errors_of(errors);
}

}  // namespace

Baselines baselines(const std::vector<PublishedRun>& runs,
                    const std::vector<RunOutcome>& outcomes) {
  const auto by = [&](const Key& key) { return leave_one_out(runs, outcomes, key); };
  return {
      by([](const PublishedRun& run) { return run.chip + '\n' + format_name(run.precision); }),
      by([](const PublishedRun& run) { return run.source + '\n' + run.chip + '\n' + run.model; }),
      deviations(runs)};
}

}  // namespace headroom::validation
