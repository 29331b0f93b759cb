#include "sim/config/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sim/config/tree.h"

namespace headroom::config {
namespace {

// Digits of a decimal number; a leading zero is refused because YAML 1.1 readers take 010 for
// eight.
bool has_surprising_zero(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

std::string_view without_plus(std::string_view text) {
  return text.size() > 1 && text[0] == '+' && text[1] != '-' ? text.substr(1) : text;
}

std::string number_words(double x) {
  if (std::abs(x) < 1e15 && x == std::floor(x))
    return fmt::format("{}", static_cast<std::int64_t>(x));
  return fmt::format("{}", x);
}

template <class T>
bool reads_whole(std::string_view text, T& value) {
  text = without_plus(text);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string Interval::words() const {
  const bool has_low = std::isfinite(low), has_high = std::isfinite(high);
  if (has_low && has_high && !above_low)
    return fmt::format(" from {} to {}", number_words(low), number_words(high));
  if (has_low && has_high)
    return fmt::format(" above {} and at most {}", number_words(low), number_words(high));
  if (has_low) return fmt::format(above_low ? " above {}" : " of at least {}", number_words(low));
  if (has_high) return fmt::format(" of at most {}", number_words(high));
  return "";
}

std::string integer_words(std::int64_t low, std::int64_t high) {
  Interval range;
  if (low > std::numeric_limits<std::int32_t>::min()) range.low = static_cast<double>(low);
  if (high < std::numeric_limits<std::int32_t>::max()) range.high = static_cast<double>(high);
  return "a whole number" + range.words();
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t most = 60;
  std::string shown(text.substr(0, most));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
  return fmt::format("'{}{}'", shown, text.size() > most ? "…" : "");
}

Node Node::scalar(std::string text, const Position& position) {
  auto tree = std::make_shared<Tree>();
  tree->kind = Kind::scalar;
  tree->position = position;
  tree->scalar = std::move(text);
  return Node(std::move(tree));
}

Node::Kind Node::kind() const { return tree_->kind; }
bool Node::is_quoted() const { return tree_->quoted; }
const Position& Node::position() const { return tree_->position; }
const std::string& Node::path() const { return tree_->path; }

Node Node::operator[](std::string_view key) const {
  if (const Tree::Entry* entry = tree_->find(key)) return Node(entry->value);
  auto absent = std::make_shared<Tree>();
  absent->kind = Kind::absent;
  absent->position = tree_->position;
  absent->path = child_path(tree_->path, key);
  return Node(std::move(absent));
}

Node Node::at(std::string_view key, std::string_view expected) const {
  if (!is_mapping()) this->expected(fmt::format("a mapping with the key '{}'", key));
  Node child = (*this)[key];
  if (!child.exists()) child.expected(expected);
  return child;
}

std::vector<std::pair<std::string, Node>> Node::entries() const {
  if (!is_mapping()) expected("a mapping (key: value)");
  std::vector<std::pair<std::string, Node>> result;
  for (const Tree::Entry& entry : tree_->entries) result.emplace_back(entry.key, Node(entry.value));
  return result;
}

std::vector<Node> Node::elements() const {
  if (!is_sequence()) expected("a list such as [1, 2]");
  std::vector<Node> result;
  for (const auto& element : tree_->elements) result.push_back(Node(element));
  return result;
}

Position Node::key_position(std::string_view key) const {
  const Tree::Entry* entry = tree_->find(key);
  return entry ? entry->key_position : position();
}

std::string Node::text() const {
  if (!is_scalar()) expected("text");
  return tree_->scalar;
}

bool Node::boolean() const {
  if (!is_scalar() || is_quoted() || (tree_->scalar != "true" && tree_->scalar != "false"))
    expected("true or false");
  return tree_->scalar == "true";
}

std::int64_t Node::integer(std::int64_t low, std::int64_t high) const {
  std::int64_t value = 0;
  if (!is_scalar() || is_quoted() || has_surprising_zero(tree_->scalar) ||
      !reads_whole(tree_->scalar, value) || value < low || value > high)
    expected(integer_words(low, high));
  return value;
}

double Node::number(Interval within) const {
  double value = 0;
  if (!is_scalar() || is_quoted() || has_surprising_zero(tree_->scalar) ||
      !reads_whole(tree_->scalar, value) || !std::isfinite(value) || !within.contains(value))
    expected(fmt::format("a number{}", within.words()));
  return value;
}

void Node::refuse_unknown_keys(
    const std::vector<std::string>& known, const std::vector<std::string>& tolerated) const {
  const auto among = [](const std::vector<std::string>& names, const std::string& key) {
    return std::find(names.begin(), names.end(), key) != names.end();
  };
  static_cast<void>(entries());  // refuses all but mappings
  for (const Tree::Entry& entry : tree_->entries)
    if (!among(known, entry.key) && !among(tolerated, entry.key))
      throw InputError(
          entry.key_position, entry.key_path, "the unknown key " + in_quotes(entry.key),
          known.empty() ? "no keys" : fmt::format("one of {}", fmt::join(known, ", ")),
          nearest(entry.key, known));
}

std::string Node::found() const {
  switch (kind()) {
    case Kind::absent:
    case Kind::null: return "nothing";
    case Kind::sequence: return "a list";
    case Kind::mapping: return "a mapping";
    case Kind::scalar: break;
  }
  return is_quoted() ? "the text " + in_quotes(tree_->scalar) : in_quotes(tree_->scalar);
}

void Node::fail(std::string_view found, std::string_view expected,
                std::string_view near_name) const {
  throw InputError(position(), path(), found, expected, near_name);
}

void Node::expected(std::string_view expected, std::string_view near_name) const {
  fail(found(), expected, near_name);
}

nlohmann::ordered_json Node::json() const {
  nlohmann::ordered_json result;
  if (is_mapping()) {
    result = nlohmann::ordered_json::object();
    for (const auto& [key, value] : entries()) result[key] = value.json();
  } else if (is_sequence()) {
    result = nlohmann::ordered_json::array();
    for (const Node& element : elements()) result.push_back(element.json());
  } else if (is_scalar()) {
    std::int64_t whole = 0;
    double real = 0;
    const std::string& text = tree_->scalar;
    if (is_quoted() || has_surprising_zero(text))
      result = text;
    else if (text == "true" || text == "false")
      result = text == "true";
    else if (reads_whole(text, whole))
      result = whole;
    else if (reads_whole(text, real) && std::isfinite(real))
      result = real;
    else
      result = text;
  }
  return result;
}

}  // namespace headroom::config
