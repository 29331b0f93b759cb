#include "sim/cli/terminal.h"

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace headroom {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool locale_is_utf8() {
  // The first that is set decides, as in setlocale(3).
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = variable(name);
    if (value.empty()) continue;
    return value.find("UTF-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

}  // namespace

TableStyle style_of_stdout() {
  const bool color = isatty(STDOUT_FILENO) == 1 && variable("NO_COLOR").empty() &&
                     variable("TERM") != "dumb";
  return {color, locale_is_utf8()};
}

}  // namespace headroom
