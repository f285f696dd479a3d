#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/contract.h"
#include "core/parameters/parameter.h"
#include "core/parameters/parameter_set.h"

namespace bloch {

/// What a table of fields says beside the name; designated initialisers keep the tables readable.
struct FieldText {
  std::string label;
  std::string help;
  std::string unit = {};
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  double step = 0;
  ParameterScale scale = ParameterScale::linear;
  std::vector<std::string> choices = {};
  std::string enabled_by = {};
  std::string enabled_value = {};
  bool writes_file = false;
  std::vector<std::string> formats = {};
};

/// Ties a plain parameter struct to its descriptions. The default is written once, as the member initialiser.
///
///   struct CgSense { std::optional<double> lambda; int iterations = 30; };
///   const Fields<CgSense> fields = Fields<CgSense>()
///       .add("lambda", &CgSense::lambda, {.label = "lambda", .help = "…", .minimum = 0})
///       .add("iterations", &CgSense::iterations, {.label = "iterations", .help = "…", .minimum = 1, .maximum =
///       1000});
///
/// Member types: bool, int, double, std::optional<double> (real or auto), std::string (a choice when choices
/// are given, else text), std::filesystem::path, std::vector<double>.
template <class Struct> class Fields {
 public:
  template <class Member> Fields&& add(std::string name, Member Struct::*member, FieldText text) && {
    Parameter parameter;
    parameter.name = std::move(name);
    parameter.label = std::move(text.label);
    parameter.unit = std::move(text.unit);
    parameter.help = std::move(text.help);
    parameter.minimum = text.minimum;
    parameter.maximum = text.maximum;
    parameter.step = text.step;
    parameter.scale = text.scale;
    parameter.choices = std::move(text.choices);
    parameter.enabled_by = std::move(text.enabled_by);
    parameter.enabled_value = std::move(text.enabled_value);
    parameter.writes_file = text.writes_file;
    parameter.formats = std::move(text.formats);
    parameter.kind = kind_of<Member>(!parameter.choices.empty());
    parameter.default_value = to_value(Struct{}.*member);
    parameters_.push_back(std::move(parameter));
    set_.push_back([member](Struct& target, const ParameterValue& value) { assign(target.*member, value); });
    get_.push_back([member](const Struct& source) { return to_value(source.*member); });
    return std::move(*this);
  }

  const std::vector<Parameter>& parameters() const { return parameters_; }

  /// The struct with the given values; what is missing keeps its default. Errors: invalid_parameter.
  Result<Struct> from(const ParameterSet& given) const {
    BLOCH_TRY(complete, with_defaults(parameters_, given));
    Struct target;
    for (std::size_t i = 0; i < parameters_.size(); ++i)
      if (const ParameterValue* value = complete.find(parameters_[i].name)) set_[i](target, *value);
    return target;
  }

  ParameterSet to_set(const Struct& source) const {
    ParameterSet set;
    for (std::size_t i = 0; i < parameters_.size(); ++i) set.set(parameters_[i].name, get_[i](source));
    return set;
  }

 private:
  template <class Member> static constexpr ParameterKind kind_of(bool has_choices) {
    if constexpr (std::is_same_v<Member, bool>)
      return ParameterKind::boolean;
    else if constexpr (std::is_integral_v<Member>)
      return ParameterKind::integer;
    else if constexpr (std::is_floating_point_v<Member>)
      return ParameterKind::real;
    else if constexpr (std::is_same_v<Member, std::optional<double>>)
      return ParameterKind::real_or_auto;
    else if constexpr (std::is_same_v<Member, std::string>)
      return has_choices ? ParameterKind::choice : ParameterKind::text;
    else if constexpr (std::is_same_v<Member, std::filesystem::path>)
      return ParameterKind::file;
    else {
      static_assert(std::is_same_v<Member, std::vector<double>>, "not a kind of field");
      return ParameterKind::real_list;
    }
  }

  template <class Member> static ParameterValue to_value(const Member& member) {
    if constexpr (std::is_same_v<Member, bool>)
      return member;
    else if constexpr (std::is_integral_v<Member>)
      return static_cast<long long>(member);
    else if constexpr (std::is_floating_point_v<Member>)
      return static_cast<double>(member);
    else if constexpr (std::is_same_v<Member, std::optional<double>>) {
      if (member) return *member;
      return Automatic{};
    } else if constexpr (std::is_same_v<Member, std::filesystem::path>)
      return member.string();
    else
      return member;
  }

  template <class Member> static void assign(Member& member, const ParameterValue& value) {
    if constexpr (std::is_same_v<Member, bool>)
      member = std::get<bool>(value);
    else if constexpr (std::is_integral_v<Member>)
      member = static_cast<Member>(std::get<long long>(value));
    else if constexpr (std::is_floating_point_v<Member>)
      member = static_cast<Member>(std::get<double>(value));
    else if constexpr (std::is_same_v<Member, std::optional<double>>) {
      if (const double* number = std::get_if<double>(&value))
        member = *number;
      else
        member.reset();
    } else if constexpr (std::is_same_v<Member, std::filesystem::path>)
      member = std::get<std::string>(value);
    else
      member = std::get<Member>(value);
  }

  std::vector<Parameter> parameters_;
  std::vector<std::function<void(Struct&, const ParameterValue&)>> set_;
  std::vector<std::function<ParameterValue(const Struct&)>> get_;
};

} // namespace bloch
