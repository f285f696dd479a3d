#include <cmath>

#include "app/tools/tool.h"
#include "app/tools/zoom.h"

namespace bloch::app {
namespace {

class ZoomTool : public ViewerTool {
 public:
  QCursor cursor() const override { return Qt::SizeVerCursor; }
  void press(ToolHost&, const ToolEvent& event) override { fixed_ = event.position; }
  void move(ToolHost& host, const ToolEvent& event) override {
    constexpr double pixels_to_double = 120;
    host.change_camera(zoomed(host.plane_view(), std::exp2(-event.delta.y() / pixels_to_double), fixed_));
  }

 private:
  QPointF fixed_;
};

} // namespace

std::unique_ptr<ViewerTool> make_zoom_tool() { return std::make_unique<ZoomTool>(); }

} // namespace bloch::app
