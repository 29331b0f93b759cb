#include "sim/cli/command.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>

namespace headroom {

template <class T>
Check in_range(T low, T high) {
  const CLI::Range range(low, high);
  return {[range](const std::string& word) { return range(word); }, range.get_description()};
}
template Check in_range(int, int);
template Check in_range(std::int64_t, std::int64_t);
template Check in_range(double, double);

Option* Option::check(const Check& check) {
  option_->check(CLI::Validator(check.complaint(), check.description()));
  return this;
}

Option* Option::type_name(const std::string& name) {
  option_->type_name(name);
  return this;
}

Option* Option::required() {
  option_->required();
  return this;
}

Option* Option::capture_default_str() {
  option_->capture_default_str();
  return this;
}

Option* Option::default_str(const std::string& text) {
  option_->default_str(text);
  return this;
}

Option* Option::needs(Option* other) {
  option_->needs(other->option_);
  return this;
}

Option* Option::excludes(Option* other) {
  option_->excludes(other->option_);
  return this;
}

Option* Option::expected(int least, int most) {
  option_->expected(least, most);
  return this;
}

Option* Option::allow_extra_args(bool allow) {
  option_->allow_extra_args(allow);
  return this;
}

Option* Option::delimiter(char delimiter) {
  option_->delimiter(delimiter);
  return this;
}

std::string Option::get_name() const { return option_->get_name(); }

std::size_t Option::count() const { return option_->count(); }

template <class T>
Option* Command::add_option(const std::string& name, T& value, const std::string& text) {
  return keep(*app_->add_option(name, value, text));
}
template Option* Command::add_option(const std::string&, std::string&, const std::string&);
template Option* Command::add_option(const std::string&, int&, const std::string&);
template Option* Command::add_option(const std::string&, std::int64_t&, const std::string&);
template Option* Command::add_option(const std::string&, std::uint64_t&, const std::string&);
template Option* Command::add_option(const std::string&, double&, const std::string&);
template Option* Command::add_option(
    const std::string&, std::vector<std::string>&, const std::string&);
template Option* Command::add_option(
    const std::string&, std::vector<std::int64_t>&, const std::string&);
template Option* Command::add_option(const std::string&, std::optional<int>&, const std::string&);
template Option* Command::add_option(
    const std::string&, std::optional<double>&, const std::string&);

Option* Command::add_flag(const std::string& name, bool& value, const std::string& text) {
  return keep(*app_->add_flag(name, value, text));
}

Command* Command::add_subcommand(const std::string& name, const std::string& text) {
  return keep(*app_->add_subcommand(name, text));
}

Command* Command::add_option_group(const std::string& name) {
  return keep(*app_->add_option_group(name));
}

void Command::footer(const std::string& text) { app_->footer(text); }

void Command::callback(std::function<void()> work) { app_->callback(std::move(work)); }

std::size_t Command::count(const std::string& option) const { return app_->count(option); }

Option* Command::keep(CLI::Option& option) {
  return options_.emplace_back(std::make_unique<Option>(option)).get();
}

Command* Command::keep(CLI::App& app) {
  return commands_.emplace_back(std::make_unique<Command>(app)).get();
}

}  // namespace headroom
