#include "sim/config/load_memory.h"

#include "sim/config/memory.h"

namespace headroom {

hbm::Device load_memory(const std::string& name, const config::ConfigPaths& paths, int stacks) {
  using config::Node;
  const std::filesystem::path file = paths.resolve(
      Node::parse('"' + name + '"', "--device " + name), "memories", "memory");
  const Node document = Node::load(file);
  return config::device_of(
      config::read_memory_file(document, document["no changes"]), file.stem().string(), stacks);
}

}  // namespace headroom
