#include "sim/validation/constants.h"

#include <fmt/format.h>

#include <map>

#include "sim/config/kind.h"
#include "sim/report/numbers.h"

namespace headroom::validation {
namespace {

using config::Node;

constexpr std::size_t width = 100;

Node at(Node node, const std::string& path) {
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t dot = std::min(path.find('.', begin), path.size());
    if (!node.is_mapping()) return Node::parse("{}", "")["nothing"];
    node = node[path.substr(begin, dot - begin)];
    begin = dot + 1;
  }
  return node;
}

std::string text_of(const Node& node) {
  return node.is_scalar() ? node.text() : node.json().dump();
}

Constant read(const std::string& file, const ConstantKey& key, const Node& node) {
  Constant constant{file, key.key, text_of(config::bare(node)), "", "", "", key.meaning};
  if (!node.is_mapping()) return constant;
  if (const Node range = node["range"]; range.exists()) {
    const std::vector<Node> ends = range.elements();  // two: readers of the file refuse others
    constant.low = text_of(ends.front());
    constant.high = text_of(ends.back());
  }
  if (const Node source = node["source"]; source.exists()) constant.source = text_of(source);
  return constant;
}

}  // namespace

std::vector<Constant> constants(const config::ConfigPaths& paths, const RunTables& tables) {
  std::vector<Constant> result;
  for (const ConstantKey& key : tables.constants)
    for (const std::string& name : paths.names(key.folder)) {
      const Node node = at(Node::load(*paths.find(key.folder, name)), key.key);
      if (node.exists()) result.push_back(read(key.folder + "/" + name, key, node));
    }
  return result;
}

std::string text(const std::vector<Constant>& constants) {
  std::string text;
  std::string meaning;
  for (const Constant& constant : constants) {
    if (constant.meaning != meaning) {
      text += (text.empty() ? "" : "\n") +
              wrapped("", fmt::format("{}: {}", constant.key, constant.meaning), width);
      meaning = constant.meaning;
    }
    std::string line = constant.value;
    if (!constant.low.empty()) line += fmt::format(" ({} to {})", constant.low, constant.high);
    if (!constant.source.empty()) line += "; " + constant.source;
    text += wrapped(fmt::format("  {:<28} ", constant.file), line, width);
  }
  return text +
         fmt::format(
             "\n{} values. None was fitted to the runs that validate is judged by; what was fitted "
             "to "
             "others says so in its source, beside it or in the list of its file.\n",
             constants.size());
}

}  // namespace headroom::validation
