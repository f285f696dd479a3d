#include "app/viewers/slice_view.h"

#include <cmath>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QTimer>
#include <QWheelEvent>

#include <vtkActor2D.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkNew.h>
#include <vtkRenderer.h>

#include "app/bridge/image_actor.h"
#include "app/tools/viewer_tools.h"
#include "app/tools/zoom.h"
#include "app/viewers/slice_corners.h"
#include "app/viewers/slice_frame.h"
#include "core/base/contract.h"

namespace bloch::app {
namespace {

constexpr double pick_distance = 6; // px
constexpr double wheel_step = 120;  // eighths of a degree: one notch
constexpr double wheel_zoom = 1.15;

std::unique_ptr<ViewerTool> make_tool(std::string_view name) {
  const ViewerToolInfo* info = find_viewer_tool(name);
  BLOCH_EXPECTS(info != nullptr);
  return info->make();
}

} // namespace

struct SliceView::Parts : ToolHost {
  explicit Parts(SliceView& owner)
      : view(owner) {}

  const SliceScene& scene() const override { return shown; }

  PlaneView plane_view() const override {
    PlaneView plane;
    plane.size = view.size();
    plane.camera = camera;
    plane.crosshair = shown.crosshair;
    plane.axes = plane_axes(shown.volume ? shown.volume->geometry() : VolumeGeometry{}, shown.plane);
    if (!(plane.camera.mm_per_pixel > 0))
      plane.camera.mm_per_pixel = fitting_mm_per_pixel(plane.axes, plane.size);
    return plane;
  }

  void change_window(double width, double level) override { emit view.window_changed(width, level); }
  void change_camera(const SliceCamera& wanted) override {
    view.set_camera(wanted);
    emit view.camera_changed(wanted);
  }
  void scroll(int steps) override {
    const WorldPoint target = plane_view().axes.scrolled(shown.crosshair, steps);
    if (!(target == shown.crosshair)) emit view.crosshair_moved(target);
  }
  void move_crosshair(const WorldPoint& point) override { emit view.crosshair_moved(point); }
  void show_draft(std::optional<Measurement> measurement) override {
    draft.measurement = std::move(measurement);
    view.render_later();
  }
  void finish_measurement(Measurement measurement) override { emit view.measurement_drawn(measurement); }
  void show_draft_box(std::optional<std::pair<WorldPoint, WorldPoint>> box) override {
    draft.box = box;
    view.render_later();
  }
  void finish_box(const WorldPoint& first, const WorldPoint& last) override {
    emit view.box_drawn(first, last);
  }

  ViewerTool* tool_of(Qt::MouseButton pressed) {
    if (pressed == Qt::LeftButton) return left.get();
    if (pressed == Qt::MiddleButton) return middle.get();
    return pressed == Qt::RightButton ? right.get() : nullptr;
  }

  SliceView& view;
  SliceScene shown;
  SliceCamera camera;
  SliceDraft draft;
  std::string tool_name;
  std::unique_ptr<ViewerTool> left;
  std::unique_ptr<ViewerTool> middle = make_tool("pan");
  std::unique_ptr<ViewerTool> right = make_tool("zoom");
  ViewerTool* dragging = nullptr;
  Qt::MouseButton button = Qt::NoButton;
  QPointF pressed_at;
  QPointF last_position;
  double wheel_rest = 0;
  bool moving = false; ///< draw fast until the hand rests

