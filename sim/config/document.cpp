// From bytes to a tree: what yaml-cpp accepts and we do not (duplicate keys, alias bombs, several
// documents) ends here.
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "sim/config/text_file.h"
#include "sim/config/tree.h"

namespace headroom::config {

// Receives yaml-cpp's events. Parts of a container under construction wait in `open_`.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string origin) : origin_(std::move(origin)) {}

  [[nodiscard]] Node root() const { return Node(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto null = tree(Node::Kind::null, mark);
    // yaml-cpp places "key:" without a value at whatever comes next; the key's own place helps
    // more.
    if (!open_.empty() && open_.back().key && open_.back().key->second.line != null->position.line)
      null->position = open_.back().key->second;
    add(null, anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (awaits_key()) return take_key(mark, value);
    auto scalar = tree(Node::Kind::scalar, mark);
    scalar->scalar = value;
    scalar->quoted = tag == "!";  // yaml-cpp's mark of a scalar in quotes
    add(scalar, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_as_key(mark);
    const auto target = anchors_.find(anchor);
    if (target == anchors_.end())
      throw InputError(
          place(mark), path(), "an alias to a value that contains it", "a value that ends");
    count(target->second->nodes, target->second->depth, mark);
    attach(target->second);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(tree(Node::Kind::sequence, mark), anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(tree(Node::Kind::mapping, mark), anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    std::shared_ptr<Node::Tree> tree;
    YAML::anchor_t anchor;
    std::optional<std::pair<std::string, Position>> key;  // read, its value not yet
    std::set<std::string> keys;
  };

  Position place(const YAML::Mark& mark) const {
    return {origin_, mark.is_null() ? 1 : mark.line + 1, mark.is_null() ? 1 : mark.column + 1};
  }

  bool awaits_key() const {
    return !open_.empty() && open_.back().tree->kind == Node::Kind::mapping && !open_.back().key;
  }

  // The key path of the value that comes next.
  std::string path() const {
    if (open_.empty()) return "";
    const Open& parent = open_.back();
    if (parent.tree->kind == Node::Kind::sequence)
      return fmt::format("{}[{}]", parent.tree->path, parent.tree->elements.size());
    return parent.key ? child_path(parent.tree->path, parent.key->first) : parent.tree->path;
  }

  void refuse_as_key(const YAML::Mark& mark) const {
    if (awaits_key())
      throw InputError(place(mark), path(),
                       "a list or mapping as a key (or a bracket that is never closed)", "a name");
  }

  std::shared_ptr<Node::Tree> tree(Node::Kind kind, const YAML::Mark& mark) {
    refuse_as_key(mark);
    count(1, 1, mark);
    auto result = std::make_shared<Node::Tree>();
    result->kind = kind;
    result->position = place(mark);
    result->path = path();
    return result;
  }

  void count(std::size_t nodes, std::size_t depth, const YAML::Mark& mark) {
    nodes_ += nodes;
    if (nodes_ > max_nodes)
      throw InputError(
          place(mark), path(), fmt::format("more than {} values, aliases expanded", max_nodes),
          "a smaller document");
    if (open_.size() + depth > max_depth)
      throw InputError(
          place(mark), path(), fmt::format("more than {} levels of nesting", max_depth),
          "a flatter document");
  }

  void take_key(const YAML::Mark& mark, const std::string& key) {
    count(1, 1, mark);
    Open& parent = open_.back();
    if (!parent.keys.insert(key).second) {
      const Position first = parent.tree->find(key)->key_position;
      throw InputError(
          place(mark), child_path(parent.tree->path, key),
          fmt::format("a second key '{}' (the first is in line {})", key, first.line),
          "each key once");
    }
    parent.key.emplace(key, place(mark));
  }

  void open(std::shared_ptr<Node::Tree> container, YAML::anchor_t anchor) {
    open_.push_back({std::move(container), anchor, std::nullopt, {}});
  }

  void close() {
    const Open closed = std::move(open_.back());
    open_.pop_back();
    add(closed.tree, closed.anchor);
  }

  void add(const std::shared_ptr<const Node::Tree>& value, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = value;
    attach(value);
  }

  void attach(const std::shared_ptr<const Node::Tree>& value) {
    if (open_.empty()) {
      root_ = value;
      return;
    }
    Open& parent = open_.back();
    parent.tree->nodes += value->nodes;
    parent.tree->depth = std::max(parent.tree->depth, value->depth + 1);
    if (parent.tree->kind == Node::Kind::sequence) {
      parent.tree->elements.push_back(value);
    } else {
      parent.tree->entries.push_back(
          {parent.key->first, parent.key->second, child_path(parent.tree->path, parent.key->first),
           value});
      parent.key.reset();
    }
  }

  std::string origin_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, std::shared_ptr<const Node::Tree>> anchors_;
  std::shared_ptr<const Node::Tree> root_;
  std::size_t nodes_ = 0;
};

namespace {

void refuse_binary(const std::string& text, const std::string& origin) {
  Position at{origin, 1, 1};
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f)
      throw InputError(
          at, "", fmt::format("the control character 0x{:02x}", byte), "a text file in UTF-8");
    at.column = c == '\n' ? 1 : at.column + 1;
    at.line += c == '\n' ? 1 : 0;
  }
}

}  // namespace

Node Node::parse(const std::string& text, const std::string& origin) {
  if (text.size() > max_file_bytes)
    throw InputError({origin, 1, 1}, "", fmt::format("more than {} MiB", max_file_bytes >> 20),
                     "a smaller file");
  refuse_binary(text, origin);
  TreeBuilder builder(origin);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder))
      throw InputError({origin, 1, 1}, "", "an empty document", "YAML or JSON");
    Node root = builder.root();
    TreeBuilder second(origin);
    if (parser.HandleNextDocument(second))
      throw InputError(second.root().position(), "", "a second document", "one document");
    return root;
  } catch (const YAML::Exception& error) {
    const bool placed = !error.mark.is_null();
    throw InputError({origin, placed ? error.mark.line + 1 : 1, placed ? error.mark.column + 1 : 1},
                     "", fmt::format("a syntax error ({})", error.msg), "YAML or JSON");
  }
}

// A table of runs names the same few files hundreds of times: their text is read each time, and
// parsed where it is another than before.
Node Node::load(const std::filesystem::path& file) {
  static std::map<std::string, std::pair<std::string, Node>> parsed;
  const std::string origin = file.string();
  std::string text = read_text_file(file, max_file_bytes, "a YAML or JSON file");
  const auto known = parsed.find(origin);
  if (known != parsed.end() && known->second.first == text) return known->second.second;
  Node root = parse(text, origin);
  if (root.is_null()) throw InputError({origin, 1, 1}, "", "an empty document", "YAML or JSON");
  parsed.insert_or_assign(origin, std::pair(std::move(text), root));
  return root;
}

}  // namespace headroom::config
