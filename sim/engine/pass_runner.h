// Runs programs on a chip and books every instant of their time to a cause.
#pragma once

#include <string>
#include <vector>

#include "models/chip/description.h"
#include "models/chip/machine.h"
#include "sim/engine/times.h"
#include "sim/mapping/program.h"
#include "sim/report/chip_work.h"

namespace headroom {

// An interval on one stream of the chip, relative to the start of its pass.
struct OperationSpan {
  std::string stream, name, category;
  double start_s = 0, duration_s = 0;
  ChipWork work = {};  // of a kernel
};

struct PassResult {
  Times times;           // of the kernel stream, from the first command to the end of the last
  double tail_s = 0;     // how long collectives of the data stream run on after that
  double message_s = 0;  // of the pipeline's message that was sent beside it, from start to end
  double model_flops = 0, recompute_flops = 0;
  ChipWork work;
  double overlapped_vector_s = 0;  // vector time behind products
  std::vector<OperationSpan> spans;
};

class PassRunner {
 public:
  // `launch`: what the host's thread takes for a kernel or a collective. It starts each pass level
  // with the chip, runs ahead of it from there, and the chip waits where it has caught up.
  // `tracing`: whether results have spans.
  PassRunner(Machine& chip, const ChipDescription& description, Seconds launch = Seconds(0),
             Tracing tracing = Tracing::on)
      : chip_(chip),
        description_(description),
        launch_s_(launch.si()),
        traces_(tracing == Tracing::on) {}

  // Called where the chip may be; one program at a time. Equal iterations of a section are
  // simulated until two in a row agree in every cause and leave the collectives equally far; the
  // rest would repeat them, so it is counted.
  PassResult run(const Program& program);

 private:
  // What an iteration leaves to the next one, and what it took.
  struct Iteration {
    Times times;
    double collective_s = 0;
    std::size_t outstanding = 0, messages = 0;
    double age_s = 0;  // of the collective that runs on
  };
  [[nodiscard]] static bool repeats(
      const Iteration& latest, const Iteration& previous, double period);
  void execute(const std::vector<Command>& commands);
  void run_kernel(const Kernel& kernel);
  // `more_s`: of the host's thread beside a launch.
  void await_launch(Purpose purpose, double more_s);
  void book(const Kernel& kernel, const KernelTime& time);
  void take_collective_spans();
  void repeat_last(const PassResult& before, std::size_t first_span, double period, double times);
  [[nodiscard]] double elapsed() const;
  [[nodiscard]] double collective_busy();

  Machine& chip_;
  const ChipDescription& description_;
  PassResult result_;
  double launch_s_;
  bool traces_;
  double start_ = 0, skipped_ = 0;
  double launched_ = 0;  // when the host is done with the latest launch, from the start of the pass
};

}  // namespace headroom
