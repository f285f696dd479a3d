#pragma once

#include <vector>

#include <QDialog>

#include "app/desktop/session.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace bloch::app {

class SegmentedControl;

/// Asks which volumes of a series become segments, what they are called, and what their values are. Accepted by
/// "Choose file…", which every segment needs a name for.
class FractionalDialog : public QDialog {
  Q_OBJECT

 public:
  /// item: a loaded series of several volumes
  explicit FractionalDialog(const Item& item, QWidget* parent = nullptr);

  FractionalChoice choice() const;

 private:
  /// A volume: its number and label, and the name of its segment.
  struct Row {
    QLabel* label = nullptr;
    QLineEdit* name = nullptr;
  };

  QWidget* make_rows(const Item& item);
  bool takes(int row) const;
  void refresh();

  int shown_ = 0; ///< row of the volume in the views
  SegmentedControl* volumes_ = nullptr;
  SegmentedControl* values_ = nullptr;
  std::vector<Row> rows_;
  QPushButton* save_ = nullptr;
};

} // namespace bloch::app
