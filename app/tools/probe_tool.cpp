#include "app/tools/tool.h"

namespace bloch::app {
namespace {

class ProbeTool : public ViewerTool {
 public:
  QCursor cursor() const override { return Qt::CrossCursor; }
  void press(ToolHost& host, const ToolEvent& event) override { move(host, event); }
  void move(ToolHost& host, const ToolEvent& event) override { host.show_draft(probe_at(host, event)); }
  void release(ToolHost& host, const ToolEvent& event) override {
    host.show_draft({});
    host.finish_measurement(probe_at(host, event));
  }
  void cancel(ToolHost& host) override { host.show_draft({}); }

 private:
  static Measurement probe_at(const ToolHost& host, const ToolEvent& event) {
    const PlaneView view = host.plane_view();
    Measurement probe;
    probe.kind = MeasurementKind::probe;
    probe.points = {view.point_at(event.position)};
    probe.normal = view.axes.normal;
    return probe;
  }
};

} // namespace

std::unique_ptr<ViewerTool> make_probe_tool() { return std::make_unique<ProbeTool>(); }

} // namespace bloch::app
