// Conditions on the points of a sweep: "plan.data * plan.tensor == cluster.chips".
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/config/node.h"
#include "sim/sweep/axis.h"

namespace headroom::sweep {

// Two terms and a comparison between them: == != < <= > >=. A term adds (+ -), multiplies and
// divides (* / %) numbers, quantities in quotes ("700 W"), words in quotes and keys of the
// experiment; operators stand between blanks. Words can only be equal or not.
class Condition {
 public:
  // The value of a key at a point; throws InputError at the condition where there is none.
  using Lookup = std::function<Cell(const std::string& key)>;

  // Throws InputError at `text` where it is no such comparison.
  explicit Condition(const config::Node& text);

  // The keys in it.
  [[nodiscard]] const std::vector<std::string>& keys() const { return keys_; }
  [[nodiscard]] bool holds(const Lookup& lookup) const;
  [[nodiscard]] const config::Node& node() const { return node_; }

 private:
  struct Operand {
    std::string key;  // "" of a constant
    Cell constant;
  };
  // Operand, operator, operand …, in the order written.
  struct Term {
    std::vector<Operand> operands;
    std::string operators;
  };

  void take(Term& term, const std::string& word);
  [[nodiscard]] Cell value(const Term& term, const Lookup& lookup) const;
  [[nodiscard]] double number(const Cell& cell) const;

  config::Node node_;
  Term left_, right_;
  std::string comparison_;
  std::vector<std::string> keys_;
};

}  // namespace headroom::sweep