  QTimer rest;
  SliceFrame frame;
  ImageActor image;
  CornerActors corners;
  vtkNew<vtkRenderer> renderer;
};

SliceView::SliceView(QWidget* parent)
    : VtkWidget(parent)
    , parts_(std::make_unique<Parts>(*this)) {
  setMinimumSize(80, 80);
  parts_->renderer->SetBackground(0, 0, 0);
  parts_->renderer->SetBackgroundAlpha(1);
  parts_->renderer->AddActor2D(parts_->image.actor());
  parts_->corners.add_to(parts_->renderer);
  render_window()->AddRenderer(parts_->renderer);
  parts_->rest.setSingleShot(true);
  parts_->rest.setInterval(120);
  connect(&parts_->rest, &QTimer::timeout, this, [this] {
    parts_->moving = false;
    render_later();
  });
  set_tool("window-level");
}

SliceView::~SliceView() { render_window()->RemoveRenderer(parts_->renderer); }

void SliceView::set_scene(SliceScene scene) {
  const SliceScene& old = parts_->shown;
  const bool scrolled = old.volume && old.volume == scene.volume && !(old.crosshair == scene.crosshair);
  if (old.volume && scene.volume && !old.volume->geometry().matches(scene.volume->geometry()))
    parts_->camera = {};
  parts_->shown = std::move(scene);
  if (scrolled) {
    parts_->moving = true;
    parts_->rest.start();
  }
  render_later();
}

const SliceScene& SliceView::scene() const { return parts_->shown; }

void SliceView::set_tool(const std::string& name) {
  if (name == parts_->tool_name) return;
  if (parts_->left) parts_->left->cancel(*parts_);
  if (parts_->dragging == parts_->left.get()) parts_->dragging = nullptr;
  parts_->left = make_tool(name);
  parts_->tool_name = name;
  setCursor(parts_->left->cursor());
}

const std::string& SliceView::tool() const { return parts_->tool_name; }

SliceCamera SliceView::camera() const { return parts_->camera; }

void SliceView::set_camera(const SliceCamera& camera) {
  if (camera.mm_per_pixel == parts_->camera.mm_per_pixel && camera.centre_mm == parts_->camera.centre_mm)
    return;
  parts_->camera = camera;
  parts_->moving = true;
  parts_->rest.start();
  render_later();
}

void SliceView::fit() {
  set_camera({});
  emit camera_changed({});
}

QImage SliceView::picture() {
  parts_->moving = false;
  parts_->rest.stop();
  render_later();
  return read_picture();
}

WorldPoint SliceView::point_at(const QPointF& position) const {
  return parts_->plane_view().point_at(position);
}
QPointF SliceView::position_of(const WorldPoint& point) const {
  return parts_->plane_view().position_of(point);
}
int SliceView::slice_count() const { return parts_->plane_view().axes.slice_count(); }
int SliceView::slice_index() const { return parts_->plane_view().axes.slice_index(parts_->shown.crosshair); }

void SliceView::context_ready() {}

void SliceView::before_render() {
  const PlaneView view = parts_->plane_view();
  const QSize pixels = device_size();
  parts_->corners.show(slice_corners(parts_->shown, view), pixels, devicePixelRatioF());
  parts_->image.set_image(
      parts_->frame.draw(parts_->shown, view, pixels, parts_->draft, parts_->moving, parts_->corners.places()));
  parts_->image.place({0, 0}, pixels);
}

void SliceView::mousePressEvent(QMouseEvent* event) {
  setFocus(Qt::MouseFocusReason);
  emit activated();
  if (parts_->dragging || !parts_->shown.volume) return;
  parts_->dragging = parts_->tool_of(event->button());
  if (!parts_->dragging) return;
  parts_->button = event->button();
  parts_->pressed_at = parts_->last_position = event->position();
  parts_->dragging->press(*parts_, {event->position(), {}, event->modifiers()});
}

void SliceView::mouseMoveEvent(QMouseEvent* event) {
  if (!parts_->shown.volume) return;
  const ToolEvent moved{event->position(), event->position() - parts_->last_position, event->modifiers()};
  parts_->last_position = event->position();
  if (parts_->dragging) {
    parts_->dragging->move(*parts_, moved);
  } else if (event->buttons() == Qt::NoButton) {
    if (event->modifiers() & Qt::ShiftModifier) parts_->move_crosshair(point_at(event->position()));
    parts_->left->hover(*parts_, moved);
  }
  emit pointer_moved(point_at(event->position()));
}

void SliceView::mouseReleaseEvent(QMouseEvent* event) {
  if (!parts_->dragging || event->button() != parts_->button) return;
  ViewerTool* tool = parts_->dragging;
  parts_->dragging = nullptr;
  parts_->button = Qt::NoButton;
  tool->release(*parts_, {event->position(), event->position() - parts_->last_position, event->modifiers()});
  if (event->button() == Qt::LeftButton && !is_drag(parts_->pressed_at, event->position()))
    select_at(event->position());
  emit drag_finished();
}

void SliceView::select_at(const QPointF& position) {
  for (const auto& [id, shape] : parts_->frame.shapes()) {
    if (shape.distance(position) > pick_distance) continue;
    emit measurement_selected(id);
    return;
  }
  if (parts_->shown.selected_measurement != 0) emit measurement_selected(0);
}

void SliceView::mouseDoubleClickEvent(QMouseEvent* event) {
  parts_->left->cancel(*parts_);
  if (event->button() == Qt::LeftButton) emit maximise_requested();
}

void SliceView::wheelEvent(QWheelEvent* event) {
  event->accept();
  // Fine wheels and touch pads send parts of a notch. Alt turns the wheel's axis on some systems.
  const QPoint turned = event->angleDelta();
  parts_->wheel_rest += turned.y() != 0 ? turned.y() : turned.x();
  const int notches = static_cast<int>(std::trunc(parts_->wheel_rest / wheel_step));
  if (notches == 0 || !parts_->shown.volume) return;
  parts_->wheel_rest -= notches * wheel_step;
  if (event->modifiers() & Qt::ControlModifier)
    parts_->change_camera(zoomed(parts_->plane_view(), std::pow(wheel_zoom, notches), event->position()));
  else
    parts_->scroll(-notches);
}

void SliceView::keyPressEvent(QKeyEvent* event) {
  const int steps = event->modifiers() & Qt::ShiftModifier ? 10 : 1;
  switch (event->key()) {
  case Qt::Key_Up:
    return parts_->scroll(-steps);
  case Qt::Key_Down:
    return parts_->scroll(steps);
  case Qt::Key_Home:
    return parts_->scroll(-slice_count());
  case Qt::Key_End:
    return parts_->scroll(slice_count());
  case Qt::Key_Escape:
    parts_->left->cancel(*parts_);
    return event->ignore(); // others may have something to cancel too
  default:
    event->ignore();
  }
}

void SliceView::leaveEvent(QEvent*) { emit pointer_left(); }

void SliceView::resizeEvent(QResizeEvent* event) {
  VtkWidget::resizeEvent(event);
  render_later();
}

} // namespace bloch::app
