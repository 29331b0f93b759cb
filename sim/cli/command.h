// Commands with their options. CLI11 does the work, in command.cpp and command_line.cpp alone: its
// header, and each kind of value that an option takes, cost seconds of compile time in every file
// that sees them. The names are CLI11's, and mean what they mean there.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): as the library is called
class App;
class Option;
}  // namespace CLI

namespace headroom {

// What is wrong with the options of a command, beyond what a Check sees. A command throws it before
// it works; the message then also says how to get help.
class OptionError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  OptionError(const std::string& option, const std::string& text)
      : std::runtime_error(option + ": " + text) {}
};

// What an option accepts: "" or what is wrong with a word. The help shows the description.
class Check {
 public:
  using Complaint = std::function<std::string(const std::string&)>;

  Check(Complaint complaint, std::string description = "")
      : complaint_(std::move(complaint)), description_(std::move(description)) {}

  [[nodiscard]] const Complaint& complaint() const { return complaint_; }
  [[nodiscard]] const std::string& description() const { return description_; }

 private:
  Complaint complaint_;
  std::string description_;
};

// For int, std::int64_t and double.
template <class T>
[[nodiscard]] Check in_range(T low, T high);

class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  Option* check(const Check& check);
  Option* type_name(const std::string& name);
  Option* required();
  Option* capture_default_str();
  Option* default_str(const std::string& text);
  Option* needs(Option* other);
  Option* excludes(Option* other);
  Option* expected(int least, int most);
  Option* allow_extra_args(bool allow);
  Option* delimiter(char delimiter);

  [[nodiscard]] std::string get_name() const;
  [[nodiscard]] std::size_t count() const;  // in the command line that was read

 private:
  CLI::Option* option_;
};

// Owns its options and commands, whose pointers stay valid as long as it lives.
class Command {
 public:
  explicit Command(CLI::App& app) : app_(&app) {}

  // For std::string, int, std::int64_t, std::uint64_t, double, and vectors and std::optional of
  // some (command.cpp).
  template <class T>
  Option* add_option(const std::string& name, T& value, const std::string& text);
  Option* add_flag(const std::string& name, bool& value, const std::string& text);
  Command* add_subcommand(const std::string& name, const std::string& text);
  Command* add_option_group(const std::string& name);
  void footer(const std::string& text);
  void callback(std::function<void()> work);

  [[nodiscard]] const std::vector<std::unique_ptr<Option>>& get_options() const { return options_; }
  [[nodiscard]] std::size_t count(const std::string& option) const;

 private:
  Option* keep(CLI::Option& option);
  Command* keep(CLI::App& app);

  CLI::App* app_;
  std::vector<std::unique_ptr<Option>> options_;
  std::vector<std::unique_ptr<Command>> commands_;
};

}  // namespace headroom
