#include "sim/config/load_chip.h"

#include "sim/config/chip.h"

namespace headroom {

ChipDescription load_chip(const std::string& name, const config::ConfigPaths& paths,
                          const std::vector<std::string>& assignments) {
  using config::Node;
  const std::filesystem::path file = paths.resolve(
      Node::parse('"' + name + '"', "--chip " + name), "chips", "chip");
  const Node none = Node::parse("{}", "--set");
  Node changes = none["no changes"];
  for (const std::string& assignment : assignments)
    changes = set(changes.exists() ? changes : none, assignment);
  ChipDescription chip = config::read_chip(Node::load(file), changes, paths);
  chip.id = file.stem().string();
  return chip;
}

}  // namespace headroom
