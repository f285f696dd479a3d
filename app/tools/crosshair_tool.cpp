#include "app/tools/tool.h"

namespace bloch::app {
namespace {

class CrosshairTool : public ViewerTool {
 public:
  QCursor cursor() const override { return Qt::CrossCursor; }
  void press(ToolHost& host, const ToolEvent& event) override { move(host, event); }
  void move(ToolHost& host, const ToolEvent& event) override {
    host.move_crosshair(host.plane_view().point_at(event.position));
  }
};

} // namespace

std::unique_ptr<ViewerTool> make_crosshair_tool() { return std::make_unique<CrosshairTool>(); }

} // namespace bloch::app
