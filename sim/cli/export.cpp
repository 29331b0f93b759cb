// headroom export: the rows of a sweep as text.
#include "sim/sweep/export.h"

#include <array>
#include <memory>
#include <string>

#include "sim/cli/command.h"
#include "sim/cli/commands.h"
#include "sim/cli/options.h"
#include "sim/report/output.h"

namespace headroom {
namespace {

struct Options {
  std::string out, format = "jsonl", output = "-";
};

constexpr std::array<std::string_view, 2> formats{"jsonl", "csv"};

void write(const Options& options) {
  sweep::Store store = sweep::Store::open(options.out);
  Output output(options.output);
  if (options.format == "csv")
    sweep::write_csv(store, output.stream());
  else
    sweep::write_jsonl(store, output.stream());
  output.commit();
}

}  // namespace

void add_export_command(Command& program, CommandContext&) {
  auto options = std::make_shared<Options>();
  Command* command = program.add_subcommand("export", "Write the results of a sweep as text");
  command->add_option("OUT", options->out, "Results of headroom sweep")->required();
  command->add_option("--format", options->format, "Of the lines")
      ->check(one_of(formats))
      ->type_name("WORD")
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "Where to; - for standard output")
      ->type_name("FILE")
      ->capture_default_str();
  command->footer("Example:\n  headroom export out/sweep.sqlite --format csv -o out/sweep.csv");
  command->callback([options] { write(*options); });
}

}  // namespace headroom
