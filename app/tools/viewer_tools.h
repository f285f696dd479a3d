#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "app/tools/tool.h"

namespace bloch::app {

/// A tool as toolbars and help show it; the list is viewer_tools.inc.
struct ViewerToolInfo {
  const char* name;     ///< "window-level"
  const char* label;    ///< "Window / level"
  const char* icon;     ///< file of resources/icons without .svg
  const char* shortcut; ///< one key
  const char* help;
  std::unique_ptr<ViewerTool> (*make)();
};

std::span<const ViewerToolInfo> viewer_tools();

/// Null when there is no such tool.
const ViewerToolInfo* find_viewer_tool(std::string_view name);

} // namespace bloch::app
