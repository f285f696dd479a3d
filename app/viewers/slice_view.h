#pragma once

#include <memory>
#include <string>

#include <QImage>

#include "app/bridge/vtk_widget.h"
#include "app/viewers/slice_scene.h"

namespace bloch::app {

/// One plane through a volume: real MPR in patient space, with everything a reader expects on the image
/// (READING.md).
///
/// It holds no state of the document: `set_scene` says what to show, the signals say what the hand did.
class SliceView : public VtkWidget {
  Q_OBJECT

 public:
  explicit SliceView(QWidget* parent = nullptr);
  ~SliceView() override;

  void set_scene(SliceScene scene);
  const SliceScene& scene() const;

  /// Name from viewer_tools.inc of what the left button does. Contract: there is such a tool.
  void set_tool(const std::string& name);
  const std::string& tool() const;

  SliceCamera camera() const;
  void set_camera(const SliceCamera& camera);
  void fit();

  /// What is on screen, overlay and text included, at the widget's device pixels.
  QImage picture();

  /// Patient point under a widget position, on the plane.
  WorldPoint point_at(const QPointF& position) const;
  /// Widget position of a patient point (projected on the plane).
  QPointF position_of(const WorldPoint& point) const;
  /// Slice steps from the first to the last plane, and where the current one is (0-based).
  int slice_count() const;
  int slice_index() const;

 signals:
  void activated();
  void maximise_requested();
  void window_changed(double width, double level); ///< while dragging; one merge key a drag
  void crosshair_moved(const bloch::WorldPoint& point);
  void pointer_moved(const bloch::WorldPoint& point);
  void pointer_left();
  void camera_changed(const bloch::app::SliceCamera& camera);
  void box_drawn(const bloch::WorldPoint& first,
                 const bloch::WorldPoint& last); ///< opposite corners on the plane
  void measurement_drawn(const bloch::Measurement& measurement);
  void measurement_selected(int id); ///< 0: the click was beside all of them
  void drag_finished();

 protected:
  void context_ready() override;
  void before_render() override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void select_at(const QPointF& position);

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace bloch::app
