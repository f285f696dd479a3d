#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include <QString>
#include <QWidget>

#include "app/widgets/parameter_editor.h"
#include "core/parameters/parameter_set.h"

class QGridLayout;
class QLabel;

namespace bloch::app {

/// A form made of descriptors: one row a parameter, nothing about any algorithm written here.
///
/// Rows whose `enabled_by` condition does not hold are disabled and say why; a refused text keeps its row
/// marked, with the reason below, and `check()` fails until it is mended.
class ParameterForm : public QWidget {
  Q_OBJECT

 public:
  struct Look {
    int label_width = 84;
    std::map<std::string, ChoiceText> choice_texts = {}; ///< by parameter name
    EditorLook editors = {};
  };

  /// area: controls are named "<area>.<parameter name>".
  ParameterForm(const QString& area, std::span<const Parameter> parameters, QWidget* parent = nullptr);
  ParameterForm(const QString& area, std::span<const Parameter> parameters, const Look& look,
                QWidget* parent = nullptr);

  const std::vector<Parameter>& parameters() const { return parameters_; }
  /// Every value that can be read; a refused one is left out.
  ParameterSet values() const;
  /// Only what differs from the defaults: what a command line has to say.
  ParameterSet changed_values() const;
  /// Errors: invalid_parameter, of the first row that is refused.
  Result<void> check() const;
  /// Names that are not in the form are ignored; does not emit.
  void set_values(const ParameterSet& values);
  void reset();

 signals:
  void changed();

 private:
  struct Row {
    QLabel* label = nullptr;
    ParameterEditor* editor = nullptr;
    QLabel* error = nullptr;
  };
  void add_row(QGridLayout* grid, const QString& area, const Parameter& parameter, const Look& look);
  void refresh();

  std::vector<Parameter> parameters_;
  std::vector<Row> rows_;
};

} // namespace bloch::app
