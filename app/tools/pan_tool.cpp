#include "app/tools/tool.h"

namespace bloch::app {
namespace {

class PanTool : public ViewerTool {
 public:
  QCursor cursor() const override { return Qt::OpenHandCursor; }
  void press(ToolHost&, const ToolEvent&) override {}
  void move(ToolHost& host, const ToolEvent& event) override {
    SliceCamera camera = host.plane_view().camera;
    camera.centre_mm -= Eigen::Vector2d(event.delta.x(), event.delta.y()) * camera.mm_per_pixel;
    host.change_camera(camera);
  }
};

} // namespace

std::unique_ptr<ViewerTool> make_pan_tool() { return std::make_unique<PanTool>(); }

} // namespace bloch::app
