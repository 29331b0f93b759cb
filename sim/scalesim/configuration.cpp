#include "sim/scalesim/configuration.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <map>

#include "sim/scalesim/ini.h"

namespace headroom::scalesim {
namespace {

using Names = std::vector<std::string>;

constexpr std::int64_t max_sram_kib = std::int64_t{1} << 30U;
constexpr std::int64_t max_bandwidth = std::int64_t{1} << 30U;

// In the order of matrix_engine::Dataflow.
constexpr std::array<std::string_view, 3> dataflows{"ws", "os", "is"};

// Every key that a file of SCALE-Sim v2 or v3 is known to have, by section.
const std::map<std::string, Names>& known_keys() {
  static const Names layout{
      "IfmapCustomLayout",  "IfmapSRAMBankBandwidth", "IfmapSRAMBankNum",
      "IfmapSRAMBankPort",  "FilterCustomLayout",     "FilterSRAMBankNum",
      "FilterSRAMBankPort", "FilterSRAMBankBandwidth"};
  static const std::map<std::string, Names> keys = [] {
    std::map<std::string, Names> result{
        {"general", {"run_name"}},
        {"architecture_presets",
         {"ArrayHeight", "ArrayWidth", "IfmapSramSzkB", "FilterSramSzkB", "OfmapSramSzkB",
          "IfmapOffset", "FilterOffset", "OfmapOffset", "Dataflow", "Bandwidth", "MemoryBanks",
          "ReadRequestBuffer", "WriteRequestBuffer", "OnChipMemoryBanks", "OnChipMemoryBankPorts"}},
        {"layout", layout},
        {"sparsity",
         {"SparsitySupport", "SparseRep", "OptimizedMapping", "BlockSize", "NonZeroElems",
          "RandomNumberGeneratorSeed"}},
        {"run_presets",
         {"InterfaceBandwidth", "UseRamulatorTrace", "TimeLinearModel", "SRAM_row_size",
          "SRAM_bank_size", "DRAM_row_size", "DRAM_bank_size"}},
        {"network_presets", {"TopologyCsvLoc"}},
        {"DEFAULT", {}}};
    Names& architecture = result["architecture_presets"];  // where v2 had the layout
    architecture.insert(architecture.end(), layout.begin(), layout.end());
    return result;
  }();
  return keys;
}

Names known_sections() {
  Names names;
  for (const auto& [section, keys] : known_keys()) names.push_back(section);
  return names;
}

std::string place(const Position& at) {
  return fmt::format("{}:{}:{}", at.file, at.line, at.column);
}

class Reader {
 public:
  explicit Reader(const IniFile& file) : file_(file) {}

  Configuration read() {
    check_names();
    general();
    architecture();
    run_presets();
    sparsity();
    return std::move(result_);
  }

 private:
  // A key that is a slip of a known one is an error; any other unknown one is read past, because
  // SCALE-Sim's variants add keys of their own.
  void check_names() {
    for (const IniSection& section : file_.sections) {
      const auto known = known_keys().find(section.name.text);
      if (known == known_keys().end()) {
        refuse_slip(section.name, "", known_sections());
        note(section.name.at, fmt::format("section [{}]", section.name.text));
        continue;
      }
      for (const IniEntry& entry : section.entries)
        if (!is_known(entry.key.text, known->second)) {
          refuse_slip(entry.key, section.name.text + ".", known->second);
          note(entry.key.at, fmt::format("{}.{}", section.name.text, entry.key.text));
        }
    }
  }

