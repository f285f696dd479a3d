#include <algorithm>
#include <cmath>

#include "app/tools/tool.h"

namespace bloch::app {
namespace {

/// Relative to the window's own width, so that it feels the same on CT, MR and maps; users of other
/// workstations find fixed steps too twitchy (dwv #1896, Weasis #634).
class WindowLevelTool : public ViewerTool {
 public:
  QCursor cursor() const override { return Qt::ArrowCursor; }

  void press(ToolHost& host, const ToolEvent&) override {
    width_ = host.scene().window.width;
    level_ = host.scene().window.level;
    const auto& volume = host.scene().volume;
    whole_numbers_ = volume && volume->holds<std::int16_t>();
    narrowest_ = whole_numbers_ ? 1 : std::max(std::abs(width_) * 1e-6, 1e-12);
  }

  void move(ToolHost& host, const ToolEvent& event) override {
    double speed = 1;
    if (event.modifiers & Qt::ControlModifier) speed = 0.2;
    if (event.modifiers & Qt::ShiftModifier) speed = 4;
    constexpr double pixels_to_double = 250; // sideways
    constexpr double pixels_a_width = 350;   // up and down
    level_ += width_ * speed * event.delta.y() / pixels_a_width;
    width_ = std::max(narrowest_, width_ * std::exp2(speed * event.delta.x() / pixels_to_double));
    if (whole_numbers_)
      host.change_window(std::round(width_), std::round(level_));
    else
      host.change_window(width_, level_);
  }

 private:
  double width_ = 1;
  double level_ = 0;
  double narrowest_ = 1;
  bool whole_numbers_ = false;
};

} // namespace

std::unique_ptr<ViewerTool> make_window_level_tool() { return std::make_unique<WindowLevelTool>(); }

} // namespace bloch::app
