#pragma once

#include "app/desktop/session.h"
#include "app/widgets/section.h"

class QGridLayout;
class QLabel;
class QToolButton;

namespace bloch::app {

class FilterTable;

/// The measurements of the active image: name, value, plane; more of the selected one below.
class MeasurementsPanel : public Section {
  Q_OBJECT

 public:
  explicit MeasurementsPanel(Session& session, QWidget* parent = nullptr);

  void select(int id);
  /// Tab-separated, with a heading line.
  QString text() const;

 signals:
  void selected(int id);
  void delete_requested();

 private:
  void show_document();
  void document_changed(const Document& before);
  void show_details();

  Session& session_;
  FilterTable* table_;
  QLabel* hint_;
  QWidget* details_;
  QGridLayout* details_grid_;
  QToolButton* copy_;
  QToolButton* remove_;
  int selected_ = 0;
};

} // namespace bloch::app
