// Laying one document over another, and the assignments of the command line.
#include <fmt/format.h>

#include <utility>

#include "sim/config/tree.h"

namespace headroom::config {
namespace {

using Tree = Node::Tree;
using TreePointer = std::shared_ptr<const Tree>;

// {value: 3.35 TB/s, source: …} is one value: half of it from one place would give it the other
// one's source.
bool merges(const Tree& tree) {
  return tree.kind == Node::Kind::mapping && tree.find("value") == nullptr;
}

TreePointer overlaid(const TreePointer& base, const TreePointer& top) {
  if (!merges(*base) || !merges(*top)) return top;
  auto result = std::make_shared<Tree>(*base);
  for (const Tree::Entry& entry : top->entries) {
    bool replaced = false;
    for (Tree::Entry& old : result->entries) {
      if (old.key != entry.key) continue;
      old = {entry.key, entry.key_position, entry.key_path, overlaid(old.value, entry.value)};
      replaced = true;
    }
    if (!replaced) result->entries.push_back(entry);
  }
  return result;
}

// Moves a tree that was parsed on its own to where it stands in the command line's argument.
TreePointer moved(const TreePointer& tree, const std::string& path, int column) {
  auto result = std::make_shared<Tree>(*tree);
  if (result->position.line == 1) result->position.column += column;
  result->path = path;
  for (Tree::Entry& entry : result->entries) {
    if (entry.key_position.line == 1) entry.key_position.column += column;
    entry.key_path = child_path(path, entry.key);
    entry.value = moved(entry.value, entry.key_path, column);
  }
  for (std::size_t i = 0; i < result->elements.size(); ++i)
    result->elements[i] = moved(result->elements[i], fmt::format("{}[{}]", path, i), column);
  return result;
}

}  // namespace

Node overlay(const Node& base, const Node& top) {
  if (!top.exists()) return base;
  if (!base.exists()) return top;
  return Node(overlaid(base.tree_, top.tree_));
}

namespace {

void check_path(const std::string& path, const Position& origin, const std::string& found,
                const char* expected) {
  if (path.empty() || path.front() == '.' || path.back() == '.' ||
      path.find("..") != std::string::npos)
    throw InputError(origin, "", found, expected);
}

}  // namespace

Assignment Assignment::parse(const std::string& text) {
  const Position origin{"--set " + text, 1, 1};
  const std::size_t equals = text.find('=');
  const std::string path = equals == std::string::npos ? "" : text.substr(0, equals);
  check_path(path, origin, in_quotes(text), "key.path=value, such as plan.tensor=8");
  const Node value = Node::parse(text.substr(equals + 1), origin.file);
  return {path, Node(moved(value.tree_, path, static_cast<int>(equals) + 1)), origin};
}

Assignment Assignment::of(const std::string& path, const Node& value, Position origin) {
  check_path(path, origin, in_quotes(path), "a key such as plan.tensor");
  return {path, Node(moved(value.tree_, path, 0)), std::move(origin)};
}

Node set(const Node& base, const Assignment& assignment) {
  const auto& [path, value, origin] = assignment;
  TreePointer tree = value.tree_;
  for (std::size_t end = path.size(); end != std::string::npos;) {
    const std::size_t dot = path.rfind('.', end - 1);
    const std::size_t begin = dot == std::string::npos ? 0 : dot + 1;
    auto parent = std::make_shared<Tree>();
    parent->kind = Node::Kind::mapping;
    parent->position = origin;
    parent->path = dot == std::string::npos ? "" : path.substr(0, dot);
    const Position key_position{origin.file, origin.line, origin.column + static_cast<int>(begin)};
    parent->entries.push_back(
        {path.substr(begin, end - begin), key_position, path.substr(0, end), std::move(tree)});
    tree = std::move(parent);
    end = dot;
  }
  return overlay(base, Node(std::move(tree)));
}

Node set(const Node& base, const std::string& assignment) {
  return set(base, Assignment::parse(assignment));
}

}  // namespace headroom::config
