#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/parameters/parameter.h"

namespace bloch {

/// Values by name. What is not in it has its default.
class ParameterSet {
 public:
  void set(std::string name, ParameterValue value) { values_[std::move(name)] = std::move(value); }
  const ParameterValue* find(std::string_view name) const;
  const std::map<std::string, ParameterValue, std::less<>>& values() const { return values_; }
  bool empty() const { return values_.empty(); }
  bool operator==(const ParameterSet&) const = default;

 private:
  std::map<std::string, ParameterValue, std::less<>> values_;
};

/// Reads "key=value" texts. Errors: invalid_parameter, naming the nearest key or the range.
Result<ParameterSet> parse_settings(std::span<const Parameter> parameters,
                                    std::span<const std::string> settings);

/// Every value checked, unknown names refused, what is missing filled with its default.
Result<ParameterSet> with_defaults(std::span<const Parameter> parameters, const ParameterSet& given);

/// JSON object, {"lambda": 0.008, "iterations": 30}; "auto" as text.
std::string to_json(const ParameterSet& set);
Result<ParameterSet> parameter_set_from_json(std::span<const Parameter> parameters, std::string_view json);

} // namespace bloch
