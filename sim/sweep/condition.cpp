#include "sim/sweep/condition.h"

#include <algorithm>
#include <cmath>

#include "sim/config/units.h"

namespace headroom::sweep {

using config::Node;

namespace {

constexpr const char* form =
    "a comparison such as plan.data * plan.tensor == cluster.chips, with blanks around operators";

// Words between blanks; what stands in quotes is one, with its quotes.
std::vector<std::string> words_of(const Node& node) {
  const std::string text = node.text();
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(' ', at)) != std::string::npos;) {
    const bool quoted = text[at] == '"' || text[at] == '\'';
    std::size_t end = quoted ? text.find(text[at], at + 1) : text.find(' ', at);
    if (quoted && end == std::string::npos) node.expected(form);
    end = quoted ? end + 1 : std::min(end, text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

bool is_comparison(const std::string& word) {
  static const std::vector<std::string> known{"==", "!=", "<", "<=", ">", ">="};
  return std::find(known.begin(), known.end(), word) != known.end();
}

bool is_operator(const std::string& word) {
  return word.size() == 1 && std::string("+-*/%").find(word[0]) != std::string::npos;
}

double apply(char sign, double a, double b) {
  switch (sign) {
    case '*': return a * b;
    case '/': return a / b;
    case '%': return std::fmod(a, b);
    case '-': return a - b;
    default: return a + b;
  }
}

// Equal but for what arithmetic rounds.
bool equal(double a, double b) {
  return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

}  // namespace

Condition::Condition(const Node& text) : node_(text) {
  for (const std::string& word : words_of(node_)) {
    Term& term = comparison_.empty() ? left_ : right_;
    const bool after_operand = term.operands.size() > term.operators.size();
    if (is_comparison(word)) {
      if (!after_operand || !comparison_.empty()) node_.expected(form);
      comparison_ = word;
    } else if (after_operand) {
      if (!is_operator(word)) node_.expected(form);
      term.operators += word;
    } else {
      take(term, word);
    }
  }
  if (comparison_.empty() || right_.operands.size() != right_.operators.size() + 1)
    node_.expected(form);
}

void Condition::take(Term& term, const std::string& word) {
  const bool quoted = word.front() == '"' || word.front() == '\'';
  const std::string bare = quoted ? word.substr(1, word.size() - 2) : word;
  if (const auto measure = config::measure_of(bare)) {
    term.operands.push_back({"", measure->si});
  } else if (quoted) {
    term.operands.push_back({"", bare});
  } else {
    if (is_operator(word)) node_.expected(form);
    term.operands.push_back({bare, Cell()});
    keys_.push_back(bare);
  }
}

double Condition::number(const Cell& cell) const {
  if (const double* number = std::get_if<double>(&cell)) return *number;
  node_.fail(config::in_quotes(std::get<std::string>(cell)) + " in arithmetic or an order",
             "numbers, or == and != between words");
}

// Products bind more tightly than sums.
Cell Condition::value(const Term& term, const Lookup& lookup) const {
  const auto read = [&](std::size_t i) {
    const Operand& operand = term.operands[i];
    return operand.key.empty() ? operand.constant : lookup(operand.key);
  };
  if (term.operators.empty()) return read(0);
  double sum = 0, product = number(read(0));
  char sign = '+';
  for (std::size_t i = 0; i < term.operators.size(); ++i) {
    const double next = number(read(i + 1));
    if (term.operators[i] == '+' || term.operators[i] == '-') {
      sum = apply(sign, sum, product);
      sign = term.operators[i];
      product = next;
    } else {
      product = apply(term.operators[i], product, next);
    }
  }
  return apply(sign, sum, product);
}

bool Condition::holds(const Lookup& lookup) const {
  const Cell left = value(left_, lookup), right = value(right_, lookup);
  const bool words = std::holds_alternative<std::string>(left) &&
                     std::holds_alternative<std::string>(right);
  if (words && (comparison_ == "==" || comparison_ == "!="))
    return (left == right) == (comparison_ == "==");
  const double a = number(left), b = number(right);
  if (comparison_ == "==") return equal(a, b);
  if (comparison_ == "!=") return !equal(a, b);
  if (comparison_ == "<") return a < b && !equal(a, b);
  if (comparison_ == "<=") return a < b || equal(a, b);
  if (comparison_ == ">") return a > b && !equal(a, b);
  return a > b || equal(a, b);
}

}  // namespace headroom::sweep
