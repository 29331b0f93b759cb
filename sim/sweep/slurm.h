// A sweep on a Slurm cluster: job arrays whose tasks each take a chunk of points.
//
// Beside OUT lies the folder OUT.slurm, on storage that all nodes share: for every submission the
// chunks, the script, and a file of rows (part.h) and a log for each task. Rows are merged from
// there into OUT, by this process alone, so that no two machines write one database.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "sim/sweep/run.h"

namespace headroom::sweep {

struct SlurmOptions {
  std::vector<std::string> command;  // of a task, but for "--task FILE", absolute paths
  std::size_t cpus = 1;              // of a task
  std::uint64_t chunk = 0;           // points of a task; 0: so many that there are at most 1,000
  std::vector<std::string> sbatch;   // further options of sbatch
};

class SlurmRun {
 public:
  SlurmRun(const std::filesystem::path& out, std::string setting);

  // Submits the points as one job array; its id. Throws std::runtime_error with what sbatch said.
  std::string submit(const std::vector<IndexRange>& points, const SlurmOptions& options);
  // Ids of submissions with tasks that wait or run. What squeue does not know has ended.
  [[nodiscard]] std::vector<std::string> running() const;
  // Adds what tasks have written since the last call; how many rows were new.
  std::size_t merge(Store& store);
  // Once every point is in the store.
  void clean_up() const;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  [[nodiscard]] std::vector<std::filesystem::path> submissions() const;

  std::filesystem::path folder_;
  std::string setting_;
  std::map<std::string, std::uint64_t> read_;  // of part files
};

// Chunks of about `size` points in order; ranges are cut and joined.
[[nodiscard]] std::vector<std::vector<IndexRange>> chunks_of(
    const std::vector<IndexRange>& points, std::uint64_t size);

// One task: works on the chunk in line SLURM_ARRAY_TASK_ID of `submission`/chunks. False where it
// was stopped.
bool run_task(Job job, const std::filesystem::path& submission, const std::string& task);

}  // namespace headroom::sweep
