#pragma once

#include <memory>
#include <optional>
#include <utility>

#include <QCursor>
#include <QPointF>

#include "app/viewers/slice_plane.h"

namespace bloch::app {

/// What the hand did, in the view's device-independent pixels.
struct ToolEvent {
  QPointF position;
  QPointF delta; ///< since the last event
  Qt::KeyboardModifiers modifiers;
};

/// What a tool may ask of the view that it works in.
class ToolHost {
 public:
  virtual ~ToolHost() = default;
  virtual const SliceScene& scene() const = 0;
  virtual PlaneView plane_view() const = 0;

  virtual void change_window(double width, double level) = 0;
  virtual void change_camera(const SliceCamera& camera) = 0;
  virtual void scroll(int steps) = 0;
  virtual void move_crosshair(const WorldPoint& point) = 0;
  /// A measurement that is still being drawn; nothing: it is gone.
  virtual void show_draft(std::optional<Measurement> draft) = 0;
  virtual void finish_measurement(Measurement measurement) = 0;
  /// The rectangle that is being drawn, by opposite corners on the plane; nothing: it is gone.
  virtual void show_draft_box(std::optional<std::pair<WorldPoint, WorldPoint>> box) = 0;
  virtual void finish_box(const WorldPoint& first, const WorldPoint& last) = 0;
};

/// One thing that the mouse can do in a slice view. A view makes its own and keeps it while the tool is chosen.
class ViewerTool {
 public:
  virtual ~ViewerTool() = default;
  virtual QCursor cursor() const { return Qt::ArrowCursor; }
  virtual void press(ToolHost& host, const ToolEvent& event) = 0;
  /// With the button held.
  virtual void move(ToolHost& host, const ToolEvent& event) = 0;
  virtual void release(ToolHost& host, const ToolEvent& event) {
    static_cast<void>(host), static_cast<void>(event);
  }
  /// Without a button.
  virtual void hover(ToolHost& host, const ToolEvent& event) {
    static_cast<void>(host), static_cast<void>(event);
  }
  /// Drops what is half done.
  virtual void cancel(ToolHost& host) { static_cast<void>(host); }
};

/// The mouse has gone further than a shaking hand does in a click.
inline bool is_drag(const QPointF& from, const QPointF& to) {
  const QPointF way = to - from;
  return QPointF::dotProduct(way, way) >= 9;
}

} // namespace bloch::app
