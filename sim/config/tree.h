// The data behind a Node; only the files of the reader include this.
#pragma once

#include "sim/config/node.h"

namespace headroom::config {

struct Node::Tree {
  struct Entry {
    std::string key;
    Position key_position;
    std::string key_path;
    std::shared_ptr<const Tree> value;
  };

  Kind kind = Kind::null;
  Position position;
  std::string path;  // as written: an alias keeps the path and place of its anchor
  std::string scalar;
  bool quoted = false;
  std::vector<Entry> entries;                         // of a mapping
  std::vector<std::shared_ptr<const Tree>> elements;  // of a sequence
  std::size_t nodes = 1;                              // in this tree, aliases expanded
  std::size_t depth = 1;                              // of this tree, aliases expanded

  [[nodiscard]] const Entry* find(std::string_view key) const {
    for (const Entry& entry : entries)
      if (entry.key == key) return &entry;
    return nullptr;
  }
};

[[nodiscard]] inline std::string child_path(const std::string& parent, std::string_view key) {
  return parent.empty() ? std::string(key) : parent + "." + std::string(key);
}

}  // namespace headroom::config
