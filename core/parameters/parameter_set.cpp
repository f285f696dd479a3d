#include "core/parameters/parameter_set.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace bloch {
namespace {

const Parameter* find_parameter(std::span<const Parameter> parameters, std::string_view name) {
  const auto found =
      std::find_if(parameters.begin(), parameters.end(), [&](const Parameter& p) { return p.name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

Error unknown(std::span<const Parameter> parameters, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& parameter : parameters) names.push_back(parameter.name);
  if (names.empty())
    return {ErrorKind::invalid_parameter,
            "there is no setting '" + std::string(name) + "': this one has no settings"};
  return {ErrorKind::invalid_parameter,
          "there is no setting '" + std::string(name) + "'" + suggestion(name, names)};
}

Result<ParameterValue> value_from_json(const Parameter& parameter, const nlohmann::json& json) {
  if (json.is_boolean()) return ParameterValue(json.get<bool>());
  if (json.is_string()) return parse_value(parameter, json.get<std::string>());
  if (json.is_array()) {
    std::vector<double> list;
    for (const auto& item : json) {
      if (!item.is_number())
        return failure(ErrorKind::invalid_parameter, "'" + parameter.name + "' must be a list of numbers");
      list.push_back(item.get<double>());
    }
    return ParameterValue(std::move(list));
  }
  if (json.is_number_integer() && parameter.kind == ParameterKind::integer)
    return ParameterValue(json.get<long long>());
  if (json.is_number()) return ParameterValue(json.get<double>());
  return failure(ErrorKind::invalid_parameter, "'" + parameter.name + "' has no value that can be read");
}

} // namespace

const ParameterValue* ParameterSet::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

Result<ParameterSet> parse_settings(std::span<const Parameter> parameters,
                                    std::span<const std::string> settings) {
  ParameterSet set;
  for (const auto& setting : settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
      return failure(ErrorKind::invalid_parameter, "a setting is written key=value, not '" + setting + "'");
    const std::string name = setting.substr(0, equals);
    const Parameter* parameter = find_parameter(parameters, name);
    if (!parameter) return failure(unknown(parameters, name));
    BLOCH_TRY(value, parse_value(*parameter, std::string_view(setting).substr(equals + 1)));
    set.set(name, std::move(value));
  }
  return set;
}

Result<ParameterSet> with_defaults(std::span<const Parameter> parameters, const ParameterSet& given) {
  ParameterSet complete;
  for (const auto& [name, value] : given.values()) {
    const Parameter* parameter = find_parameter(parameters, name);
    if (!parameter) return failure(unknown(parameters, name));
    BLOCH_CHECK(check_value(*parameter, value));
    complete.set(name, value);
  }
  for (const auto& parameter : parameters)
    if (!complete.find(parameter.name)) complete.set(parameter.name, parameter.default_value);
  return complete;
}

std::string to_json(const ParameterSet& set) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [name, value] : set.values()) {
    if (const auto* flag = std::get_if<bool>(&value))
      json[name] = *flag;
    else if (const auto* whole = std::get_if<long long>(&value))
      json[name] = *whole;
    else if (const auto* real = std::get_if<double>(&value))
      json[name] = *real;
    else if (const auto* list = std::get_if<std::vector<double>>(&value))
      json[name] = *list;
    else
      json[name] = to_text(value);
  }
  return json.dump();
}

Result<ParameterSet> parameter_set_from_json(std::span<const Parameter> parameters, std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return failure(ErrorKind::malformed, "parameters are not a JSON object");
  ParameterSet set;
  for (const auto& [name, item] : json.items()) {
    const Parameter* parameter = find_parameter(parameters, name);
    if (!parameter) return failure(unknown(parameters, name));
    BLOCH_TRY(value, value_from_json(*parameter, item));
    BLOCH_CHECK(check_value(*parameter, value));
    set.set(name, std::move(value));
  }
  return set;
}

} // namespace bloch
