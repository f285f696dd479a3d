#pragma once

#include "app/tools/tool.h"

namespace bloch::app {

/// Measurements that are one drag from a first to a last point: distance, region.
class TwoPointTool : public ViewerTool {
 public:
  explicit TwoPointTool(MeasurementKind kind)
      : kind_(kind) {}
  QCursor cursor() const override { return Qt::CrossCursor; }

  void press(ToolHost& host, const ToolEvent& event) override {
    pressed_at_ = event.position;
    first_ = host.plane_view().point_at(event.position);
  }
  void move(ToolHost& host, const ToolEvent& event) override { host.show_draft(drawn_to(host, event)); }
  void release(ToolHost& host, const ToolEvent& event) override {
    host.show_draft({});
    if (is_drag(pressed_at_, event.position)) host.finish_measurement(drawn_to(host, event));
  }
  void cancel(ToolHost& host) override { host.show_draft({}); }

 private:
  Measurement drawn_to(const ToolHost& host, const ToolEvent& event) const {
    const PlaneView view = host.plane_view();
    Measurement measurement;
    measurement.kind = kind_;
    measurement.points = {first_, view.point_at(event.position)};
    measurement.normal = view.axes.normal;
    return measurement;
  }

  MeasurementKind kind_;
  QPointF pressed_at_;
  WorldPoint first_;
};

} // namespace bloch::app
