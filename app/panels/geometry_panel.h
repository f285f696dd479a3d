#pragma once

#include "app/desktop/session.h"
#include "app/widgets/section.h"

namespace bloch::app {

/// What the headers say of the active image, where it lies in the patient, and every warning of its series.
class GeometryPanel : public Section {
  Q_OBJECT

 public:
  explicit GeometryPanel(Session& session, QWidget* parent = nullptr);

 private:
  void show_item();
  void add_line(const QString& name, const QString& value, const QString& tooltip = {});
  void add_regions(const SeriesInfo& series);
  void add_warning(const QString& text);

  Session& session_;
  QWidget* lines_ = nullptr;
};

} // namespace bloch::app
