#pragma once

#include "app/desktop/workspace.h"
#include "app/panels/linked_views.h"

class QStackedWidget;

namespace bloch::app {

class MeasurementsPanel;
class ObjectPage;
class PlanesPanel;
class SidePanel;
class StudiesPanel;
class WindowPanel;

/// Read: the study browser, four linked views, and the panels of the image.
class ReadWorkspace : public Workspace {
  Q_OBJECT

 public:
  explicit ReadWorkspace(Session& session, QObject* parent = nullptr);

  QString name() const override { return "read"; }
  QString title() const override { return "Read"; }
  QWidget* left_panel() override;
  QWidget* centre() override;
  QWidget* right_panel() override;
  void set_tool(const std::string& name) override { views_->set_tool(name); }
  std::vector<std::pair<QString, QImage>> pictures() override { return views_->pictures(); }
  QStringList layouts() const override { return views_->layout_names(); }
  int layout() const override { return views_->layout_index(); }
  void set_layout(int index) override { views_->set_layout_index(index); }

  LinkedViews& views() { return *views_; }
  StudiesPanel& studies() { return *studies_; }
  WindowPanel& window() { return *window_; }
  PlanesPanel& planes() { return *planes_; }
  MeasurementsPanel& measurements() { return *measurements_; }

 private:
  /// The object that was opened last, in place of the views, or the views again.
  void show_page(bool shown);

  LinkedViews* views_;
  StudiesPanel* studies_;
  SidePanel* right_;
  WindowPanel* window_;
  MeasurementsPanel* measurements_;
  PlanesPanel* planes_;
  ObjectPage* page_;
  QStackedWidget* centre_;
};

} // namespace bloch::app
