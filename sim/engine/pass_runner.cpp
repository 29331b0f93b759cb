#include "sim/engine/pass_runner.h"

#include <algorithm>
#include <cmath>

namespace headroom {

namespace {

// Two iterations agree when no cause differs by more than this share of their duration.
constexpr double steady = 1e-9;

StepCause exposed(CollectiveStream stream, Purpose purpose) {
  if (purpose == Purpose::recompute) return StepCause::recompute;
  if (purpose == Purpose::optimizer) return StepCause::optimizer;
  if (stream == context_stream) return StepCause::context;
  return stream == tensor_stream ? StepCause::tensor : StepCause::data;
}

ChipWork work_of(const Kernel& kernel) {
  ChipWork work;
  work.flops = kernel.model_flops + kernel.recompute_flops;
  for (const TileRun& run : kernel.tiles)
    work.hbm_bytes += run.count * (run.tile.load + run.tile.store).si();
  if (kernel.nameplate_flops <= 0) work.streamed_bytes = work.hbm_bytes;
  work.operations = kernel.operations;
  return work;
}

}  // namespace

PassResult PassRunner::run(const Program& program) {
  result_ = {};
  start_ = chip_.time().si();
  skipped_ = launched_ = 0;
  const double busy_before = collective_busy();
  double busy_skipped = 0;
  for (const Section& section : program.sections) {
    Iteration previous;
    for (std::int64_t i = 0; i < section.repeat; ++i) {
      const PassResult before = result_;
      const double began = elapsed(), busy_began = collective_busy(), launched = launched_;
      const std::size_t first_span = result_.spans.size();
      execute(section.commands);
      take_collective_spans();
      const Iteration latest{
          result_.times.since(before.times), collective_busy() - busy_began,
          chip_.outstanding(data_stream), chip_.outstanding(pipeline_stream),
          chip_.age(data_stream).si()};
      const auto left = static_cast<double>(section.repeat - 1 - i);
      if (i > 0 && left > 0 && repeats(latest, previous, elapsed() - began)) {
        repeat_last(before, first_span, elapsed() - began, left);
        launched_ += (launched_ - launched) * left;
        busy_skipped += latest.collective_s * left;
        break;
      }
      previous = latest;
    }
  }
  const double ended = elapsed();
  chip_.wait_until(tensor_stream, 0);
  chip_.wait_until(context_stream, 0);
  chip_.wait_until(data_stream, 0);
  result_.tail_s = elapsed() - ended;
  chip_.wait_until(pipeline_stream, 0);
  take_collective_spans();
  result_.work.collective_s = collective_busy() - busy_before + busy_skipped;
  return std::move(result_);
}

// Nothing repeats while a message is under way, for it will end. Every iteration waits for its
// tensor and context collectives, so only those of the data stream reach into the
// next one. Were that stream falling behind, or catching up, the one that runs would have been at
// it for longer, or shorter, than an iteration ago.
bool PassRunner::repeats(const Iteration& latest, const Iteration& previous, double period) {
  const double tolerance = steady * period;
  return latest.times.close_to(previous.times, steady) &&
         std::abs(latest.collective_s - previous.collective_s) <= tolerance &&
         latest.outstanding == previous.outstanding && latest.messages == 0 &&
         std::abs(latest.age_s - previous.age_s) <= tolerance;
}

void PassRunner::execute(const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    switch (command.kind) {
      case Command::Kind::run: run_kernel(*command.kernel); break;
      case Command::Kind::issue:
        await_launch(command.purpose, 0);
        chip_.issue(command.stream, command.collective);
        break;
      case Command::Kind::meet: launched_ = std::max(launched_, elapsed()); break;
      case Command::Kind::wait: {
        const double began = elapsed();
        chip_.wait_until(command.stream, command.outstanding);
        result_.times[exposed(command.stream, command.purpose)] += elapsed() - began;
        break;
      }
    }
  }
}

void PassRunner::await_launch(Purpose purpose, double more_s) {
  launched_ += launch_s_ + more_s;
  const double began = elapsed();
  if (launched_ <= began) return;
  chip_.idle(Seconds(launched_ - began));
  // Work of the host's own is the optimiser's there, all else that it takes is the host's.
  const StepCause cause = purpose == Purpose::recompute ? StepCause::recompute
                          : purpose == Purpose::optimizer && more_s > 0
                              ? StepCause::optimizer
                              : StepCause::host;
  result_.times[cause] += elapsed() - began;
}

