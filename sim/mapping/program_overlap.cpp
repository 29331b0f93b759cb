// Two programs in one: DualPipe's forward and backward passes that run together (DeepSeek-V3
// technical report, section 3.2.1). Kernels still run one at a time; what hides are the collectives
// of one program behind kernels of the other.
#include <algorithm>
#include <array>

#include "sim/mapping/commands.h"
#include "sim/mapping/program.h"

namespace headroom {
namespace {

// One of the programs, on its way into the common one.
struct Strand {
  std::vector<Command> commands;
  std::size_t next = 0;
  // By stream: where in the common order of the stream each of its collectives is.
  std::array<std::vector<std::size_t>, stream_count> issued{};

  explicit Strand(const Program& program) : commands(unrolled(program)) {}
  [[nodiscard]] bool done() const { return next == commands.size(); }
};

class Overlap {
 public:
  // What stands up to the next wait; that wait comes before what follows it, one turn later.
  void take_turn(Strand& strand) {
    if (!strand.done() && strand.commands[strand.next].kind == Command::Kind::wait) wait(strand);
    while (!strand.done() && strand.commands[strand.next].kind != Command::Kind::wait) {
      const Command& command = strand.commands[strand.next++];
      if (command.kind == Command::Kind::issue)
        strand.issued[command.stream].push_back(count_[command.stream]++);
      out_.push_back(command);
    }
  }

  [[nodiscard]] std::vector<Command> take() { return std::move(out_); }

 private:
  // Collectives of a stream end in their order: those that the other program issued since then may
  // still be on their way.
  void wait(Strand& strand) {
    Command command = strand.commands[strand.next++];
    const std::vector<std::size_t>& issued = strand.issued[command.stream];
    if (issued.size() <= command.outstanding) return;
    const std::size_t awaited = issued[issued.size() - 1 - command.outstanding];
    command.outstanding = count_[command.stream] - 1 - awaited;
    out_.push_back(command);
  }

  std::vector<Command> out_;
  std::array<std::size_t, stream_count> count_{};
};

}  // namespace

Program ProgramBuilder::overlapped(const Program& one, const Program& other) {
  Strand first(one), second(other);
  Overlap overlap;
  while (!first.done() || !second.done()) {
    overlap.take_turn(first);
    overlap.take_turn(second);
  }
  Program program;
  program.name = one.name + " and " + other.name;
  program.sections.push_back({overlap.take(), 1});
  return program;
}

}  // namespace headroom
