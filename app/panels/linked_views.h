#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <QImage>
#include <QWidget>

#include "app/desktop/session.h"
#include "app/viewers/slice_view.h"
#include "app/viewers/volume_view.h"

class QGridLayout;

namespace bloch::app {

/// The centre of Read: three planes of the active image and its volume rendering, linked by crosshair, window
/// and zoom.
class LinkedViews : public QWidget {
  Q_OBJECT

 public:
  explicit LinkedViews(Session& session, QWidget* parent = nullptr);

  void set_tool(const std::string& name);
  /// Of an image that is no volume, the single view is called by the plane of the image, or "Image".
  QStringList layout_names() const;
  int layout_index() const { return layout_; }
  void set_layout_index(int index);

  struct Options {
    bool crosshair = true;
    bool interpolate = true;
    bool link_window = true; ///< off: dragging changes the view under the hand alone
    bool link_zoom = true;
  };
  const Options& options() const { return options_; }
  void set_options(const Options& options);
  /// After a change of the settings that the views are drawn by.
  void redraw() { show_document(); }

  int selected_measurement() const { return selected_; }
  void select_measurement(int id);
  void delete_selected_measurement();
  /// Turns around which values are bright in the slice view that has the keyboard, until it is done again or
  /// reset.
  void invert();
  /// Zoom and pan as at first, window and polarity as the image opens with.
  void reset();
  /// Lets go of the selected measurement; when there is none, leaves the maximised view; then resets.
  void escape();
  /// The next view gets the keyboard.
  void activate_next(int step);

  std::vector<std::pair<QString, QImage>> pictures();
  QImage active_picture();
  VolumeView& volume_view() { return *volume_; }

 signals:
  void measurement_selected(int id);
  /// A change of layout by double-click, or of the layouts' names.
  void layout_changed(int index);

 protected:
  bool focusNextPrevChild(bool next) override;

 private:
  void make_slice_view(std::size_t index);
  void make_volume_view();
  void show_document();
  SliceScene scene_of(std::size_t index, const Item* item) const;
  SliceScene first_image_scene() const;
  VolumeScene volume_scene(const Item* item) const;
  void set_active(int index);
  void toggle_maximised(int index);
  /// One view for images that are no volume; the layout of before when there is one again.
  void follow_shape(const Item* item);
  /// Whether a view shows small values of the item bright.
  bool inverse_in(std::size_t index, const Item& item) const;
  void change_window(std::size_t index, double width, double level);
  void add_measurement(Measurement measurement);

  Session& session_;
  QGridLayout* grid_;
  std::array<SliceView*, 3> views_{};
  VolumeView* volume_ = nullptr;
  std::shared_ptr<const Item> first_image_; ///< of a series that is loading; shown alone
  Options options_;
  int layout_ = 0;
  int layout_before_ = 0;
  bool flat_ = false;  ///< what is shown is no volume
  QString flat_title_; ///< what the one view is then called
  int active_ = 0;     ///< 3 is the volume
  int selected_ = 0;
  int drag_ = 0;                                   ///< each drag is one step of undo
  std::map<std::size_t, WindowLevel> own_windows_; ///< of views while the window is not linked
  /// What the user chose, by view and series: volumes of one series are looked at in one way.
  std::map<std::pair<std::size_t, std::string>, bool> own_inverse_;
  std::map<ItemId, bool> seen_inverse_; ///< of the document: a presentation state goes before an older choice
};

} // namespace bloch::app
