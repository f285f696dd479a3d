#include "app/tools/viewer_tools.h"

#include <algorithm>
#include <array>

namespace bloch::app {

#define BLOCH_VIEWER_TOOL(name, label, icon, shortcut, help, maker) std::unique_ptr<ViewerTool> maker();
#include "app/tools/viewer_tools.inc"
#undef BLOCH_VIEWER_TOOL

std::span<const ViewerToolInfo> viewer_tools() {
#define BLOCH_VIEWER_TOOL(name, label, icon, shortcut, help, maker)                                            \
  ViewerToolInfo{name, label, icon, shortcut, help, maker},
  static constexpr std::array tools = {
#include "app/tools/viewer_tools.inc"
  };
#undef BLOCH_VIEWER_TOOL
  return tools;
}

const ViewerToolInfo* find_viewer_tool(std::string_view name) {
  const auto tools = viewer_tools();
  const auto found =
      std::find_if(tools.begin(), tools.end(), [&](const ViewerToolInfo& tool) { return tool.name == name; });
  return found == tools.end() ? nullptr : &*found;
}

} // namespace bloch::app
