// The text that the training experiment learns, byte by byte.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "sim/quality/network.h"

namespace headroom::quality {

class CorpusError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Corpus {
 public:
  // `text` is divided into stretches; of each, the last part of share `held_out` is for validation.
  // Throws CorpusError where a side is shorter than a sequence and the byte after it.
  Corpus(const std::string& text, double held_out, int context);

  // Of a file, or of all files of a folder by name, links left out: Debian's licences have links to
  // the same text. Throws CorpusError where there is none.
  [[nodiscard]] static Corpus load(const std::filesystem::path& path, double held_out, int context);

  // Sequences that begin at random places of the text for training. The same seed and step give the
  // same batch.
  [[nodiscard]] Batch training(int sequences, std::uint64_t seed, std::int64_t step) const;
  // Sequences evenly spread over the text that is held out; always the same.
  [[nodiscard]] Batch validation(int sequences) const;

  [[nodiscard]] std::size_t bytes() const { return training_.size() + held_out_.size(); }

 private:
  void divide(const std::string& text, double held_out);

  int context_;
  std::string training_, held_out_;
};

}  // namespace headroom::quality
