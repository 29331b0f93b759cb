#include "sim/quality/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

#include "models/base/random.h"

namespace headroom::quality {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t stretch_bytes = 16384;  // so that each text is in training and in validation

std::vector<fs::path> files_of(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return {path};
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(path, error))
    if (entry.is_regular_file(error) && !entry.is_symlink(error)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string text_of(const fs::path& path) {
  std::string text;
  for (const fs::path& file : files_of(path)) {
    std::ifstream stream(file, std::ios::binary);
    text.append(std::istreambuf_iterator<char>(stream), {});
  }
  if (text.empty()) throw CorpusError("no text in " + path.string());
  return text;
}

void append(const std::string& text, std::size_t start, int context, Batch& batch) {
  const auto byte = [&](std::size_t at) { return int{static_cast<unsigned char>(text[at])}; };
  for (std::size_t i = start; i < start + static_cast<std::size_t>(context); ++i) {
    batch.tokens.push_back(byte(i));
    batch.targets.push_back(byte(i + 1));
  }
  ++batch.sequences;
}

}  // namespace

Corpus Corpus::load(const fs::path& path, double held_out, int context) {
  return {text_of(path), held_out, context};
}

Corpus::Corpus(const std::string& text, double held_out, int context) : context_(context) {
  divide(text, held_out);
  const std::size_t least = std::min(training_.size(), held_out_.size());
  if (least < static_cast<std::size_t>(context) + 1)
    throw CorpusError(fmt::format(
        "a text of {} bytes leaves {} for training and {} for validation; each needs {}",
        text.size(), training_.size(), held_out_.size(), context + 1));
}

void Corpus::divide(const std::string& text, double held_out) {
  for (std::size_t at = 0; at < text.size(); at += stretch_bytes) {
    const std::string stretch = text.substr(at, stretch_bytes);
    const auto kept = static_cast<std::size_t>(static_cast<double>(stretch.size()) * held_out);
    training_ += stretch.substr(0, stretch.size() - kept);
    held_out_ += stretch.substr(stretch.size() - kept);
  }
}

Batch Corpus::training(int sequences, std::uint64_t seed, std::int64_t step) const {
  Batch batch;
  const std::uint64_t stream = mix(mix(seed) + static_cast<std::uint64_t>(step));
  const std::uint64_t places = training_.size() - static_cast<std::size_t>(context_);
  for (int i = 0; i < sequences; ++i)
    append(training_, mix(stream + static_cast<std::uint64_t>(i)) % places, context_, batch);
  return batch;
}

Batch Corpus::validation(int sequences) const {
  Batch batch;
  const std::size_t places = held_out_.size() - static_cast<std::size_t>(context_);
  for (int i = 0; i < sequences; ++i)
    append(held_out_, places * static_cast<std::size_t>(i) / static_cast<std::size_t>(sequences),
           context_, batch);
  return batch;
}

}  // namespace headroom::quality
