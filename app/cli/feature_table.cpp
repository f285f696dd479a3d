#include "app/cli/feature_table.h"

#include <optional>

#include "core/base/file.h"
#include "core/base/text.h"

namespace bloch::app {
namespace {

constexpr std::uintmax_t largest_table = std::uintmax_t{4} << 30;

/// Takes one row off the text; quotes as RFC 4180. Nothing where a quote is not closed.
std::optional<std::vector<std::string>> take_row(std::string_view& text, std::size_t& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"')
        cells.back() += c;
      else if (at + 1 < text.size() && text[at + 1] == '"')
        cells.back() += text[++at];
      else
        quoted = false;
    } else if (c == '"')
      quoted = true;
    else if (c == ',')
      cells.emplace_back();
    else if (c == '\n')
      break;
    else if (c != '\r')
      cells.back() += c;
  }
  if (at == text.size()) ++line;
  text.remove_prefix(std::min(at + 1, text.size()));
  if (quoted) return std::nullopt;
  return cells;
}

} // namespace

Result<FeatureTable> read_feature_table(const std::filesystem::path& path, const std::string& label) {
  BLOCH_TRY(bytes, read_file(path, largest_table));
  return parse_feature_table({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                             path.filename().string(), label);
}

Result<FeatureTable> parse_feature_table(std::string_view text, const std::string& name,
                                         const std::string& label) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::size_t line = 0;
  const auto refuse = [&](const std::string& what) {
    return failure(ErrorKind::malformed, name + ", line " + std::to_string(line) + ": " + what);
  };
  const auto header = take_row(text, line);
  if (!header) return refuse("a quotation mark is not closed");
  FeatureTable table;
  std::vector<std::size_t> used;
  std::optional<std::size_t> label_column;
  for (std::size_t k = 0; k < header->size(); ++k) {
    const std::string column(trimmed((*header)[k]));
    if (!label.empty() && column == label) {
      label_column = k;
      continue;
    }
    if (column == "id" || column == "group") continue;
    if (column.empty())
      return refuse("column " + std::to_string(k + 1) + " has no name; the first row must be the header");
    if (to_number(column)) return refuse("'" + column + "' is a number; the first row must name the columns");
    table.columns.push_back(column);
    used.push_back(k);
  }
  if (used.empty()) return refuse("the table has no feature columns beside id and group");
  if (!label.empty() && !label_column)
    return failure(ErrorKind::invalid_parameter,
                   name + " has no column '" + label + "'" + suggestion(label, table.columns));
  std::vector<double> values;
  std::size_t rows = 0;
  while (!text.empty()) {
    const auto cells = take_row(text, line);
    if (!cells) return refuse("a quotation mark is not closed");
    if (cells->size() == 1 && trimmed(cells->front()).empty() && header->size() > 1) continue; // a blank line
    if (cells->size() != header->size())
      return refuse(std::to_string(cells->size()) + " values where the header has " +
                    std::to_string(header->size()));
    for (const std::size_t k : used) {
      const std::string_view cell = trimmed((*cells)[k]);
      const auto number = to_number(cell);
      if (!number)
        return refuse(cell.empty() ? "column " + (*header)[k] + " is empty; every feature must be a number"
                                   : "'" + std::string(cell.substr(0, 40)) + "' in column " + (*header)[k] +
                                         " is not a number");
      values.push_back(*number);
    }
    if (label_column) table.labels.emplace_back(trimmed((*cells)[*label_column]));
    ++rows;
  }
  if (rows == 0) return refuse("the table has a header and no rows");
  table.values = Eigen::Map<const decltype(table.values)>(values.data(), static_cast<Eigen::Index>(rows),
                                                          static_cast<Eigen::Index>(used.size()));
  return table;
}

} // namespace bloch::app
