#include "app/tools/tool.h"

namespace bloch::app {
namespace {

class BoxTool : public ViewerTool {
 public:
  QCursor cursor() const override { return Qt::CrossCursor; }
  void press(ToolHost& host, const ToolEvent& event) override {
    pressed_at_ = event.position;
    first_ = host.plane_view().point_at(event.position);
  }
  void move(ToolHost& host, const ToolEvent& event) override {
    host.show_draft_box(std::pair{first_, host.plane_view().point_at(event.position)});
  }
  void release(ToolHost& host, const ToolEvent& event) override {
    host.show_draft_box({});
    if (is_drag(pressed_at_, event.position))
      host.finish_box(first_, host.plane_view().point_at(event.position));
  }
  void cancel(ToolHost& host) override { host.show_draft_box({}); }

 private:
  QPointF pressed_at_;
  WorldPoint first_;
};

} // namespace

std::unique_ptr<ViewerTool> make_box_tool() { return std::make_unique<BoxTool>(); }

} // namespace bloch::app
