#include "sim/sweep/part.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/sweep/store.h"

namespace headroom::sweep {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const Row& row, const std::string& setting) {
  Json cells = Json::array();
  for (const Cell& cell : row.cells)
    std::visit([&](const auto& value) { cells.push_back(value); }, cell);
  const Json line{
      {"setting", setting},   {"key", row.key},       {"status", to_string(row.status)},
      {"reason", row.reason}, {"wall_s", row.wall_s}, {"cells", cells},
      {"result", row.result}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

// Nothing where the line is torn.
bool read_line(const std::string& text, const std::string& setting, Row& row) {
  const Json line = Json::parse(text, nullptr, false);
  if (!line.is_object() || line.value("setting", "") != setting) return false;
  row.key = line.at("key").get<std::string>();
  const auto status = std::find(
      status_names.begin(), status_names.end(), line.at("status").get<std::string>());
  if (status == status_names.end()) return false;
  row.status = static_cast<Status>(status - status_names.begin());
  row.reason = line.at("reason").get<std::string>();
  row.wall_s = line.at("wall_s").get<double>();
  row.result = line.at("result").get<std::string>();
  for (const Json& cell : line.at("cells"))
    row.cells.push_back(
        cell.is_number() ? Cell(cell.get<double>()) : Cell(cell.get<std::string>()));
  return true;
}

}  // namespace

PartWriter::PartWriter(std::filesystem::path file, std::string setting)
    : path_(std::move(file)), setting_(std::move(setting)) {
  constexpr int readable = 0644;
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, readable);
  if (file_ < 0)
    throw StoreError(fmt::format("cannot write {}: {}", path_.string(), std::strerror(errno)));
  // Ends what an earlier attempt left torn.
  if (lseek(file_, 0, SEEK_END) > 0 && ::write(file_, "\n", 1) != 1)
    throw StoreError(fmt::format("cannot write {}: {}", path_.string(), std::strerror(errno)));
}

PartWriter::~PartWriter() { ::close(file_); }

void PartWriter::add(const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows) text += line_of(row, setting_);
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t n = ::write(file_, text.data() + sent, text.size() - sent);
    if (n < 0 && errno != EINTR)
      throw StoreError(fmt::format("cannot write {}: {}", path_.string(), std::strerror(errno)));
    if (n > 0) sent += static_cast<std::size_t>(n);
  }
  if (fsync(file_) != 0)
    throw StoreError(fmt::format("cannot write {}: {}", path_.string(), std::strerror(errno)));
}

std::uint64_t read_part(const std::filesystem::path& file, const std::string& setting,
                        std::uint64_t offset, const std::function<void(std::vector<Row>&)>& take) {
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(offset));
  std::vector<Row> rows;
  constexpr std::size_t most = 1000;
  for (std::string line; std::getline(in, line) && !in.eof();) {
    offset += line.size() + 1;
    Row row;
    if (read_line(line, setting, row)) rows.push_back(std::move(row));
    if (rows.size() < most) continue;
    take(rows);
    rows.clear();
  }
  if (!rows.empty()) take(rows);
  return offset;
}

}  // namespace headroom::sweep
