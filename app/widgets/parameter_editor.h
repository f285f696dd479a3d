#pragma once

#include <functional>
#include <memory>

#include <QString>
#include <QWidget>

#include "core/base/result.h"
#include "core/parameters/parameter.h"

namespace bloch::app {

/// The field of one Parameter: what is typed is checked by the same rules as `--set key=value`.
class ParameterEditor : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;

  /// The value on screen. Errors: invalid_parameter, in the words of the command line.
  virtual Result<ParameterValue> value() const = 0;
  /// Shows a value that fits the parameter's kind; does not emit.
  virtual void set_value(const ParameterValue& value) = 0;

 signals:
  /// After each edit by hand, valid or not.
  void edited();
};

/// Text of a choice on screen: "full" is "Full", unless somebody knows better.
using ChoiceText = std::function<QString(const std::string& choice)>;
QString plain_choice_text(const std::string& choice);

/// How much room an editor has.
struct EditorLook {
  bool sliders = true;  ///< off: a number alone, for narrow forms
  bool segments = true; ///< off: every choice is a combo
};

/// The editor that suits the parameter's kind, range and scale; its main control is named `object_name`.
std::unique_ptr<ParameterEditor> make_parameter_editor(const Parameter& parameter, const QString& object_name,
                                                       const ChoiceText& choice_text = {},
                                                       const EditorLook& look = {});

} // namespace bloch::app
