#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "core/base/result.h"

namespace bloch::app {

/// A CSV table of numbers: comma, decimal point, first row the header, UTF-8. Columns `id` and `group` are left
/// out.
struct FeatureTable {
  std::vector<std::string> columns;
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> values; ///< [row][column]
  std::vector<std::string> labels; ///< of the column that was asked for, any text; empty, none was
};

/// label: a column that is no feature and may be text; empty, none
/// errors: not_found, malformed (by line: a value that is not a number, a row of another length, no rows),
/// invalid_parameter (no such label)
Result<FeatureTable> read_feature_table(const std::filesystem::path& path, const std::string& label = {});

/// The same from text; `name` goes into messages.
Result<FeatureTable> parse_feature_table(std::string_view text, const std::string& name,
                                         const std::string& label = {});

} // namespace bloch::app
