#include <algorithm>
#include <cmath>

#include "app/tools/tool.h"

namespace bloch::app {
namespace {

/// The whole stack in about one height of the view, at most a slice every two pixels.
class ScrollTool : public ViewerTool {
 public:
  QCursor cursor() const override { return Qt::SplitVCursor; }
  void press(ToolHost& host, const ToolEvent&) override {
    const PlaneView view = host.plane_view();
    pixels_a_slice_ = std::clamp(view.size.height() / std::max(1, view.axes.slice_count()), 2.0, 24.0);
    rest_ = 0;
  }
  void move(ToolHost& host, const ToolEvent& event) override {
    rest_ += event.delta.y() / pixels_a_slice_;
    const int steps = static_cast<int>(std::trunc(rest_));
    rest_ -= steps;
    if (steps != 0) host.scroll(steps);
  }

 private:
  double pixels_a_slice_ = 4;
  double rest_ = 0;
};

} // namespace

std::unique_ptr<ViewerTool> make_scroll_tool() { return std::make_unique<ScrollTool>(); }

} // namespace bloch::app
