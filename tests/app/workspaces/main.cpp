#include <QApplication>

#include <gtest/gtest.h>

#include "app/bridge/vtk_widget.h"
#include "app/theme/theme.h"

int main(int argc, char** argv) {
  bloch::app::VtkWidget::prepare_application();
  QApplication application(argc, argv);
  bloch::app::apply_theme(application, "dark");
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
