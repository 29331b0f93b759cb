#include "sim/workload/families/registry.h"

#include <algorithm>

namespace headroom::families {

const std::vector<Family>& all() {
  static const auto sorted = [] {
    std::vector<Family> list;
    const auto add = [&](const std::vector<Family>& more) {
      list.insert(list.end(), more.begin(), more.end());
    };
#define HEADROOM_FAMILY(file) add(file());
#include "sim/workload/families/files.inc"
#undef HEADROOM_FAMILY
    std::sort(list.begin(), list.end(), [](const Family& a, const Family& b) {
      return a.name < b.name;
    });
    return list;
  }();
  return sorted;
}

}  // namespace headroom::families
