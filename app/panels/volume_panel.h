#pragma once

#include "app/desktop/session.h"
#include "app/widgets/section.h"

class QComboBox;

namespace bloch::app {

class LinkedViews;

/// How the 3D view renders the active image: its preset (transfer function), automatic or chosen.
///
/// A choice holds for every image that would begin with the same preset, and is remembered.
class VolumePanel : public Section {
  Q_OBJECT

 public:
  VolumePanel(Session& session, LinkedViews& views, QWidget* parent = nullptr);

 private:
  void show_document();
  void choose(int index);

  Session& session_;
  LinkedViews& views_;
  QComboBox* preset_;
  std::string shown_; ///< for images of which kind and modality the list is
};

} // namespace bloch::app
