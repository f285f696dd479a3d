#include "app/tools/two_point_tool.h"

namespace bloch::app {

std::unique_ptr<ViewerTool> make_distance_tool() {
  return std::make_unique<TwoPointTool>(MeasurementKind::distance);
}

} // namespace bloch::app
