#include "sim/config/memory.h"

namespace headroom::config {

const Record<HbmDescription>& memory_file_record() {
  static const auto
      record = Record<HbmDescription>("a generation of HBM")
                   .ignored("name", Json{{"type", "string"}})
                   .required("latency", &HbmDescription::latency, quantity<Seconds>(),
                             "unloaded read latency seen by a core")
                   .required("trefi", &HbmDescription::trefi, quantity<Seconds>(),
                             "average interval between refreshes")
                   .required("trfc", &HbmDescription::trfc, quantity<Seconds>(not_negative),
                             "time that a refresh takes away");
  return record;
}

const Record<HbmDescription>& memory_use_record() {
  static const std::string file = "the memory's file";
  static const auto
      record = Record<HbmDescription>("the HBM of a chip")
                   .required(
                       "device", &HbmDescription::device, text(), "a file of configs/memories")
                   .required("stacks", &HbmDescription::stacks, integer<int>(), "stacks per chip")
                   .required("capacity", &HbmDescription::capacity, quantity<Bytes>(),
                             "of all stacks, as software sees it")
                   .required("bandwidth", &HbmDescription::bandwidth, quantity<BytesPerSecond>(),
                             "peak of all stacks")
                   .overriding("latency", &HbmDescription::latency, quantity<Seconds>(), file,
                               "unloaded read latency seen by a core")
                   .overriding("trefi", &HbmDescription::trefi, quantity<Seconds>(), file,
                               "average interval between refreshes")
                   .overriding("trfc", &HbmDescription::trfc, quantity<Seconds>(not_negative), file,
                               "time that a refresh takes away");
  return record;
}

void check_refresh(const HbmDescription& hbm, const Node& node) {
  if (hbm.trfc < hbm.trefi) return;
  const Node trfc = bare(node["trfc"]), trefi = bare(node["trefi"]);
  if (trfc.exists()) trfc.expected("less than trefi, or refreshes leave no time for work");
  trefi.expected("more than trfc, or refreshes leave no time for work");
}

void read_memory_file(const Node& file, HbmDescription& hbm) {
  memory_file_record().read_into(file, hbm);
  check_refresh(hbm, file);
}

void read_memory_device(const Node& use, const ConfigPaths& paths, HbmDescription& hbm) {
  if (const Node device = bare(use["device"]); device.exists())
    read_memory_file(Node::load(paths.resolve(device, "memories", "memory")), hbm);
}

}  // namespace headroom::config
