#pragma once

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <QWidget>

#include "app/desktop/session.h"
#include "app/viewers/slice_scene.h"
#include "app/viewers/volume_view.h"

class QGridLayout;
class QPushButton;

namespace bloch::app {

class LabeledSlider;
class SegmentedControl;
class SliceView;

/// What the centre of Detect shows.
struct DetectShown {
  std::shared_ptr<const Item> item; ///< the image
  ItemId quantum = 0;               ///< its maps; 0 before a run
  ItemId classical = 0;
  QString quantum_text;   ///< "ZZ · 8 q · c 0.22"
  QString classical_text; ///< "same patches, gamma 0.4"
};

/// The quantum map and its classical twin over the same slice, or one of them beside its volume.
class DetectViews : public QWidget {
  Q_OBJECT

 public:
  explicit DetectViews(Session& session, QWidget* parent = nullptr);

  void show_result(DetectShown shown);
  void set_tool(const std::string& name);
  /// The left button draws the box of normal tissue until it is drawn.
  void draw_box(bool on);
  /// 0: the twins, 1: map and volume.
  void set_layout_index(int index);
  int layout_index() const { return layout_; }
  std::vector<std::pair<QString, QImage>> pictures();

 signals:
  void box_drawn(const bloch::WorldPoint& first, const bloch::WorldPoint& last);
  void threshold_changed(double threshold);
  void export_requested();

 private:
  QWidget* make_strip();
  void connect_view(std::size_t index);
  void lay_out();
  void refresh();
  SliceScene scene_of(std::size_t index) const;
  VolumeScene volume_scene() const;
  bool shows_classical(std::size_t index) const;

  Session& session_;
  DetectShown shown_;
  QGridLayout* grid_;
  std::array<SliceView*, 2> views_{};
  VolumeView* volume_ = nullptr;
  QPushButton* linked_ = nullptr;
  QPushButton* map_ = nullptr;
  QPushButton* truth_ = nullptr;
  LabeledSlider* opacity_ = nullptr;
  LabeledSlider* threshold_ = nullptr;
  SegmentedControl* which_ = nullptr;
  QPushButton* three_d_ = nullptr;
  QPushButton* export_ = nullptr;
  std::size_t active_ = 0;
  int layout_ = 0;
  int drag_ = 0; ///< each drag is one step of undo
  bool linking_ = false;
  std::string tool_ = "window-level";
};

} // namespace bloch::app
