#include "sim/sweep/slurm.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "sim/report/output.h"
#include "sim/sweep/evaluate.h"
#include "sim/sweep/part.h"

namespace headroom::sweep {

namespace fs = std::filesystem;

namespace {

std::string in_shell_quotes(const std::string& word) {
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + '\'';
}

std::string shell_words(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += in_shell_quotes(word) + ' ';
  return line;
}

struct Said {
  int exit_code = 0;
  std::string text;  // both streams
};

Said ask(const std::vector<std::string>& words) {
  Said said;
  FILE* pipe = popen((shell_words(words) + "2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot start " + words.front());
  std::array<char, 4096> block{};
  while (const std::size_t n = fread(block.data(), 1, block.size(), pipe))
    said.text.append(block.data(), n);
  const int status = pclose(pipe);
  said.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return said;
}

void write_file(const fs::path& file, const std::string& text) {
  Output output(file.string());
  output.stream() << text;
  output.commit();
}

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

std::string script_of(const fs::path& folder, std::size_t tasks, const SlurmOptions& options) {
  return fmt::format(
      "#!/bin/sh\n#SBATCH --job-name=headroom\n#SBATCH --array=0-{}\n#SBATCH --ntasks=1\n"
      "#SBATCH --cpus-per-task={}\n#SBATCH --output={}\n#SBATCH --requeue\n"
      "exec {}--task {}\n",
      tasks - 1, options.cpus, (folder / "log-%a.txt").string(), shell_words(options.command),
      in_shell_quotes(folder.string()));
}

}  // namespace

std::vector<std::vector<IndexRange>> chunks_of(
    const std::vector<IndexRange>& points, std::uint64_t size) {
  std::vector<std::vector<IndexRange>> chunks;
  std::uint64_t room = 0;
  for (IndexRange range : points)
    while (range.begin < range.end) {
      if (room == 0) chunks.emplace_back(), room = size;
      const std::uint64_t count = std::min(room, range.end - range.begin);
      chunks.back().push_back({range.begin, range.begin + count});
      range.begin += count;
      room -= count;
    }
  return chunks;
}

SlurmRun::SlurmRun(const fs::path& out, std::string setting)
    : folder_(fs::absolute(out).string() + ".slurm"), setting_(std::move(setting)) {}

std::vector<fs::path> SlurmRun::submissions() const {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error))
    if (fs::exists(entry.path() / "chunks", error)) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::string SlurmRun::submit(const std::vector<IndexRange>& points, const SlurmOptions& options) {
  std::uint64_t count = 0;
  for (const IndexRange& range : points) count += range.end - range.begin;
  constexpr std::uint64_t most_tasks = 1000;  // Slurm's MaxArraySize is 1001 unless it is set
  const std::uint64_t
      size = options.chunk > 0 ? options.chunk
                               : std::max<std::uint64_t>(1, (count + most_tasks - 1) / most_tasks);
  const auto chunks = chunks_of(points, size);
  const fs::path folder = folder_ / fmt::format("{:04}", submissions().size() + 1);
  fs::create_directories(folder);
  std::string lines;
  for (const auto& chunk : chunks) {
    for (const IndexRange& range : chunk) lines += fmt::format("{} {} ", range.begin, range.end);
    lines += '\n';
  }
  write_file(folder / "setting", setting_ + "\n");
  write_file(folder / "script", script_of(folder, chunks.size(), options));
  write_file(folder / "chunks", lines);
  std::vector<std::string> words{"sbatch", "--parsable"};
  words.insert(words.end(), options.sbatch.begin(), options.sbatch.end());
  words.push_back((folder / "script").string());
  const Said said = ask(words);
  if (said.exit_code != 0) {
    fs::remove_all(folder);
    throw std::runtime_error(fmt::format("sbatch: {}", said.text));
  }
  std::string job = said.text.substr(0, said.text.find_first_of(";\n"));
  write_file(folder / "job", job + "\n");
  return job;
}

std::vector<std::string> SlurmRun::running() const {
  std::vector<std::string> ids;
  for (const fs::path& folder : submissions()) {
    const std::string id = first_line(folder / "job");
    if (id.empty()) continue;
    const Said said = ask({"squeue", "--noheader", "--jobs=" + id, "--format=%i"});
    const bool unknown = said.text.find("Invalid job id") != std::string::npos;
    // A controller that does not answer for a moment has not ended the job.
    if ((said.exit_code != 0 && !unknown) || (said.exit_code == 0 && !said.text.empty()))
      ids.push_back(id);
  }
  return ids;
}

std::size_t SlurmRun::merge(Store& store) {
  std::size_t added = 0;
  for (const fs::path& folder : submissions()) {
    if (first_line(folder / "setting") != setting_) continue;
    std::vector<fs::path> parts;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".jsonl") parts.push_back(entry.path());
    std::sort(parts.begin(), parts.end());
    for (const fs::path& part : parts) {
      std::uint64_t& offset = read_[part.string()];
      offset = read_part(part, setting_, offset, [&](std::vector<Row>& rows) {
        added += store.add(rows);
      });
    }
  }
  return added;
}

void SlurmRun::clean_up() const { fs::remove_all(folder_); }

bool run_task(Job job, const fs::path& submission, const std::string& task) {
  const std::string setting = setting_of(job.sweep, job.paths);
  if (first_line(submission / "setting") != setting)
    throw std::runtime_error(fmt::format(
        "{}: the sweep, its experiment, a file of configs/ or the program is another than when the "
        "task was submitted; submit the sweep again",
        submission.string()));
  std::ifstream in(submission / "chunks");
  std::string line;
  for (std::size_t i = 0; i <= std::stoull(task); ++i)
    if (!std::getline(in, line))
      throw std::runtime_error(fmt::format("{}: no task {}", submission.string(), task));
  std::istringstream numbers(line);
  job.points.clear();
  for (IndexRange range; numbers >> range.begin >> range.end;) job.points.push_back(range);

  const fs::path part = submission / ("part-" + task + ".jsonl");
  std::unordered_set<std::string> known;  // of an attempt before this one
  read_part(part, setting, 0, [&](std::vector<Row>& rows) {
    for (const Row& row : rows) known.insert(row.key);
  });
  PartWriter writer(part, setting);
  return run_points(job, known, [&](const std::vector<Row>& rows) { writer.add(rows); });
}

}  // namespace headroom::sweep
