#pragma once

#include <memory>

#include <QImage>

#include "app/bridge/vtk_widget.h"
#include "app/viewers/slice_scene.h"

namespace bloch::app {

/// What the 3D view shows.
struct VolumeScene {
  std::shared_ptr<const Volume> volume;
  WindowLevel window;                    ///< opacity and grey follow it unless the preset is CT
  bool inverse = false;                  ///< what the window makes bright and solid are the small values
  std::string preset = "mr-head";        ///< name in resources/presets/transfer_functions.json
  std::shared_ptr<const Volume> overlay; ///< anomaly map, drawn in bloch-anomaly where it exceeds the threshold
  double overlay_opacity = 0.78;
  double overlay_threshold = 0.95;
  bool overlay_visible = true;
  QStringList top_left, top_right; ///< the view appends the preset and the shading to the right
  std::vector<Tag> tags;
  bool active = false;
};

/// Volume rendering: ray casting on a real GPU, vtkFixedPointVolumeRayCastMapper on software OpenGL. Made
/// lazily.
///
/// Left drag turns, middle drag moves, right drag and wheel enlarge. The patient's head stays up.
class VolumeView : public VtkWidget {
  Q_OBJECT

 public:
  explicit VolumeView(QWidget* parent = nullptr);
  ~VolumeView() override;

  void set_scene(VolumeScene scene);
  const VolumeScene& scene() const;
  void reset_camera();
  /// Degrees around the patient's long axis and above the horizon; 0, 0 looks at the face.
  void set_direction(double azimuth_deg, double elevation_deg);
  double azimuth_deg() const;
  double elevation_deg() const;
  QImage picture();
  /// Widget position of a patient point.
  QPointF position_of(const WorldPoint& point) const;

 signals:
  void activated();
  void maximise_requested();
  void camera_changed();

 protected:
  void before_render() override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void moved();

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

} // namespace bloch::app
