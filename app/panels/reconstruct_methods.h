#pragma once

#include <vector>

#include "app/panels/reconstruct_run.h"
#include "app/widgets/section.h"

class QCheckBox;
class QLabel;
class QToolButton;

namespace bloch::app {

class ParameterForm;

/// One method: a row with a check box, its colour and its main settings, that unfolds to its whole form.
class MethodRow : public QWidget {
  Q_OBJECT

 public:
  explicit MethodRow(const imaging::Reconstruction& method, QWidget* parent = nullptr);

  bool is_checked() const;
  void set_checked(bool on);
  MethodChoice choice() const;
  Result<void> check() const;

 signals:
  void changed();

 private:
  void refresh();

  const imaging::Reconstruction& method_;
  QToolButton* fold_;
  QCheckBox* box_;
  QLabel* summary_;
  ParameterForm* form_;
};

/// Every entry of reconstructions().
class ReconstructMethods : public Section {
  Q_OBJECT

 public:
  explicit ReconstructMethods(QWidget* parent = nullptr);

  std::vector<MethodChoice> choices() const;
  /// Of the checked rows. Errors: invalid_parameter.
  Result<void> check() const;
  void choose(const std::vector<std::string>& names);

 signals:
  void changed();

 private:
  std::vector<MethodRow*> rows_;
};

} // namespace bloch::app