void PassRunner::run_kernel(const Kernel& kernel) {
  await_launch(kernel.purpose, kernel.host.si());
  const double began = elapsed();
  if (description_.kernel_gap > Seconds(0)) {
    chip_.idle(description_.kernel_gap);
    const StepCause
        cause = kernel.purpose == Purpose::recompute ? StepCause::recompute : StepCause::host;
    result_.times[cause] += elapsed() - began;
  }
  const double started = elapsed();
  const KernelTime time = chip_.run(kernel);
  book(kernel, time);
  if (!traces_) return;
  result_.spans.push_back(
      {"kernels", kernel.name, kernel.nameplate_flops > 0 ? "matrix" : "vector", started,
       time.duration.si(), work_of(kernel)});
}

void PassRunner::book(const Kernel& kernel, const KernelTime& time) {
  Times& times = result_.times;
  result_.model_flops += kernel.model_flops;
  result_.recompute_flops += kernel.recompute_flops;
  result_.overlapped_vector_s += time.overlapped_vector.si();
  result_.work.add(work_of(kernel));
  if (kernel.purpose != Purpose::model) {
    times[kernel.purpose == Purpose::recompute ? StepCause::recompute
                                               : StepCause::optimizer] += time.duration.si();
    return;
  }
  times[StepCause::vector] += time.vector.si();
  times[StepCause::memory] += time.memory.si();
  const double flops = kernel.model_flops + kernel.recompute_flops;
  if (flops <= 0) {
    times[StepCause::shape] += time.matrix.si();
    return;
  }
  // What a kernel repeats of earlier work takes its share of the matrix time with it.
  const double slowdown = description_.clock.nameplate / description_.clock.sustained_matmul;
  const double taken = time.taken.si(), matrix = time.matrix.si() - taken;
  times[StepCause::data] += taken;  // cores that overlapped collectives hold
  const double stalled = matrix * kernel.on_chip_stall;
  const double repeated = (matrix - stalled) * kernel.recompute_flops / flops;
  const double ideal = kernel.model_flops / kernel.nameplate_flops;
  times[StepCause::recompute] += repeated;
  times[StepCause::ideal] += ideal;
  times[StepCause::clock] += ideal * (slowdown - 1);
  times[StepCause::on_chip] += stalled;
  times[StepCause::shape] += matrix - stalled - repeated - ideal * slowdown;
}

void PassRunner::take_collective_spans() {
  for (const CollectiveSpan& span : chip_.take_spans(pipeline_stream))
    result_.message_s += span.duration.si();
  for (const std::size_t stream : {tensor_stream, data_stream, context_stream})
    for (const CollectiveSpan& span : chip_.take_spans(stream))
      if (traces_)
        result_.spans.push_back(
            {collective_stream_names[stream] + " collectives", span.name, "communication",
             span.start.si() - start_ + skipped_, span.duration.si()});
}

void PassRunner::repeat_last(
    const PassResult& before, std::size_t first_span, double period, double times) {
  const std::size_t end = result_.spans.size();
  for (double k = 1; k <= times; ++k) {
    for (std::size_t i = first_span; i < end; ++i) {
      OperationSpan span = result_.spans[i];
      span.start_s += k * period;
      result_.spans.push_back(std::move(span));
    }
  }
  result_.times.add(result_.times.since(before.times), times);
  result_.model_flops += times * (result_.model_flops - before.model_flops);
  result_.recompute_flops += times * (result_.recompute_flops - before.recompute_flops);
  result_.overlapped_vector_s += times * (result_.overlapped_vector_s - before.overlapped_vector_s);
  ChipWork work = result_.work;
  work.add(before.work, -1);
  result_.work.add(work, times);
  skipped_ += times * period;
}

double PassRunner::elapsed() const { return chip_.time().si() - start_ + skipped_; }

double PassRunner::collective_busy() {
  double busy = 0;
  for (const std::size_t stream : {tensor_stream, data_stream, context_stream})
    busy += chip_.busy(stream).si();
  return busy;
}

}  // namespace headroom
