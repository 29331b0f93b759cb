// headroom quality: what a number format costs in training quality, trained here and as published.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/quality/corpus.h"
#include "sim/quality/report.h"
#include "sim/quality/training.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

using quality::LossPoint;
using quality::Products;
using quality::QualityReport;

constexpr std::array<std::string_view, 2> scale_roundings{"down", "up"};

struct Options {
  std::vector<std::string> formats;
  std::int64_t steps = 0;
  std::uint64_t seed = 1;
  std::string corpus, csv, json, scale_rounding = "up";
  std::vector<std::string> config_paths;
};

quality::Corpus corpus_of(const QualityReport& report) {
  try {
    return quality::Corpus::load(
        report.corpus, report.recipe.held_out, report.recipe.shape.context);
  } catch (const quality::CorpusError& error) {
    throw OptionError(
        "--corpus",
        fmt::format("{}; expected a text or a folder of texts: Debian's package base-files has "
                    "/usr/share/common-licenses",
                    error.what()));
  }
}

// A line of its own on a terminal; elsewhere one at each validation.
void show(Format format, const LossPoint& point, std::int64_t steps) {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  if (!terminal && !point.validation) return;
  fmt::print(stderr, "{}{}: step {} of {}, loss {:.4f}{}", terminal ? "\r" : "", to_string(format),
             point.step, steps, point.validation.value_or(point.training),
             terminal && point.step < steps ? "   " : "\n");
}

void train_all(const Options& options, QualityReport& report) {
  const quality::Corpus corpus = corpus_of(report);
  report.corpus_bytes = corpus.bytes();
  report.parameters = quality::Network(report.recipe.shape, options.seed).parameter_count();
  const auto scale_rounding = enumerator<ScaleRounding>(scale_roundings, options.scale_rounding);
  for (const Format format : report.formats)
    report.curves.push_back(quality::train(
        report.recipe, corpus, Products(format, scale_rounding), options.steps, options.seed,
        [&](const LossPoint& point) { show(format, point, options.steps); }));
}

QualityReport report_of(const Options& options) {
  const config::ConfigPaths paths({options.config_paths.begin(), options.config_paths.end()});
  QualityReport report;
  report.published = quality::load_published_quality(paths);
  report.recipe = quality::load_recipe(paths);
  for (const std::string& name : options.formats)
    report.formats.push_back(enumerator<Format>(format_names, name));
  report.steps = options.steps;
  report.seed = options.seed;
  report.corpus = options.corpus.empty() ? report.recipe.corpus : options.corpus;
  return report;
}

void run(const Options& options) {
  if (options.steps == 0 && !options.csv.empty())
    throw OptionError("--csv", "there are no losses without --steps, which trains");
  if (options.csv == "-" && options.json == "-")
    throw OptionError(
        "--csv", "standard output takes one document; name a file here or for --json");
  QualityReport report = report_of(options);
  // Opened before the work: a path that cannot be written is found now.
  std::optional<Output> csv, json, text;
  if (!options.csv.empty()) csv.emplace(options.csv);
  if (!options.json.empty()) json.emplace(options.json);
  if (options.csv != "-" && options.json != "-") text.emplace("-");
  if (options.steps > 0) train_all(options, report);
  if (csv) {
    write_csv(report, csv->stream());
    csv->commit();
  }
  if (json) {
    json->stream() << to_json(report).dump(2) << '\n';
    json->commit();
  }
  if (text) {
    text->stream() << table(report);
    text->commit();
  }
}

}  // namespace

void add_quality_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand(
      "quality",
      "Train a small transformer with its products in a number format; losses beside published "
      "ones");
  command
      ->add_option("--format", options->formats,
                   "Formats of the products; the first is what gaps are measured over")
      ->check(one_of(format_names))
      ->required();
  command
      ->add_option(
          "--steps", options->steps,
          "Train so many steps; 0: only what is published (300 take one or two minutes a format)")
      ->check(in_range<std::int64_t>(0, 1000000))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Of the weights and of the batches")
      ->capture_default_str();
  command
      ->add_option("--scale-rounding", options->scale_rounding,
                   "Of the power of two that scales an MX block")
      ->check(one_of(scale_roundings))
      ->capture_default_str();
  command
      ->add_option("--corpus", options->corpus,
                   "A text or a folder of texts instead of Debian's licence texts")
      ->type_name("PATH");
  command
      ->add_option("--csv", options->csv, "Write the losses of every step; - for standard output")
      ->type_name("FILE");
  add_json_option(*command, options->json);
  add_config_path_option(*command, options->config_paths);
  command->footer(
      "Example:\n  headroom quality --format fp32 fp8_e4m3 --steps 300 --csv losses.csv");
  command->callback([options] { run(*options); });
}

}  // namespace headroom
