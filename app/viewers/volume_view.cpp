#include "app/viewers/volume_view.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>
#include <QMouseEvent>
#include <QPainter>
#include <QTimer>
#include <QWheelEvent>

#include <vtkActor2D.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkNew.h>
#include <vtkRenderer.h>

#include "app/bridge/image_actor.h"
#include "app/theme/theme_colours.h"
#include "app/viewers/slice_corners.h"
#include "app/viewers/slice_graphics.h"
#include "app/viewers/transfer_function.h"
#include "app/viewers/volume_renderer.h"

namespace bloch::app {
namespace {

constexpr double degrees_per_pixel = 0.4;
constexpr double half_view_angle = 15 * std::numbers::pi / 180;

CornerTexts volume_corners(const VolumeScene& scene, const VolumeCamera& camera) {
  CornerTexts texts;
  texts[0].title = QString("3D %1 volume rendering").arg(QChar(0xB7));
  texts[0].lines = scene.top_left;
  texts[1].lines = scene.top_right;
  texts[1].tags = scene.tags;
  texts[1].right = true;
  texts[2].bottom = texts[3].bottom = texts[3].right = true;
  if (!scene.volume) return texts;
  const TransferFunction& preset = transfer_function(scene.preset);
  texts[1].lines << "Preset " + preset.label
                 << (preset.shade && has_gradients(*scene.volume) ? "Shading on" : "Shading off");
  const auto angle = [](const char* name, double degrees) {
    return QString("%1 %2%3")
        .arg(name)
        .arg(std::round(degrees), 0, 'f', 0)
        .arg(QChar(0xB0))
        .replace('-', QChar(0x2212));
  };
  texts[2].lines << angle("Azimuth", camera.azimuth_deg) << angle("Elevation", camera.elevation_deg);
  return texts;
}

/// Axes of the patient towards the left, the front and the head, at the bottom right.
void draw_axes(QPainter& painter, const QSizeF& size, const VolumeCamera& camera) {
  struct Arm {
    Eigen::Vector3d direction;
    const char* letter;
    const char* token;
  };
  std::array arms = {Arm{Eigen::Vector3d::UnitX(), "L", "sagittal"},
                     Arm{-Eigen::Vector3d::UnitY(), "A", "coronal"},
                     Arm{Eigen::Vector3d::UnitZ(), "S", "axial"}};
  const Eigen::Vector3d towards = camera.direction();
  const Eigen::Vector3d up = camera.up();
  const Eigen::Vector3d right = up.cross(towards);
  std::sort(arms.begin(), arms.end(),
            [&](const Arm& a, const Arm& b) { return a.direction.dot(towards) < b.direction.dot(towards); });
  const QPointF origin(size.width() - 48, size.height() - 62);
  constexpr double length = 30;
  painter.setFont(viewer_font(11, QFont::DemiBold));
  for (const Arm& arm : arms) {
    const QPointF along(arm.direction.dot(right), -arm.direction.dot(up));
    const QColor colour = theme_colour(arm.token);
    painter.setPen(QPen(colour, 1.6, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(origin, origin + along * length);
    const QPointF letter = origin + along * (length + 9);
    draw_viewer_text(painter, QRectF(letter - QPointF(8, 8), QSizeF(16, 16)), Qt::AlignCenter, arm.letter,
                     colour);
  }
  painter.setPen(Qt::NoPen);
  painter.setBrush(theme_colour("overlay"));
  painter.drawEllipse(origin, 2, 2);
}

} // namespace

struct VolumeView::Parts {
  VolumeScene scene;
  VolumeCamera camera;
  QTimer rest;
  bool moving = false;
  Qt::MouseButton button = Qt::NoButton;
  QPointF last_position;
  ImageActor lines;
  CornerActors corners;
  vtkNew<vtkRenderer> renderer;
  VolumeRenderer content{renderer};
};

VolumeView::VolumeView(QWidget* parent)
    : VtkWidget(parent)
    , parts_(std::make_unique<Parts>()) {
  setMinimumSize(80, 80);
  parts_->renderer->SetBackground(0, 0, 0);
  parts_->renderer->SetBackgroundAlpha(1);
  parts_->renderer->AddActor2D(parts_->lines.actor());
  parts_->corners.add_to(parts_->renderer);
  render_window()->AddRenderer(parts_->renderer);
  parts_->rest.setSingleShot(true);
  parts_->rest.setInterval(180);
  connect(&parts_->rest, &QTimer::timeout, this, [this] {
    parts_->moving = false;
    render_later();
  });
}

VolumeView::~VolumeView() { render_window()->RemoveRenderer(parts_->renderer); }

void VolumeView::set_scene(VolumeScene scene) {
  const auto& old = parts_->scene.volume;
  const bool elsewhere = scene.volume && (!old || !old->geometry().matches(scene.volume->geometry()));
  const bool same_volume = old && old == scene.volume;
  parts_->scene = std::move(scene);
  if (elsewhere) {
    parts_->camera.focus = parts_->scene.volume->geometry().centre();
    parts_->camera.zoom = 1;
  }
  if (same_volume)
    moved();
  else
    render_later();
}

const VolumeScene& VolumeView::scene() const { return parts_->scene; }

void VolumeView::reset_camera() {
  const auto& volume = parts_->scene.volume;
  parts_->camera = {};
  if (volume) parts_->camera.focus = volume->geometry().centre();
  moved();
}

void VolumeView::set_direction(double azimuth_deg, double elevation_deg) {
  parts_->camera.azimuth_deg = std::remainder(azimuth_deg, 360);
  parts_->camera.elevation_deg = std::clamp(elevation_deg, -89.0, 89.0);
  moved();
}

double VolumeView::azimuth_deg() const { return parts_->camera.azimuth_deg; }
double VolumeView::elevation_deg() const { return parts_->camera.elevation_deg; }

QImage VolumeView::picture() {
  parts_->moving = false;
  parts_->rest.stop();
  render_later();
  return read_picture();
}

QPointF VolumeView::position_of(const WorldPoint& point) const {
  double place[3];
  vtkRenderer* renderer = parts_->renderer;
  renderer->SetWorldPoint(point.mm.x(), point.mm.y(), point.mm.z(), 1);
  renderer->WorldToDisplay();
  renderer->GetDisplayPoint(place);
  return QPointF(place[0], device_size().height() - place[1]) / devicePixelRatioF();
}

void VolumeView::moved() {
  parts_->moving = true;
  parts_->rest.start();
  render_later();
  emit camera_changed();
}

void VolumeView::before_render() {
  const QSize pixels = device_size();
  const double ratio = devicePixelRatioF();
  parts_->content.update(parts_->scene, parts_->camera, software_opengl(), parts_->moving);
  parts_->corners.show(volume_corners(parts_->scene, parts_->camera), pixels, ratio);
  QImage lines(pixels, QImage::Format_ARGB32_Premultiplied);
  lines.fill(Qt::transparent);
  lines.setDevicePixelRatio(ratio);
  QPainter painter(&lines);
  painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
  draw_caution(painter, size());
  if (parts_->scene.volume) draw_axes(painter, size(), parts_->camera);
  painter.setRenderHint(QPainter::Antialiasing, false);
  if (parts_->scene.active) draw_active_frame(painter, size());
  painter.end();
  parts_->lines.set_image(lines);
  parts_->lines.place({0, 0}, pixels);
}

void VolumeView::mousePressEvent(QMouseEvent* event) {
  setFocus(Qt::MouseFocusReason);
  emit activated();
  if (parts_->button != Qt::NoButton) return;
  parts_->button = event->button();
  parts_->last_position = event->position();
}

void VolumeView::mouseMoveEvent(QMouseEvent* event) {
  if (parts_->button == Qt::NoButton || !parts_->scene.volume) return;
  const QPointF delta = event->position() - parts_->last_position;
  parts_->last_position = event->position();
  VolumeCamera& camera = parts_->camera;
  if (parts_->button == Qt::LeftButton) {
    set_direction(camera.azimuth_deg - delta.x() * degrees_per_pixel,
                  camera.elevation_deg + delta.y() * degrees_per_pixel);
    return;
  }
  if (parts_->button == Qt::MiddleButton) {
    const VolumeGeometry& geometry = parts_->scene.volume->geometry();
    const double reach = (geometry.to_world({Eigen::Vector3d::Zero()}).mm - geometry.centre().mm).norm();
    const double distance = 0.8 * reach / std::sin(half_view_angle) / camera.zoom;
    const double mm_per_pixel = 2 * distance * std::tan(half_view_angle) / std::max(1, height());
    const Eigen::Vector3d right = camera.up().cross(camera.direction());
    camera.focus.mm += (camera.up() * delta.y() - right * delta.x()) * mm_per_pixel;
  } else {
    camera.zoom = std::clamp(camera.zoom * std::exp2(-delta.y() / 120), 0.2, 20.0);
  }
  moved();
}

void VolumeView::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() == parts_->button) parts_->button = Qt::NoButton;
}

void VolumeView::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) emit maximise_requested();
}

void VolumeView::wheelEvent(QWheelEvent* event) {
  event->accept();
  parts_->camera.zoom =
      std::clamp(parts_->camera.zoom * std::pow(1.15, event->angleDelta().y() / 120.0), 0.2, 20.0);
  moved();
}

void VolumeView::resizeEvent(QResizeEvent* event) {
  VtkWidget::resizeEvent(event);
  render_later();
}

} // namespace bloch::app
