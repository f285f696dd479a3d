#pragma once

#include <QDialog>

#include "core/session/document.h"

class QLabel;

namespace bloch::app {

class SegmentedControl;

/// Asks which volumes of a series go into a DICOM series. Accepted by "Choose folder…".
class VolumesDialog : public QDialog {
  Q_OBJECT

 public:
  /// item: a loaded series of several volumes, one of them shown
  explicit VolumesDialog(const Item& item, QWidget* parent = nullptr);

  /// False: the one that is shown.
  bool takes_all() const;

 private:
  void explain();

  QString all_, shown_; ///< what is written, in words
  SegmentedControl* volumes_ = nullptr;
  QLabel* words_ = nullptr;
};

} // namespace bloch::app
