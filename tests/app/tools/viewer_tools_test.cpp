#include "app/tools/viewer_tools.h"

#include <set>
#include <string>

#include <QFile>

#include <gtest/gtest.h>

#include "app/theme/theme_colours.h"

namespace bloch::app {
namespace {

TEST(ViewerTools, EachHasItsOwnNameAndKeyAnIconAndHelp) {
  load_resources();
  std::set<std::string> names;
  std::set<std::string> keys;
  for (const ViewerToolInfo& tool : viewer_tools()) {
    EXPECT_TRUE(names.insert(tool.name).second) << tool.name;
    EXPECT_TRUE(keys.insert(tool.shortcut).second) << tool.name;
    EXPECT_TRUE(QFile::exists(QString(":/bloch/icons/%1.svg").arg(tool.icon))) << tool.icon;
    EXPECT_FALSE(std::string(tool.help).empty()) << tool.name;
    EXPECT_NE(tool.make(), nullptr) << tool.name;
    EXPECT_EQ(find_viewer_tool(tool.name), &tool);
  }
  EXPECT_EQ(find_viewer_tool("none-such"), nullptr);
}

} // namespace
} // namespace bloch::app
