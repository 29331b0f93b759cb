#include "sim/config/stream_table.h"

#include <algorithm>
#include <map>

#include "sim/config/record.h"

namespace headroom::config {

namespace {

struct Entry {
  std::string chip, device;
  std::vector<std::string> changes;
  std::vector<double> slowdown;
};

const Record<Entry>& entry_record() {
  static const auto
      record = Record<Entry>("what streams reach on a kind of HBM")
                   .required("chip", &Entry::chip, text(), "a chip that has it")
                   .optional("changes", &Entry::changes, list_of(text()), "[]", "to that chip")
                   .required("device", &Entry::device, text(), "organisation and timing in a row")
                   .required("slowdown", &Entry::slowdown, list_of(number(positive)),
                             "time over that at the peak, by eighths of the share of loads");
  return record;
}

using Table = std::map<std::string, StreamSlowdowns>;

// By file, as the process read it first.
const Table& table_at(const std::filesystem::path& file) {
  static std::map<std::string, Table> tables;
  const auto [found, is_new] = tables.try_emplace(file.string());
  if (is_new)
    for (const StreamEntry& entry : read_stream_table(Node::load(file)))
      found->second.emplace(entry.device, entry.slowdown);
  return found->second;
}

}  // namespace

std::vector<StreamEntry> read_stream_table(const Node& document) {
  document.refuse_unknown_keys({"stream_slowdowns"}, provenance_keys());
  std::vector<StreamEntry> entries;
  for (const Node& element : document.at("stream_slowdowns").elements()) {
    const Entry read = entry_record().read(element);
    StreamEntry entry{read.chip, read.changes, read.device, {}};
    if (read.slowdown.size() != entry.slowdown.size())
      element["slowdown"].expected("nine numbers, of no load to loads only");
    std::copy(read.slowdown.begin(), read.slowdown.end(), entry.slowdown.begin());
    entries.push_back(entry);
  }
  return entries;
}

void remember_streams(const HbmDescription& hbm, const ConfigPaths& paths) {
  const auto file = paths.find("streams", "slowdowns");
  if (!file) return;
  const Table& table = table_at(*file);
  const auto known = table.find(stream_key(hbm.device));
  if (known != table.end()) remember_slowdowns(hbm.device, known->second);
}

}  // namespace headroom::config
