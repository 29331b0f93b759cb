// A value of a YAML or JSON document that remembers where it was written, so that every complaint
// about it can say so. Nodes are immutable and cheap to copy; a document lives as long as one of
// its nodes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/config/error.h"

namespace headroom::config {

// Limits that no honest input reaches; they keep hostile ones from taking the machine.
inline constexpr std::size_t max_file_bytes = 8u << 20;
inline constexpr std::size_t max_nodes = 100'000;  // aliases expanded
inline constexpr std::size_t max_depth = 64;

// An interval that a number must lie in.
struct Interval {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool above_low = false;  // low itself is excluded

  [[nodiscard]] bool contains(double x) const {
    return (above_low ? x > low : x >= low) && x <= high;
  }
  // " above 0", " from 1 to 8", "" where anything goes.
  [[nodiscard]] std::string words() const;
};
inline constexpr Interval positive{0, std::numeric_limits<double>::infinity(), true};
inline constexpr Interval not_negative{0};

class Node {
 public:
  enum class Kind { absent, null, scalar, sequence, mapping };
  struct Tree;

  // Reads one document. Throws InputError on anything that is not one readable YAML or JSON
  // document.
  [[nodiscard]] static Node load(const std::filesystem::path& file);
  // The same from text; `origin` stands where the file's name would stand.
  [[nodiscard]] static Node parse(const std::string& text, const std::string& origin);

  // A bare scalar that stands at `position`.
  [[nodiscard]] static Node scalar(std::string text, const Position& position);

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool exists() const { return kind() != Kind::absent; }
  [[nodiscard]] bool is_null() const { return kind() == Kind::null; }
  [[nodiscard]] bool is_mapping() const { return kind() == Kind::mapping; }
  [[nodiscard]] bool is_sequence() const { return kind() == Kind::sequence; }
  [[nodiscard]] bool is_scalar() const { return kind() == Kind::scalar; }
  // A scalar that stood in quotes is text, whatever it looks like.
  [[nodiscard]] bool is_quoted() const;
  [[nodiscard]] const Position& position() const;
  [[nodiscard]] const std::string& path() const;  // "plan.tensor", "cluster.shape[1]"

  // The value of `key`; an absent node, which still knows its path and the place of its parent,
  // where there is none.
  [[nodiscard]] Node operator[](std::string_view key) const;
  // The value of `key`; an error that names what was expected where there is none.
  [[nodiscard]] Node at(std::string_view key, std::string_view expected = "a value") const;
  // The entries of a mapping in the order written; anything else is an error.
  [[nodiscard]] std::vector<std::pair<std::string, Node>> entries() const;
  // The elements of a list; anything else is an error.
  [[nodiscard]] std::vector<Node> elements() const;
  // Where the key of this mapping entry stands (for complaints about the key itself).
  [[nodiscard]] Position key_position(std::string_view key) const;

  // Readings of a scalar; anything else is an error. Numbers are decimal: no octal, no NaN, no
  // infinity.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool boolean() const;  // true or false, as in JSON and YAML 1.2
  [[nodiscard]] std::int64_t integer(
      std::int64_t low = std::numeric_limits<std::int64_t>::min(),
      std::int64_t high = std::numeric_limits<std::int64_t>::max()) const;
  [[nodiscard]] double number(Interval within = {}) const;

  // Refuses every key of a mapping that is in neither list, naming the nearest of `known`;
  // `tolerated` is not advertised.
  void refuse_unknown_keys(
      const std::vector<std::string>& known, const std::vector<std::string>& tolerated = {}) const;

  // What a message says was found here: "'abc'", "a list", "nothing".
  [[nodiscard]] std::string found() const;
  // Throws InputError about this node.
  [[noreturn]] void fail(std::string_view found, std::string_view expected,
                         std::string_view near_name = "") const;
  // The same with found() as what was found.
  [[noreturn]] void expected(std::string_view expected, std::string_view near_name = "") const;

  // The value as JSON, numbers and booleans as such.
  [[nodiscard]] nlohmann::ordered_json json() const;

 private:
  explicit Node(std::shared_ptr<const Tree> tree) : tree_(std::move(tree)) {}
  friend class TreeBuilder;
  friend Node overlay(const Node& base, const Node& top);
  friend struct Assignment;
  friend Node set(const Node& base, const struct Assignment& assignment);

  std::shared_ptr<const Tree> tree_;
};

// `top` laid over `base`: mappings merge key by key, everything else is replaced; each value keeps
// its own place. A mapping with a key `value` is one value with its source and is replaced as a
// whole.
[[nodiscard]] Node overlay(const Node& base, const Node& top);
// One value of a document replaced: what --set and the points of a sweep do.
struct Assignment {
  std::string path;  // "plan.tensor"
  Node value;        // whose path is `path`
  Position origin;   // of the path's first character

  // "plan.tensor=8" of the command line; the value is YAML.
  [[nodiscard]] static Assignment parse(const std::string& text);
  // `value` of another document under a `path` that is written at `origin`. Throws InputError where
  // the path is none.
  [[nodiscard]] static Assignment of(const std::string& path, const Node& value, Position origin);
};

// `base` with one assignment.
[[nodiscard]] Node set(const Node& base, const Assignment& assignment);
[[nodiscard]] Node set(const Node& base, const std::string& assignment);

// "a whole number of at least 1"; a bound that is only the type's own is left out.
[[nodiscard]] std::string integer_words(std::int64_t low, std::int64_t high);

// Where found() and unit messages quote a user's text: shortened, control characters shown as '?'.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace headroom::config