  static bool is_known(std::string_view key, const Names& names) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return std::equal(name.begin(), name.end(), key.begin(), key.end(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) ==
               std::tolower(static_cast<unsigned char>(b));
      });
    });
  }

  static void refuse_slip(const Piece& name, const std::string& prefix, const Names& names) {
    const std::string near = nearest(name.text, names);
    if (near.empty()) return;
    throw InputError(name.at, prefix + name.text, fmt::format("the unknown name '{}'", name.text),
                     fmt::format("one of {}", fmt::join(names, ", ")), near);
  }

  void note(const Position& at, const std::string& what) {
    result_.notes.push_back(fmt::format("{}: {} is not used", place(at), what));
  }

  // The value of a key, nullptr where it is missing; [DEFAULT] stands in for every section.
  const IniEntry* find(const std::string& section, const std::string& key) const {
    for (const std::string& name : {section, std::string("DEFAULT")}) {
      const IniSection* candidate = file_.find(name);
      const IniEntry* entry = candidate == nullptr ? nullptr : candidate->find(key);
      if (entry != nullptr) return entry;
    }
    return nullptr;
  }

  // The value of a key that must be there, with configparser's "%%" turned into "%".
  Piece value(const std::string& section, const std::string& key) const {
    const IniEntry* entry = find(section, key);
    if (entry == nullptr)
      throw InputError(
          file_.end, section + "." + key,
          file_.find(section) == nullptr
              ? fmt::format("no section [{}]", section)
              : fmt::format("no key '{}'", key),
          "this key, which SCALE-Sim needs");
    Piece result = entry->value;
    for (std::size_t i = 0; i < result.text.size(); ++i) {
      if (result.text[i] != '%') continue;
      if (i + 1 == result.text.size() || result.text[i + 1] != '%')
        throw InputError(result.at, section + "." + key, quoted(result),
                         "'%%' for a percent sign, as Python's configparser asks");
      result.text.erase(i, 1);
    }
    return result;
  }

  std::int64_t number(const std::string& section, const std::string& key, std::int64_t least,
                      std::int64_t most) const {
    return whole_number(value(section, key), section + "." + key, least, most);
  }

  // True, False, yes, no, on, off, 1, 0 in any case; false where the key is missing.
  bool flag(const std::string& section, const std::string& key) const {
    if (find(section, key) == nullptr) return false;
    const Piece word = value(section, key);
    if (is_known(word.text, {"true", "yes", "on", "1"})) return true;
    if (is_known(word.text, {"false", "no", "off", "0"})) return false;
    throw InputError(word.at, section + "." + key, quoted(word), "True or False");
  }

  void general() {
    const Piece name = value("general", "run_name");
    if (name.text.empty() || name.text == "." || name.text == ".." ||
        name.text.find_first_of("/\n") != std::string::npos)
      throw InputError(
          name.at, "general.run_name", quoted(name), "a name for the folder of the reports");
    result_.run_name = name.text;
  }

  void architecture() {
    const std::string section = "architecture_presets";
    result_.rows = static_cast<int>(number(section, "ArrayHeight", 1, max_array_side));
    result_.columns = static_cast<int>(number(section, "ArrayWidth", 1, max_array_side));
    const auto words = [&](const char* key) {
      return 1024 * number(section, key, 1, max_sram_kib);
    };
    result_.sram_words = {words("IfmapSramSzkB"), words("FilterSramSzkB"), words("OfmapSramSzkB")};
    // Addresses: SCALE-Sim's traces need them, no count or cycle here does.
    using Limits = std::numeric_limits<std::int64_t>;
    for (const char* key : {"IfmapOffset", "FilterOffset", "OfmapOffset"})
      static_cast<void>(number(section, key, Limits::min(), Limits::max()));
    const Piece word = value(section, "Dataflow");
    const auto found = std::find(dataflows.begin(), dataflows.end(), word.text);
    if (found == dataflows.end())
      throw InputError(word.at, section + ".Dataflow", quoted(word),
                       "os, ws or is, with nothing behind it on the line");
    result_.dataflow = static_cast<Dataflow>(found - dataflows.begin());
  }

  void run_presets() {
    const Piece mode = value("run_presets", "InterfaceBandwidth");
    if (mode.text != "USER" && mode.text != "CALC")
      throw InputError(mode.at, "run_presets.InterfaceBandwidth", quoted(mode), "USER or CALC",
                       nearest(mode.text, {"USER", "CALC"}));
    result_.user_bandwidth = mode.text == "USER";
    if (flag("run_presets", "UseRamulatorTrace"))
      refuse("run_presets", "UseRamulatorTrace", "traces of Ramulator are not read");
    const bool ifmap_layout = flag("layout", "IfmapCustomLayout");
    const bool filter_layout = flag("layout", "FilterCustomLayout");
    if (result_.user_bandwidth) {
      if (ifmap_layout) refuse("layout", "IfmapCustomLayout", "bank conflicts are not modelled");
      if (filter_layout) refuse("layout", "FilterCustomLayout", "bank conflicts are not modelled");
      bandwidth();
    }
  }

  void refuse(const std::string& section, const std::string& key, const char* reason) const {
    const Piece word = value(section, key);
    throw InputError(word.at, section + "." + key, quoted(word), fmt::format("False ({})", reason));
  }

  // Words per cycle, from where SCALE-Sim takes them: v3 reads at the rates of [layout] and writes
  // at the first of Bandwidth; v2, which has no [layout], does everything at the first.
  void bandwidth() {
    const std::string section = "architecture_presets";
    std::vector<std::int64_t> list;
    for (const Piece& piece : split_at_commas(value(section, "Bandwidth")))
      list.push_back(whole_number(piece, section + ".Bandwidth", 1, max_bandwidth));
    result_.bandwidth = {list.front(), list.front(), list.front()};
    result_.bandwidth_source = "Bandwidth";
    if (file_.find("layout") == nullptr) return;
    result_.bandwidth.ifmap = banked("Ifmap");
    result_.bandwidth.filter = banked("Filter");
    result_.bandwidth_source =
        "IfmapSRAMBankBandwidth, FilterSRAMBankBandwidth of [layout] and Bandwidth";
  }

  std::int64_t banked(const std::string& operand) const {
    const std::string rate_key = operand + "SRAMBankBandwidth";
    const std::int64_t rate = number("layout", rate_key, 1, max_bandwidth);
    const std::int64_t banks = number("layout", operand + "SRAMBankNum", 1, max_bandwidth);
    if (rate % banks != 0)
      throw InputError(value("layout", rate_key).at, "layout." + rate_key, fmt::format("{}", rate),
                       fmt::format("a multiple of {}SRAMBankNum, which is {}", operand, banks));
    return rate;
  }

  void sparsity() {
    if (flag("sparsity", "SparsitySupport"))
      refuse("sparsity", "SparsitySupport", "sparse operands are not modelled");
  }

  const IniFile& file_;
  Configuration result_;
};

}  // namespace

std::string_view short_name(Dataflow dataflow) {
  return dataflows[static_cast<std::size_t>(dataflow)];
}

Configuration parse_configuration(std::string_view text, const std::string& name) {
  return Reader(parse_ini(split_lines(text, name), name)).read();
}

Configuration read_configuration(const std::string& path) {
  return Reader(parse_ini(read_lines(path), path)).read();
}

}  // namespace headroom::scalesim
