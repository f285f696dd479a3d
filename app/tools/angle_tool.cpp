#include "app/tools/tool.h"

namespace bloch::app {
namespace {

/// First leg by dragging to the corner, second by a click at its end.
class AngleTool : public ViewerTool {
 public:
  QCursor cursor() const override { return Qt::CrossCursor; }

  void press(ToolHost& host, const ToolEvent& event) override {
    if (points_.size() == 2) return; // the release places the last point
    pressed_at_ = event.position;
    points_ = {host.plane_view().point_at(event.position)};
  }

  void move(ToolHost& host, const ToolEvent& event) override { hover(host, event); }

  void hover(ToolHost& host, const ToolEvent& event) override {
    if (!points_.empty()) host.show_draft(drawn_to(host, event));
  }

  void release(ToolHost& host, const ToolEvent& event) override {
    if (points_.size() == 2) {
      const Measurement angle = drawn_to(host, event);
      cancel(host);
      host.finish_measurement(angle);
    } else if (points_.size() == 1 && is_drag(pressed_at_, event.position)) {
      points_.push_back(host.plane_view().point_at(event.position));
    } else {
      cancel(host);
    }
  }

  void cancel(ToolHost& host) override {
    points_.clear();
    host.show_draft({});
  }

 private:
  Measurement drawn_to(const ToolHost& host, const ToolEvent& event) const {
    const PlaneView view = host.plane_view();
    Measurement angle;
    angle.kind = points_.size() == 1 ? MeasurementKind::distance : MeasurementKind::angle;
    angle.points = points_;
    angle.points.push_back(view.point_at(event.position));
    angle.normal = view.axes.normal;
    return angle;
  }

  QPointF pressed_at_;
  std::vector<WorldPoint> points_;
};

} // namespace

std::unique_ptr<ViewerTool> make_angle_tool() { return std::make_unique<AngleTool>(); }

} // namespace bloch::app
