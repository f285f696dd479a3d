#pragma once

#include <vector>

#include "app/desktop/session.h"
#include "app/widgets/section.h"
#include "imaging/learning/anomaly.h"

class QLineEdit;
class QLabel;
class QPushButton;

namespace bloch::app {

class FilterTable;

/// Connected regions of the quantum map above the threshold; a click moves the crosshair there.
class FindingsSection : public Section {
  Q_OBJECT

 public:
  explicit FindingsSection(Session& session, QWidget* parent = nullptr);

  void show_findings(std::vector<imaging::Finding> findings);
  /// The sentence in place of the table.
  void show_nothing(const QString& why);
  const std::vector<imaging::Finding>& findings() const { return findings_; }

 private:
  void save_csv();

  Session& session_;
  std::vector<imaging::Finding> findings_;
  FilterTable* table_;
  QLineEdit* filter_;
  QPushButton* csv_;
  QLabel* empty_;
};

} // namespace bloch::app
