#pragma once

#include "app/panels/linked_views.h"
#include "app/widgets/section.h"

class QCheckBox;

namespace bloch::app {

class SegmentedControl;

/// How the linked views show their planes: interpolation, crosshair, what is linked.
class PlanesPanel : public Section {
  Q_OBJECT

 public:
  /// settings: remembers the choices.
  PlanesPanel(LinkedViews& views, Settings& settings, QWidget* parent = nullptr);

  void toggle_crosshair();

 private:
  void apply();

  LinkedViews& views_;
  Settings& settings_;
  SegmentedControl* interpolation_;
  QCheckBox* crosshair_;
  QCheckBox* link_window_;
  QCheckBox* link_zoom_;
};

} // namespace bloch::app
