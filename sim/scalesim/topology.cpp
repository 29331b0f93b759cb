#include "sim/scalesim/topology.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "sim/scalesim/text.h"

namespace headroom::scalesim {
namespace {

constexpr std::int64_t max_field = (std::int64_t{1} << 31U) - 1;
constexpr std::int64_t max_side = max_field;               // of the product
constexpr std::int64_t max_macs = std::int64_t{1} << 53U;  // doubles count that far
constexpr std::size_t max_layers = 1'000'000;

const std::vector<std::string>& field_names(Rows rows) {
  static const std::vector<std::string> conv{
      "Layer name",   "IFMAP Height", "IFMAP Width", "Filter Height",
      "Filter Width", "Channels",     "Num Filter",  "Strides"};
  static const std::vector<std::string> gemm{"Layer", "M", "N", "K"};
  return rows == Rows::conv ? conv : gemm;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

class Reader {
 public:
  Reader(const std::vector<Piece>& lines, const std::string& name, Rows rows)
      : lines_(lines), end_{name, static_cast<int>(lines.size()) + 1, 1}, rows_(rows) {}

  Topology read() {
    for (const Piece& line : lines_) {
      const Piece text = trimmed(line);
      // Spreadsheets leave rows of nothing but commas behind.
      if (text.text.find_first_not_of(", \t") == std::string::npos) continue;
      if (!header_)
        take_header(text);
      else
        take_row(split_at_commas(text));
    }
    if (result_.layers.empty())
      throw InputError(end_, "", "no layer", "a header line, then one line for each layer");
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::size_t required() const { return field_names(rows_).size(); }

  void note(const Position& at, const std::string& what) {
    result_.notes.push_back(fmt::format("{}:{}:{}: {}", at.file, at.line, at.column, what));
  }

  // SCALE-Sim skips the first line whatever it holds.
  void take_header(const Piece& line) {
    header_ = line;
    const std::vector<Piece> fields = split_at_commas(line);
    const bool
        is_layer = fields.size() >= required() &&
                   std::all_of(
                       fields.begin() + 1, fields.begin() + static_cast<std::ptrdiff_t>(required()),
                       [](const Piece& field) { return is_whole_number(trimmed(field).text); });
    if (is_layer)
      note(line.at,
           fmt::format("layer '{}' stands in the header's place and is skipped, as "
                       "SCALE-Sim skips it",
                       trimmed(fields[0]).text));
    const std::string words = lower(line.text);
    if (rows_ == Rows::gemm && (contains(words, "ifmap") || contains(words, "filter")))
      throw InputError(
          line.at, "header", "the columns of convolutions",
          fmt::format(
              "{} (without -i gemm, convolutions are read)", fmt::join(field_names(rows_), ", ")));
  }

  void take_row(const std::vector<Piece>& fields) {
    const std::string layer = trimmed(fields[0]).text;
    if (fields.size() < required()) refuse_short_row(fields);
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 1; i < required(); ++i)
      numbers.push_back(whole_number(
          fields[i], fmt::format("layer '{}', {}", layer, field_names(rows_)[i]), 1, max_field));
    if (rows_ == Rows::gemm) {
      check_extra_fields(layer, fields, 1);
      add({layer, numbers[0], numbers[2], 1, numbers[2], 1, numbers[1], 1, 1, fields[0].at},
          fields);
    } else {
      const std::int64_t stride_width = check_extra_fields(layer, fields, numbers[6]);
      add({layer, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5],
           numbers[6], stride_width, fields[0].at},
          fields);
    }
  }

  [[noreturn]] void refuse_short_row(const std::vector<Piece>& fields) const {
    std::string expected = fmt::format(
        "at least {}: {}", required(), fmt::join(field_names(rows_), ", "));
    if (rows_ == Rows::conv && fields.size() >= field_names(Rows::gemm).size())
      expected += " (with -i gemm: Layer, M, N, K)";
    const Piece& last = fields.back();
    throw InputError(
        {last.at.file, last.at.line, last.at.column + static_cast<int>(last.text.size())},
        fmt::format("layer '{}'", trimmed(fields[0]).text),
        fmt::format("{} {}", fields.size(), fields.size() == 1 ? "field" : "fields"), expected);
  }

  // Fields behind the required ones: a second stride (v2) or the ratio N:M of a sparse layer (v3),
  // which no dense run uses. What stands behind the last comma SCALE-Sim never reads; a number
  // there would be lost without a word, so it must repeat the value in force. Returns the second
  // stride.
  std::int64_t check_extra_fields(
      const std::string& layer, const std::vector<Piece>& fields, std::int64_t stride) {
    const bool may_be_stride = rows_ == Rows::conv;
    std::int64_t stride_width = stride;
    for (std::size_t i = required(); i < fields.size(); ++i) {
      const Piece field = trimmed(fields[i]);
      const bool last = i + 1 == fields.size();
      if (field.text.empty()) continue;
      const std::string what = fmt::format("layer '{}', field {}", layer, i + 1);
      if (is_whole_number(field.text)) {
        const bool is_stride = may_be_stride && i == required() && !last && names_stride(i);
        const std::int64_t number = whole_number(field, what, 1, max_field);
        if (is_stride)
          stride_width = number;
        else if (number != (may_be_stride && i == required() && names_stride(i) ? stride : 1))
          throw InputError(
              field.at, what, fmt::format("'{}'", field.text),
              last ? "a comma behind it: SCALE-Sim does not read what follows the "
                     "last comma"
                   : "a second stride, a ratio N:M or nothing");
      } else if (!last && !is_ratio(field)) {
        throw InputError(
            field.at, what, fmt::format("'{}'", field.text),
            may_be_stride ? "a second stride, a ratio N:M or nothing" : "a ratio N:M or nothing");
      } else if (is_ratio(field) && field.text != "1:1" && !ratio_noted_) {
        note(field.at, "sparsity ratios are not used: SparsitySupport is off");
        ratio_noted_ = true;
      }
    }
    return stride_width;
  }

  // Whether the header leaves it open that field `index` is a stride.
  [[nodiscard]] bool names_stride(std::size_t index) const {
    const std::vector<Piece> names = split_at_commas(*header_);
    if (index >= names.size()) return true;
    const std::string name = lower(trimmed(names[index]).text);
    return name.empty() || contains(name, "stride");
  }

  static bool is_ratio(const Piece& field) {
    const std::size_t colon = field.text.find(':');
    return colon != std::string::npos && is_whole_number(trimmed(part(field, 0, colon)).text) &&
           is_whole_number(trimmed(part(field, colon + 1)).text);
  }

  void add(const Layer& layer, const std::vector<Piece>& fields) {
    const auto refuse_if_larger = [&](std::int64_t filter, std::int64_t ifmap, std::size_t field) {
      if (filter <= ifmap) return;
      const std::string& name = field_names(rows_)[field];
      throw InputError(
          trimmed(fields[field]).at, fmt::format("layer '{}', {}", layer.name, name),
          fmt::format("{}", filter),
          fmt::format("at most {}, the {}", ifmap, field_names(rows_)[field - 2]));
    };
    refuse_if_larger(layer.filter_height, layer.ifmap_height, 3);
    refuse_if_larger(layer.filter_width, layer.ifmap_width, 4);
    check_size(layer, fields[0].at);
    const bool depthwise = rows_ == Rows::conv && contains(layer.name, "DP");
    const auto copies = static_cast<std::size_t>(depthwise ? layer.channels : 1);
    if (copies > max_layers - result_.layers.size())
      throw InputError(fields[0].at, fmt::format("layer '{}'", layer.name),
                       "more layers than can be handled", fmt::format("at most {}", max_layers));
    for (std::size_t i = 0; i < copies; ++i) {
      result_.layers.push_back(layer);
      if (!depthwise) continue;
      result_.layers.back().name += fmt::format("Channel_{}", i);
      result_.layers.back().channels = 1;
    }
  }

  static void check_size(const Layer& layer, const Position& at) {
    std::int64_t m = 0;
    std::int64_t k = 0;
    std::int64_t macs = 0;
    if (!__builtin_mul_overflow(layer.ofmap_height(), layer.ofmap_width(), &m) &&
        !__builtin_mul_overflow(layer.filter_height, layer.filter_width, &k) &&
        !__builtin_mul_overflow(k, layer.channels, &k) && !__builtin_mul_overflow(m, k, &macs) &&
        !__builtin_mul_overflow(macs, layer.filters, &macs) && m <= max_side && k <= max_side &&
        macs <= max_macs)
      return;
    throw InputError(
        at, fmt::format("layer '{}'", layer.name),
        "a layer of more than 2^53 multiply-accumulates, or a side of the product above 2^31 - 1",
        "one that an array could finish in weeks");
  }

  const std::vector<Piece>& lines_;
  Position end_;
  Rows rows_;
  std::optional<Piece> header_;
  bool ratio_noted_ = false;
  Topology result_;
};

std::int64_t ofmap_side(std::int64_t ifmap, std::int64_t filter, std::int64_t stride) {
  return (ifmap - filter + stride + stride - 1) / stride;
}

}  // namespace

std::int64_t Layer::ofmap_height() const {
  return ofmap_side(ifmap_height, filter_height, stride_height);
}

std::int64_t Layer::ofmap_width() const {
  return ofmap_side(ifmap_width, filter_width, stride_width);
}

matrix_engine::Product Layer::product() const {
  return {ofmap_height() * ofmap_width(), filters, filter_height * filter_width * channels};
}

Topology parse_topology(std::string_view text, const std::string& name, Rows rows) {
  return Reader(split_lines(text, name), name, rows).read();
}

Topology read_topology(const std::string& path, Rows rows) {
  return Reader(read_lines(path), path, rows).read();
}

}  // namespace headroom::scalesim
