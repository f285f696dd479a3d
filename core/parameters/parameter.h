#pragma once

#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/result.h"

namespace bloch {

enum class ParameterKind { boolean, integer, real, real_or_auto, choice, text, file, real_list };
enum class ParameterScale { linear, logarithmic };

/// "auto": the algorithm chooses by its stated rule.
struct Automatic {
  bool operator==(const Automatic&) const = default;
};

/// boolean, integer, real (or auto), choice / text / file, list of real.
using ParameterValue = std::variant<bool, long long, double, Automatic, std::string, std::vector<double>>;

/// One setting of an algorithm, described once: `--set` key, form row, recipe entry, `list` line and manual
/// text read it.
struct Parameter {
  std::string name;  ///< kebab-case, the `--set` key
  std::string label; ///< in the form
  std::string unit;  ///< "mm", "rad", empty for a pure number
  std::string help;  ///< one sentence
  ParameterKind kind = ParameterKind::real;
  ParameterValue default_value;
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  double step = 0; ///< 0: the form chooses
  ParameterScale scale = ParameterScale::linear;
  std::vector<std::string> choices;
  /// Enabled only while the parameter of this name has this value ("" means always).
  std::string enabled_by;
  std::string enabled_value;

  bool writes_file = false;         ///< file: to write, not to read
  std::vector<std::string> formats; ///< file: endings
};

/// The value as `--set key=value` would write it.
std::string to_text(const ParameterValue& value);

/// Reads the text after `key=` and checks kind, range and choices. Errors: invalid_parameter with the range or
/// the nearest choice.
Result<ParameterValue> parse_value(const Parameter& parameter, std::string_view text);

/// Checks range and choice of a value that came from elsewhere. Errors as above.
Result<void> check_value(const Parameter& parameter, const ParameterValue& value);

const char* to_text(ParameterKind kind);

} // namespace bloch
