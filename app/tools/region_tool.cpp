#include "app/tools/two_point_tool.h"

namespace bloch::app {

std::unique_ptr<ViewerTool> make_region_tool() {
  return std::make_unique<TwoPointTool>(MeasurementKind::region);
}

} // namespace bloch::app
