#include "core/parameters/parameter.h"

#include <algorithm>
#include <cmath>

#include "core/base/text.h"

namespace bloch {
namespace {

Error bad_value(const Parameter& parameter, const std::string& reason) {
  return {ErrorKind::invalid_parameter, "'" + parameter.name + "' " + reason};
}

std::string range_text(const Parameter& parameter) {
  const bool low = std::isfinite(parameter.minimum);
  const bool high = std::isfinite(parameter.maximum);
  if (low && high) return "from " + to_text(parameter.minimum) + " to " + to_text(parameter.maximum);
  if (low) return "at least " + to_text(parameter.minimum);
  return "at most " + to_text(parameter.maximum);
}

Result<void> check_range(const Parameter& parameter, double number) {
  if (!std::isfinite(number)) return failure(bad_value(parameter, "must be a finite number"));
  if (number < parameter.minimum || number > parameter.maximum)
    return failure(bad_value(parameter, "is " + to_text(number) + " but must be " + range_text(parameter)));
  return {};
}

bool kind_fits(ParameterKind kind, const ParameterValue& value) {
  switch (kind) {
  case ParameterKind::boolean:
    return std::holds_alternative<bool>(value);
  case ParameterKind::integer:
    return std::holds_alternative<long long>(value);
  case ParameterKind::real:
    return std::holds_alternative<double>(value);
  case ParameterKind::real_or_auto:
    return std::holds_alternative<double>(value) || std::holds_alternative<Automatic>(value);
  case ParameterKind::choice:
  case ParameterKind::text:
  case ParameterKind::file:
    return std::holds_alternative<std::string>(value);
  case ParameterKind::real_list:
    return std::holds_alternative<std::vector<double>>(value);
  }
  return false;
}

} // namespace

std::string to_text(const ParameterValue& value) {
  struct Writer {
    std::string operator()(bool flag) const { return flag ? "true" : "false"; }
    std::string operator()(long long number) const { return std::to_string(number); }
    std::string operator()(double number) const { return to_text(number); }
    std::string operator()(Automatic) const { return "auto"; }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const std::vector<double>& list) const {
      std::vector<std::string> parts;
      for (const double number : list) parts.push_back(to_text(number));
      return join(parts, ",");
    }
  };
  return std::visit(Writer{}, value);
}

Result<ParameterValue> parse_value(const Parameter& parameter, std::string_view text) {
  ParameterValue value;
  switch (parameter.kind) {
  case ParameterKind::boolean:
    if (text == "true" || text == "yes" || text == "on" || text == "1")
      value = true;
    else if (text == "false" || text == "no" || text == "off" || text == "0")
      value = false;
    else
      return failure(bad_value(parameter, "must be true or false, not '" + std::string(text) + "'"));
    break;
  case ParameterKind::integer: {
    const auto number = to_integer(text);
    if (!number)
      return failure(bad_value(parameter, "must be a whole number, not '" + std::string(text) + "'"));
    value = *number;
    break;
  }
  case ParameterKind::real_or_auto:
    if (text == "auto") {
      value = Automatic{};
      break;
    }
    [[fallthrough]];
  case ParameterKind::real: {
    const auto number = to_number(text);
    if (!number) {
      const bool automatic = parameter.kind == ParameterKind::real_or_auto;
      return failure(bad_value(parameter, std::string("must be a number") + (automatic ? " or auto" : "") +
                                              ", not '" + std::string(text) + "'"));
    }
    value = *number;
    break;
  }
  case ParameterKind::choice:
  case ParameterKind::text:
  case ParameterKind::file:
    value = std::string(text);
    break;
  case ParameterKind::real_list: {
    std::vector<double> list;
    for (const auto& part : split(text, ',')) {
      const auto number = to_number(trimmed(part));
      if (!number)
        return failure(
            bad_value(parameter, "must be numbers separated by commas, not '" + std::string(text) + "'"));
      list.push_back(*number);
    }
    value = std::move(list);
    break;
  }
  }
  BLOCH_CHECK(check_value(parameter, value));
  return value;
}

Result<void> check_value(const Parameter& parameter, const ParameterValue& value) {
  if (!kind_fits(parameter.kind, value))
    return failure(bad_value(parameter, std::string("must be ") + to_text(parameter.kind) + ", not '" +
                                            to_text(value) + "'"));
  if (const auto* number = std::get_if<double>(&value)) return check_range(parameter, *number);
  if (const auto* number = std::get_if<long long>(&value))
    return check_range(parameter, static_cast<double>(*number));
  if (const auto* list = std::get_if<std::vector<double>>(&value))
    for (const double number : *list) BLOCH_CHECK(check_range(parameter, number));
  if (parameter.kind == ParameterKind::choice) {
    const auto& choice = std::get<std::string>(value);
    if (std::find(parameter.choices.begin(), parameter.choices.end(), choice) == parameter.choices.end())
      return failure(
          bad_value(parameter, "cannot be '" + choice + "'" + suggestion(choice, parameter.choices)));
  }
  return {};
}

const char* to_text(ParameterKind kind) {
  switch (kind) {
  case ParameterKind::boolean:
    return "true or false";
  case ParameterKind::integer:
    return "integer";
  case ParameterKind::real:
    return "real";
  case ParameterKind::real_or_auto:
    return "real or auto";
  case ParameterKind::choice:
    return "choice";
  case ParameterKind::text:
    return "text";
  case ParameterKind::file:
    return "file";
  case ParameterKind::real_list:
    return "list of real";
  }
  return "";
}

} // namespace bloch
